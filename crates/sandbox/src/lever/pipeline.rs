//! What people and the API do to opportunities: create, move, archive, delete, merge, anonymise.

use serde_json::json;

use super::account::Account;
use super::opportunity::{
    Actor, Application, Archived, By, Contact, DeletedOpportunity, ORIGINS, Opportunity,
    StageChange,
};
use super::tags;
use super::webhooks::events::{self, Event};
use super::world::Lever;
use crate::refusal::Refusal;

/// A new candidacy, checked when it is created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewOpportunity {
    pub(crate) contact: Contact,
    /// An existing person in the place of `contact`.
    pub(crate) contact_id: Option<String>,
    /// Unset: New lead.
    pub(crate) stage_id: Option<String>,
    pub(crate) posting_id: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) sources: Vec<String>,
    /// Unset: `applied` with a posting, else `sourced`.
    pub(crate) origin: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) followers: Vec<String>,
    pub(crate) confidential: bool,
    pub(crate) location: String,
    pub(crate) created_at: Option<i64>,
}

/// Creates an opportunity, and its person where an e-mail address does not tell that they are known.
///
/// # Errors
/// Account, stage, posting, person or origin are unknown, or there is no name.
pub(crate) fn create(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    new: NewOpportunity,
    actor: &Actor,
) -> Result<String, Refusal> {
    let account = lever.account(account_id)?.clone();
    let stage_id = new
        .stage_id
        .clone()
        .unwrap_or_else(|| "lead-new".to_owned());
    let stage_index = account
        .stage(&stage_id)
        .map(|_| account.stage_index(&stage_id))?;
    let origin = origin(&new)?;
    let application = application(lever, now, &account, &new, actor)?;
    let contact_id = contact(lever, now, account_id, &new)?;
    let mut own_tags = Vec::new();
    if let Some(application) = &application {
        own_tags.extend(tags::given_at_link(
            lever,
            &account,
            &application.posting_id,
        ));
    }
    own_tags.extend(new.tags.iter().cloned());
    dedup(&mut own_tags);
    tags::learn(lever, account_id, &own_tags);
    let id = lever.ids.draw();
    let at = new.created_at.unwrap_or(now);
    let opportunity = Opportunity {
        id: id.clone(),
        account_id: account_id.to_owned(),
        contact_id: contact_id.clone(),
        stage_id: stage_id.clone(),
        stage_changes: vec![StageChange {
            to_stage_id: stage_id.clone(),
            to_stage_index: stage_index.unwrap_or_default(),
            updated_at: at,
            user_id: actor.user_id.clone(),
        }],
        confidential: new.confidential,
        tags: own_tags,
        sources: new.sources,
        origin,
        owner: new.owner,
        followers: new.followers,
        application,
        archived: None,
        created_at: at,
        updated_at: now,
        last_interaction_at: at,
        last_advanced_at: at,
        snoozed_until: None,
        contact_allowed: None,
        location: new.location,
        notes: Vec::new(),
        files: Vec::new(),
        feedback: Vec::new(),
        writes: std::collections::BTreeMap::new(),
        history: Vec::new(),
    };
    let application_id = opportunity.application.as_ref().map(|made| made.id.clone());
    lever.opportunities.insert(id.clone(), opportunity);
    if let Some(application_id) = application_id {
        let more = json!({"applicationId": application_id});
        events::tell(lever, now, &id, Event::ApplicationCreated, more);
    }
    Ok(id)
}

fn dedup(tags: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
}

fn origin(new: &NewOpportunity) -> Result<String, Refusal> {
    let usual = if new.posting_id.is_some() {
        "applied"
    } else {
        "sourced"
    };
    let origin = new.origin.as_deref().unwrap_or(usual);
    if ORIGINS.contains(&origin) {
        return Ok(origin.to_owned());
    }
    let known = ORIGINS.join(", ");
    Err(Refusal::field(
        "origin",
        format!("The origin is one of {known}."),
    ))
}

fn application(
    lever: &mut Lever,
    now: i64,
    account: &Account,
    new: &NewOpportunity,
    actor: &Actor,
) -> Result<Option<Application>, Refusal> {
    let Some(posting_id) = &new.posting_id else {
        return Ok(None);
    };
    if lever.posting(posting_id)?.account_id != account.id {
        return Err(Refusal::unknown("posting", posting_id));
    }
    let applied = new
        .origin
        .as_deref()
        .is_none_or(|origin| origin == "applied");
    Ok(Some(Application {
        id: lever.ids.draw(),
        posting_id: posting_id.clone(),
        created_at: now,
        kind: if applied { "posting" } else { "user" }.to_owned(),
        user_id: actor.user_id.clone().filter(|_| !applied),
    }))
}

/// The person: the one named, the one with that e-mail address, or a new one.
fn contact(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    new: &NewOpportunity,
) -> Result<String, Refusal> {
    if let Some(id) = &new.contact_id {
        let known = lever.contacts.get(id);
        return match known.filter(|known| known.account_id == account_id) {
            Some(_) => Ok(id.clone()),
            None => Err(Refusal::unknown("contact", id)),
        };
    }
    let same = |known: &&Contact| {
        known.account_id == account_id
            && known
                .emails
                .iter()
                .any(|email| has_email(&new.contact.emails, email))
    };
    if let Some(known) = lever.contacts.values().find(same) {
        return Ok(known.id.clone());
    }
    let contact = Contact {
        id: lever.ids.draw(),
        account_id: account_id.to_owned(),
        ..new.contact.clone()
    };
    let id = contact.id.clone();
    lever.contacts.insert(id.clone(), contact);
    let data = json!({"contactId": id, "accountId": account_id});
    events::tell_account(lever, now, account_id, events::CONTACT_CREATED, &data);
    Ok(id)
}

/// Whether an address is among these, whatever its case.
pub(crate) fn has_email(emails: &[String], email: &str) -> bool {
    let canonical = |email: &str| email.trim().to_lowercase();
    emails
        .iter()
        .any(|known| canonical(known) == canonical(email))
}

/// Moves an opportunity into a stage, archived or not. Into the stage where it is: nothing happens.
///
/// # Errors
/// Opportunity or stage are unknown.
pub(crate) fn move_to_stage(
    lever: &mut Lever,
    now: i64,
    id: &str,
    stage_id: &str,
    actor: &Actor,
) -> Result<(), Refusal> {
    let account = lever.account_of(id)?;
    let stage = account.stage(stage_id)?;
    let change = StageChange {
        to_stage_id: stage.id.clone(),
        to_stage_index: account.stage_index(stage_id).unwrap_or_default(),
        updated_at: now,
        user_id: actor.user_id.clone(),
    };
    let told = actor.by == By::User || account.settings.api_moves_tell;
    let opportunity = lever.opportunity_mut(id)?;
    if opportunity.stage_id == stage_id {
        return Ok(());
    }
    let from = std::mem::replace(&mut opportunity.stage_id, stage_id.to_owned());
    opportunity.stage_changes.push(change);
    opportunity.last_advanced_at = now;
    opportunity.last_interaction_at = now;
    opportunity.record(now, "moved", stage_id, actor);
    if told {
        let more = json!({"toStageId": stage_id, "fromStageId": from});
        events::tell(lever, now, id, Event::StageChange, more);
    }
    Ok(())
}

/// Archives with a reason, or brings back without one.
///
/// # Errors
/// Opportunity or reason are unknown.
pub(crate) fn set_archived(
    lever: &mut Lever,
    now: i64,
    id: &str,
    reason: Option<&str>,
    actor: &Actor,
) -> Result<(), Refusal> {
    let account = lever.account_of(id)?;
    let hired = match reason {
        Some(reason) => {
            let known = account
                .archive_reasons
                .iter()
                .find(|known| known.id == reason);
            known
                .ok_or_else(|| Refusal::unknown("archive reason", reason))?
                .kind
                == "hired"
        }
        None => false,
    };
    let opportunity = lever.opportunity_mut(id)?;
    let to = reason.map(|reason| Archived {
        archived_at: now,
        reason: reason.to_owned(),
    });
    let as_json = |archived: &Option<Archived>| match archived {
        Some(archived) => {
            json!({"archivedAt": archived.archived_at, "reason": archived.reason})
        }
        None => serde_json::Value::Null,
    };
    let more = json!({"toArchived": as_json(&to), "fromArchived": as_json(&opportunity.archived)});
    if to.is_none() && opportunity.archived.is_none() {
        return Ok(());
    }
    let what = if to.is_some() {
        "archived"
    } else {
        "unarchived"
    };
    opportunity.archived = to;
    opportunity.last_advanced_at = now;
    opportunity.record(now, what, reason.unwrap_or_default(), actor);
    events::tell(lever, now, id, Event::ArchiveChange, more);
    if hired {
        events::tell(lever, now, id, Event::Hired, json!({}));
    }
    Ok(())
}

/// Deletes for good.
///
/// # Errors
/// The opportunity is unknown.
pub(crate) fn delete(
    lever: &mut Lever,
    now: i64,
    id: &str,
    user_id: Option<String>,
) -> Result<(), Refusal> {
    lever.opportunity(id)?;
    let more = json!({"deletedBy": user_id});
    events::tell(lever, now, id, Event::Deleted, more);
    if let Some(gone) = lever.opportunities.remove(id) {
        lever.deleted.push(DeletedOpportunity {
            id: gone.id,
            account_id: gone.account_id,
            contact_id: gone.contact_id,
            deleted_at: now,
            deleted_by: user_id,
        });
    }
    Ok(())
}

/// Makes the person of one opportunity the person of another: all their opportunities have one contact afterwards.
///
/// # Errors
/// One of the two is unknown, they are of different accounts, or the same person already.
pub(crate) fn merge(lever: &mut Lever, now: i64, id: &str, into: &str) -> Result<(), Refusal> {
    let (one, other) = (lever.opportunity(id)?, lever.opportunity(into)?);
    if one.account_id != other.account_id {
        return Err(Refusal::unknown("opportunity", into));
    }
    let (gone_id, kept_id) = (one.contact_id.clone(), other.contact_id.clone());
    if gone_id == kept_id {
        return Err(Refusal::Conflict(
            "The two are one person already.".to_owned(),
        ));
    }
    for opportunity in lever.opportunities.values_mut() {
        if opportunity.contact_id == gone_id {
            opportunity.contact_id.clone_from(&kept_id);
            opportunity.updated_at = now;
        }
    }
    let gone = lever.contacts.remove(&gone_id);
    if let (Some(gone), Some(kept)) = (gone, lever.contacts.get_mut(&kept_id)) {
        for email in gone.emails {
            if !has_email(&kept.emails, &email) {
                kept.emails.push(email);
            }
        }
        kept.phones.extend(gone.phones);
        kept.links.extend(gone.links);
    }
    Ok(())
}

/// Takes the person's data away from all their opportunities.
///
/// # Errors
/// The opportunity is unknown.
pub(crate) fn anonymise(
    lever: &mut Lever,
    now: i64,
    id: &str,
    actor: &Actor,
) -> Result<(), Refusal> {
    let contact_id = lever.opportunity(id)?.contact_id.clone();
    if let Some(contact) = lever.contacts.get_mut(&contact_id) {
        *contact = Contact {
            id: contact.id.clone(),
            account_id: contact.account_id.clone(),
            anonymized: true,
            ..Contact::default()
        };
    }
    let theirs = lever.opportunities.values_mut();
    for opportunity in theirs.filter(|theirs| theirs.contact_id == contact_id) {
        opportunity.record(now, "anonymised", "", actor);
    }
    Ok(())
}
