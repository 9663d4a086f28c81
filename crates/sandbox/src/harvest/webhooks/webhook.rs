//! One webhook: an event, an address, and the key that signs.

use serde::{Deserialize, Serialize};

use crate::lever::webhooks::webhook::checked_url;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::world::World;

/// What can be heard. Of some nothing is ever told: the sandbox has no offers, interviews, scorecards, departments and offices.
pub(crate) const EVENTS: [&str; 29] = [
    "candidate_stage_change",
    "application_updated",
    "new_candidate_application",
    "new_prospect_application",
    "reject_candidate",
    "unreject_candidate",
    "hire_candidate",
    "unhire_candidate",
    "update_candidate",
    "delete_application",
    "delete_candidate",
    "merge_candidate",
    "candidate_anonymized",
    "job_created",
    "job_updated",
    "job_approved",
    "job_deleted",
    "job_post_created",
    "job_post_updated",
    "job_post_deleted",
    "job_interview_stage_deleted",
    "offer_created",
    "offer_updated",
    "offer_approved",
    "offer_deleted",
    "interview_deleted",
    "scorecard_deleted",
    "department_deleted",
    "office_deleted",
];

/// A webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) secret_key: Secret,
    pub(crate) event: String,
    /// Nothing is sent: its ping was not answered 200, or somebody switched it off.
    pub(crate) disabled: bool,
}

/// What is entered to make one, or to change one; what is not given stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WebhookFields {
    pub(crate) name: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) secret_key: Option<Secret>,
    pub(crate) event: Option<String>,
    pub(crate) disabled: Option<bool>,
}

/// Makes a webhook, which is disabled until its ping was answered; its id.
///
/// # Errors
/// The organization is unknown; address, key or event are missing or cannot be used.
pub(crate) fn create(
    world: &mut World,
    organization_id: u64,
    fields: WebhookFields,
) -> Result<u64, Refusal> {
    world.organization(organization_id)?;
    let mut webhook = Webhook {
        id: world.draw_id(),
        organization_id,
        name: "Web hook".to_owned(),
        url: String::new(),
        secret_key: Secret(String::new()),
        event: String::new(),
        disabled: true,
    };
    fill_in(&mut webhook, fields)?;
    let id = webhook.id;
    world.harvest.webhooks.insert(id, webhook);
    Ok(id)
}

/// Changes a webhook; whether it was disabled is for its ping to decide.
///
/// # Errors
/// It is unknown; or a member cannot be used.
pub(crate) fn change(world: &mut World, id: u64, fields: WebhookFields) -> Result<(), Refusal> {
    let mut webhook = world.harvest.webhook(id)?.clone();
    fill_in(&mut webhook, fields)?;
    world.harvest.webhooks.insert(id, webhook);
    Ok(())
}

fn fill_in(webhook: &mut Webhook, fields: WebhookFields) -> Result<(), Refusal> {
    if let Some(name) = fields.name.filter(|name| !name.trim().is_empty()) {
        name.trim().clone_into(&mut webhook.name);
    }
    if let Some(url) = fields.url {
        webhook.url = checked_url(url.trim())?;
    }
    if let Some(key) = fields.secret_key {
        webhook.secret_key = key;
    }
    if let Some(event) = fields.event {
        webhook.event = event;
    }
    if webhook.url.is_empty() {
        return Err(Refusal::field("url", "The URL is missing: enter one."));
    }
    if webhook.secret_key.0.is_empty() {
        let message = "The secret key is missing: enter the one that the receiver shows.";
        return Err(Refusal::field("secret_key", message));
    }
    if !EVENTS.contains(&webhook.event.as_str()) {
        let known = EVENTS.join(", ");
        let message = format!(
            "There is no event {}: choose one of {known}.",
            webhook.event
        );
        return Err(Refusal::field("event", message));
    }
    Ok(())
}
