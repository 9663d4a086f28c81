//! What is told to webhooks, and to which.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::body;
use super::webhook::Webhook;
use crate::outbox::delivery::{Kind, State};
use crate::world::World;

/// Tells an organization's webhooks of an event.
pub(crate) fn tell(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    action: &str,
    payload: &Value,
) {
    let settings = world.harvest.settings_of(organization_id);
    let delay = TimeDelta::seconds(settings.delivery_delay_seconds.into());
    let at = (now + delay).timestamp_millis();
    let hears = |webhook: &&Webhook| {
        webhook.organization_id == organization_id && webhook.event == action && !webhook.disabled
    };
    let webhooks = world.harvest.webhooks.values();
    let webhooks: Vec<Webhook> = webhooks.filter(hears).cloned().collect();
    for webhook in webhooks {
        let mut composed = body::compose(now, &webhook, Kind::Event, action, payload);
        if settings.deliveries_held {
            composed.state = State::Held;
        }
        for _ in 0..settings.delivery_copies {
            let at = (!settings.deliveries_held).then_some(at);
            world.harvest.outbox.add(composed.clone(), at);
        }
    }
}

/// Whether somebody hears of an event.
pub(crate) fn is_heard(world: &World, organization_id: u64, action: &str) -> bool {
    world.harvest.webhooks.values().any(|webhook| {
        webhook.organization_id == organization_id && webhook.event == action && !webhook.disabled
    })
}
