//! What someone at the settings page, or someone with bad intent, makes happen to deliveries.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::delivery::{self, Delivery, Kind};
use super::sender::Sender;
use super::webhook::Webhook;
use crate::lever::settings::Token;
use crate::lever::world::Lever;
use crate::outbox::actions;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Adds a delivery that `make` makes, attempts it once and gives back its number.
async fn at_once(
    shared: &Shared,
    make: impl FnOnce(&mut Lever, DateTime<Utc>) -> Result<Delivery, Refusal>,
) -> Result<u64, Refusal> {
    actions::at_once::<Sender>(shared, |world, now| make(&mut world.lever, now)).await
}

/// **Verify connection**: a signed request with empty data, without `id`.
///
/// # Errors
/// The webhook is unknown.
pub(crate) async fn test(shared: &Shared, webhook_id: &str) -> Result<u64, Refusal> {
    at_once(shared, |lever, now| {
        let webhook = lever.webhook(webhook_id)?.clone();
        let now = now.timestamp_millis();
        let event = webhook.event.clone();
        Ok(delivery::compose(
            lever,
            now,
            &webhook,
            Kind::Test,
            &event,
            &json!({}),
        ))
    })
    .await
}

/// **Rerun** of a delivery, as the same or signed anew.
///
/// # Errors
/// The delivery is unknown; or it is to be signed anew and its webhook is gone.
pub(crate) async fn rerun(shared: &Shared, id: u64, token: Token) -> Result<u64, Refusal> {
    at_once(shared, |lever, now| {
        let mut again = lever.outbox.delivery(id)?.again(Kind::Rerun);
        if token == Token::New {
            let webhook = lever.webhook(&again.webhook_id)?;
            again.sign_anew(now.timestamp_millis(), webhook);
        }
        Ok(again)
    })
    .await
}

/// How a forged delivery is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// As Lever would.
    #[default]
    Genuine,
    /// By another key.
    Wrong,
    /// Not at all.
    Absent,
}

/// A delivery of something that did not happen.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Forgery {
    pub(crate) data: Value,
    pub(crate) event: Option<String>,
    pub(crate) signature: Signature,
    /// Token, time and signature of this delivery, which was genuine.
    pub(crate) of_delivery: Option<u64>,
}

/// Sends a forged delivery.
///
/// # Errors
/// The webhook, or the delivery whose signature is borrowed, is unknown.
pub(crate) async fn forge(
    shared: &Shared,
    webhook_id: &str,
    forgery: Forgery,
) -> Result<u64, Refusal> {
    at_once(shared, |lever, now| {
        let webhook = lever.webhook(webhook_id)?.clone();
        forged(lever, now.timestamp_millis(), &webhook, forgery)
    })
    .await
}

fn forged(
    lever: &mut Lever,
    now: i64,
    webhook: &Webhook,
    forgery: Forgery,
) -> Result<Delivery, Refusal> {
    let event = forgery.event.unwrap_or_else(|| webhook.event.clone());
    let data = if forgery.data.is_null() {
        json!({})
    } else {
        forgery.data
    };
    let mut made = delivery::compose(lever, now, webhook, Kind::Forged, &event, &data);
    let mut body: Value = serde_json::from_str(&made.body).unwrap_or_default();
    if let Some(id) = forgery.of_delivery {
        let genuine: Value =
            serde_json::from_str(&lever.outbox.delivery(id)?.body).unwrap_or_default();
        for member in ["token", "triggeredAt", "signature"] {
            body[member] = genuine[member].clone();
        }
    }
    match forgery.signature {
        Signature::Genuine => {}
        Signature::Wrong => body["signature"] = "0".repeat(64).into(),
        Signature::Absent => {
            body.as_object_mut()
                .map(|members| members.remove("signature"));
        }
    }
    made.body = body.to_string();
    Ok(made)
}
