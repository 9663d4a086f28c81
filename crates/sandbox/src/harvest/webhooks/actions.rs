//! What an administrator, or someone with bad intent, makes happen to webhooks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{self, SIGNATURE};
use super::sender::Sender;
use super::webhook::{self, WebhookFields};
use crate::outbox::actions::at_once;
use crate::outbox::delivery::{Kind, State};
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Makes a webhook and pings it; its id.
///
/// # Errors
/// Those of [`webhook::create`].
pub(crate) async fn create(
    shared: &Shared,
    organization_id: u64,
    fields: WebhookFields,
) -> Result<u64, Refusal> {
    let id = shared.change(|world, _| webhook::create(world, organization_id, fields))?;
    ping(shared, id).await?;
    Ok(id)
}

/// Changes a webhook. It is pinged unless it is switched off by this.
///
/// # Errors
/// Those of [`webhook::change`].
pub(crate) async fn change(shared: &Shared, id: u64, fields: WebhookFields) -> Result<(), Refusal> {
    let off = fields.disabled == Some(true);
    shared.change(|world, _| webhook::change(world, id, fields))?;
    if !off {
        return ping(shared, id).await;
    }
    shared.change(|world, _| disable(world, id, true));
    Ok(())
}

/// The webhook is on if, and only if, its ping is answered 200.
async fn ping(shared: &Shared, id: u64) -> Result<(), Refusal> {
    let sent = at_once::<Sender>(shared, |world, now| {
        let webhook = world.harvest.webhook(id)?;
        let payload = json!({"web_hook_id": id, "name": webhook.name, "event": webhook.event});
        Ok(body::compose(now, webhook, Kind::Test, "ping", &payload))
    })
    .await?;
    shared.change(|world, _| {
        let delivery = world.harvest.outbox.delivery(sent);
        let received = delivery.is_ok_and(|ping| ping.state == State::Delivered);
        disable(world, id, !received);
    });
    Ok(())
}

fn disable(world: &mut crate::world::World, id: u64, disabled: bool) {
    if let Some(webhook) = world.harvest.webhooks.get_mut(&id) {
        webhook.disabled = disabled;
    }
}

/// How a forged delivery is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// As Greenhouse would.
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
    pub(crate) payload: Value,
    pub(crate) action: Option<String>,
    pub(crate) signature: Signature,
}

/// Sends a forged delivery; its number.
///
/// # Errors
/// The webhook is unknown.
pub(crate) async fn forge(shared: &Shared, id: u64, forgery: Forgery) -> Result<u64, Refusal> {
    at_once::<Sender>(shared, |world, now| {
        let webhook = world.harvest.webhook(id)?;
        let action = forgery.action.unwrap_or_else(|| webhook.event.clone());
        let mut made = body::compose(now, webhook, Kind::Forged, &action, &forgery.payload);
        let signature = made.headers.iter_mut().find(|(name, _)| name == SIGNATURE);
        match (forgery.signature, signature) {
            (Signature::Wrong, Some((_, value))) => *value = format!("sha256 {}", "0".repeat(64)),
            (Signature::Absent, _) => made.headers.retain(|(name, _)| name != SIGNATURE),
            _ => {}
        }
        Ok(made)
    })
    .await
}
