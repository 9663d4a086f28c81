//! What someone at the settings page, or someone with bad intent, makes happen to deliveries.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::delivery::{self, Delivery, Kind, State};
use super::sender::attempt;
use super::webhook::Webhook;
use crate::lever::settings::Token;
use crate::lever::world::Lever;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Adds a delivery that `make` makes, attempts it once and gives back its number.
async fn at_once(
    shared: &Shared,
    make: impl FnOnce(&mut Lever, DateTime<Utc>) -> Result<Delivery, Refusal>,
) -> Result<u64, Refusal> {
    let id = shared.change(|world, now| {
        let made = make(&mut world.lever, now)?;
        Ok::<_, Refusal>(delivery::add(&mut world.lever, made, None))
    })?;
    attempt(shared, id).await;
    Ok(id)
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
        let mut again = lever.delivery(id)?.again(Kind::Rerun);
        if token == Token::New {
            let webhook = lever.webhook(&again.webhook_id)?;
            again.sign_anew(now.timestamp_millis(), webhook);
        }
        Ok(again)
    })
    .await
}

/// The same bytes, so many times more.
///
/// # Errors
/// The delivery is unknown.
pub(crate) async fn duplicate(shared: &Shared, id: u64, copies: u32) -> Result<Vec<u64>, Refusal> {
    let mut made = Vec::new();
    for _ in 0..copies {
        let again = |lever: &mut Lever, _| Ok(lever.delivery(id)?.again(Kind::Duplicate));
        made.push(at_once(shared, again).await?);
    }
    Ok(made)
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
        let genuine: Value = serde_json::from_str(&lever.delivery(id)?.body).unwrap_or_default();
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

/// In which order held deliveries go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    #[default]
    AsItHappened,
    Reversed,
    Shuffled,
}

/// How held deliveries are released.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) order: Order,
    pub(crate) seed: u64,
    /// Later events are held all the same.
    pub(crate) keep_holding: bool,
}

/// Sends the held deliveries of an account one after another; how many.
///
/// # Errors
/// The account is unknown.
pub(crate) async fn release(
    shared: &Shared,
    account_id: &str,
    release: &Release,
) -> Result<usize, Refusal> {
    let mut ids = shared.change(|world, _| {
        let account = world.lever.account_mut(account_id)?;
        account.settings.deliveries_held = release.keep_holding;
        Ok::<_, Refusal>(end_holding(&mut world.lever, account_id, State::Waiting))
    })?;
    match release.order {
        Order::AsItHappened => {}
        Order::Reversed => ids.reverse(),
        Order::Shuffled => fastrand::Rng::with_seed(release.seed).shuffle(&mut ids),
    }
    for id in &ids {
        attempt(shared, *id).await;
    }
    Ok(ids.len())
}

/// Loses the held deliveries of an account; how many.
///
/// # Errors
/// The account is unknown.
pub(crate) fn lose(lever: &mut Lever, account_id: &str) -> Result<usize, Refusal> {
    lever.account(account_id)?;
    Ok(end_holding(lever, account_id, State::Dropped).len())
}

fn end_holding(lever: &mut Lever, account_id: &str, to: State) -> Vec<u64> {
    let all = lever.deliveries.values_mut();
    let held =
        all.filter(|delivery| delivery.account_id == account_id && delivery.state == State::Held);
    held.map(|delivery| {
        delivery.state = to;
        delivery.id
    })
    .collect()
}
