//! What can be changed of an opportunity and its person.

use serde::{Deserialize, Deserializer};
use serde_json::json;

use crate::lever::opportunity::{Application, ORIGINS};
use crate::lever::tags;
use crate::lever::webhooks::events;
use crate::lever::world::Lever;
use crate::refusal::Refusal;

/// Members given are changed, the others stay; null clears those that can be without a value.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OpportunityFields {
    pub(crate) name: Option<String>,
    pub(crate) headline: Option<String>,
    pub(crate) emails: Option<Vec<String>>,
    pub(crate) phones: Option<Vec<String>>,
    pub(crate) confidential: Option<bool>,
    #[serde(deserialize_with = "given")]
    pub(crate) snoozed_until: Option<Option<i64>>,
    #[serde(deserialize_with = "given")]
    pub(crate) contact_allowed: Option<Option<bool>>,
    #[serde(deserialize_with = "given")]
    pub(crate) owner: Option<Option<String>>,
    pub(crate) origin: Option<String>,
    pub(crate) posting_id: Option<String>,
}

/// Tells null from missing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Changes an opportunity and its person.
///
/// # Errors
/// Opportunity, posting or origin are unknown, or the person is anonymised.
pub(crate) fn change_opportunity(
    lever: &mut Lever,
    now: i64,
    id: &str,
    fields: OpportunityFields,
) -> Result<(), Refusal> {
    check(lever, id, &fields)?;
    change_person(lever, now, id, &fields)?;
    if let Some(posting_id) = &fields.posting_id {
        link(lever, now, id, posting_id)?;
    }
    let opportunity = lever.opportunity_mut(id)?;
    if let Some(confidential) = fields.confidential {
        opportunity.confidential = confidential;
    }
    if let Some(until) = fields.snoozed_until {
        opportunity.snoozed_until = until;
    }
    if let Some(allowed) = fields.contact_allowed {
        opportunity.contact_allowed = allowed;
    }
    if let Some(owner) = fields.owner {
        opportunity.owner = owner;
    }
    if let Some(origin) = fields.origin {
        opportunity.origin = origin;
    }
    opportunity.updated_at = now;
    Ok(())
}

fn check(lever: &Lever, id: &str, fields: &OpportunityFields) -> Result<(), Refusal> {
    let opportunity = lever.opportunity(id)?;
    if let Some(origin) = fields
        .origin
        .as_deref()
        .filter(|origin| !ORIGINS.contains(origin))
    {
        let message = format!(
            "{origin} is no origin: choose one of {}.",
            ORIGINS.join(", ")
        );
        return Err(Refusal::field("origin", message));
    }
    if let Some(posting_id) = &fields.posting_id {
        let posting = lever.posting(posting_id)?;
        if posting.account_id != opportunity.account_id {
            return Err(Refusal::unknown("posting", posting_id));
        }
    }
    let touches_person = fields.name.is_some()
        || fields.headline.is_some()
        || fields.emails.is_some()
        || fields.phones.is_some();
    if touches_person && lever.contact_of(opportunity).anonymized {
        let why = "The person was anonymised: nothing can be entered any more.";
        return Err(Refusal::Conflict(why.to_owned()));
    }
    Ok(())
}

fn change_person(
    lever: &mut Lever,
    now: i64,
    id: &str,
    fields: &OpportunityFields,
) -> Result<(), Refusal> {
    let contact_id = lever.opportunity(id)?.contact_id.clone();
    let Some(contact) = lever.contacts.get_mut(&contact_id) else {
        return Ok(());
    };
    let before = (contact.name.clone(), contact.emails.clone());
    if let Some(name) = &fields.name {
        contact.name.clone_from(name);
    }
    if let Some(headline) = &fields.headline {
        contact.headline.clone_from(headline);
    }
    if let Some(emails) = &fields.emails {
        contact.emails.clone_from(emails);
    }
    if let Some(phones) = &fields.phones {
        contact.phones.clone_from(phones);
    }
    if before != (contact.name.clone(), contact.emails.clone()) {
        let account_id = contact.account_id.clone();
        let data = json!({"contactId": contact_id, "accountId": account_id});
        events::tell_account(lever, now, &account_id, events::CONTACT_UPDATED, &data);
    }
    Ok(())
}

/// Links an opportunity to a posting, whose tags come with it.
fn link(lever: &mut Lever, now: i64, id: &str, posting_id: &str) -> Result<(), Refusal> {
    let account = lever.account_of(id)?.clone();
    let given = tags::given_at_link(lever, &account, posting_id);
    let application = Application {
        id: lever.ids.draw(),
        posting_id: posting_id.to_owned(),
        created_at: now,
        kind: "user".to_owned(),
        user_id: account.recruiter().map(|user| user.id.clone()),
    };
    let opportunity = lever.opportunity_mut(id)?;
    opportunity.application = Some(application);
    for tag in given {
        if !opportunity.tags.contains(&tag) {
            opportunity.tags.push(tag);
        }
    }
    Ok(())
}
