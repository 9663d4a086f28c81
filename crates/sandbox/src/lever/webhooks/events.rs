//! What is told to webhooks, and to which.

use serde_json::{Value, json};

use super::delivery::{self, Kind, State};
use super::webhook::{STAGE_CHANGE, Webhook};
use crate::lever::world::Lever;

/// A person was created.
pub(crate) const CONTACT_CREATED: &str = "contactCreated";

/// A person was changed.
pub(crate) const CONTACT_UPDATED: &str = "contactUpdated";

/// What happens to opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    ApplicationCreated,
    StageChange,
    ArchiveChange,
    Hired,
    Deleted,
}

impl Event {
    /// Lever's word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ApplicationCreated => "applicationCreated",
            Self::StageChange => STAGE_CHANGE,
            Self::ArchiveChange => "candidateArchiveChange",
            Self::Hired => "candidateHired",
            Self::Deleted => "candidateDeleted",
        }
    }
}

/// Tells of an opportunity: only ids, no name and no address.
pub(crate) fn tell(lever: &mut Lever, now: i64, opportunity_id: &str, event: Event, more: Value) {
    let Some(opportunity) = lever.opportunities.get(opportunity_id) else {
        return;
    };
    let account_id = opportunity.account_id.clone();
    let account = lever.accounts.get(&account_id);
    let hushed = account.is_some_and(|account| !account.settings.confidential_moves_tell);
    if opportunity.confidential && hushed {
        return;
    }
    let mut data = json!({
        "opportunityId": opportunity.id,
        "contactId": opportunity.contact_id,
        "candidateId": opportunity.id,
    });
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    let origin = opportunity.origin.clone();
    let filtered = event != Event::Deleted;
    let lets = |webhook: &Webhook| !filtered || webhook.origins.contains(&origin);
    send(lever, now, &account_id, event.name(), &data, lets);
}

/// Tells of something in an account that is no opportunity.
pub(crate) fn tell_account(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    event: &str,
    data: &Value,
) {
    send(lever, now, account_id, event, data, |_| true);
}

fn send(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    event: &str,
    data: &Value,
    lets: impl Fn(&Webhook) -> bool,
) {
    let Some(account) = lever.accounts.get(account_id) else {
        return;
    };
    if !account.enabled_events.contains(event) {
        return;
    }
    let settings = account.settings.clone();
    let at = now + i64::from(settings.delivery_delay_seconds) * 1_000;
    let hears = |webhook: &&Webhook| webhook.event == event && lets(webhook);
    let webhooks: Vec<Webhook> = lever
        .webhooks_of(account_id)
        .filter(hears)
        .cloned()
        .collect();
    for webhook in webhooks {
        let mut composed = delivery::compose(lever, now, &webhook, Kind::Event, event, data);
        if settings.deliveries_held {
            composed.state = State::Held;
        }
        for _ in 0..settings.delivery_copies {
            let at = (!settings.deliveries_held).then_some(at);
            lever.outbox.add(composed.clone(), at);
        }
    }
}
