//! What happens to candidates and applications at Greenhouse, whoever does it: the records follow, and webhooks are told.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::records::{ApplicationRecord, Candidate, PastStage};
use super::tags;
use super::webhooks::{events, payload};
use crate::greenhouse::recruiting::ApplicationStatus;
use crate::refusal::Refusal;
use crate::world::World;

/// What can be removed of a person, by Greenhouse's names, with the members that go.
const REMOVABLE: [(&str, &[&str]); 12] = [
    ("full_name", &["first_name", "last_name", "preferred_name"]),
    ("current_company", &["company"]),
    ("current_title", &["title"]),
    ("tags", &["tags"]),
    ("phone_numbers", &["phone_numbers"]),
    ("email_addresses", &["email_addresses"]),
    ("social_media_links", &["social_media_addresses"]),
    ("websites", &["website_addresses"]),
    ("addresses", &["addresses"]),
    ("custom_candidate_fields", &["custom_fields"]),
    ("attachments", &[]),
    ("notes", &[]),
];

/// Something happened to an application, and so to its candidate.
fn stir(world: &mut World, now: DateTime<Utc>, id: u64) -> Option<&mut ApplicationRecord> {
    let record = world.harvest.applications.get_mut(&id)?;
    record.last_activity_at = now;
    record.times.updated_at = now;
    let candidate = world.harvest.candidates.get_mut(&record.candidate_id)?;
    candidate.last_activity_at = now;
    Some(record)
}

fn tell(world: &mut World, now: DateTime<Utc>, application_id: u64, action: &str) {
    let Some(record) = world.harvest.applications.get(&application_id) else {
        return;
    };
    let organization_id = record.organization_id;
    let payload = payload::application(world, application_id);
    events::tell(world, now, organization_id, action, &payload);
}

/// An application was made.
pub(crate) fn applied(world: &mut World, now: DateTime<Utc>, id: u64) {
    let record = world.harvest.applications.get(&id);
    let prospect = record.is_some_and(|record| record.job_id.is_none());
    let action = if prospect {
        "new_prospect_application"
    } else {
        "new_candidate_application"
    };
    tell(world, now, id, action);
}

/// An application went on from a stage of its job; where it went stands with the partner's half.
pub(crate) fn moved(world: &mut World, now: DateTime<Utc>, id: u64, from: u64, told: bool) {
    let row = world.draw_id();
    let job_id = world.applications.get(&id).map(|it| it.job_id);
    let Some(record) = stir(world, now, id) else {
        return;
    };
    record.past.push(PastStage {
        id: record.stage_id,
        job_interview_stage_id: from,
        entered_at: record.entered_at,
        exited_at: now,
    });
    record.job_id = job_id;
    record.stage_id = row;
    record.entered_at = now;
    if told {
        tell(world, now, id, "candidate_stage_change");
    }
}

/// An application was rejected, taken back, or its candidate hired.
pub(crate) fn decided(world: &mut World, now: DateTime<Utc>, id: u64, was: ApplicationStatus) {
    let Some(is) = world.applications.get(&id).map(|it| it.status) else {
        return;
    };
    let action = match (was, is) {
        (_, ApplicationStatus::Rejected) => "reject_candidate",
        (_, ApplicationStatus::Hired) => "hire_candidate",
        (ApplicationStatus::Hired, ApplicationStatus::Active) => "unhire_candidate",
        (_, ApplicationStatus::Active) => "unreject_candidate",
    };
    if was == is {
        return;
    }
    if let Some(record) = stir(world, now, id) {
        record.rejected_at = (is == ApplicationStatus::Rejected).then_some(now);
    }
    tell(world, now, id, action);
}

/// The partner's half changed a person's names and contacts.
pub(crate) fn changed(world: &mut World, now: DateTime<Utc>, application_id: u64) {
    let Some(application) = world.applications.get(&application_id) else {
        return;
    };
    let members = super::world::members_of(application);
    let id = application.person_id;
    if let Some(candidate) = world.harvest.candidates.get_mut(&id) {
        candidate.members.extend(members);
        candidate.times.updated_at = now;
        candidate.last_activity_at = now;
    }
    updated(world, now, id);
}

/// A person's data changed.
pub(crate) fn updated(world: &mut World, now: DateTime<Utc>, candidate_id: u64) {
    if let Some(candidate) = world.harvest.candidates.get(&candidate_id) {
        let (organization_id, payload) = (candidate.organization_id, payload::candidate(candidate));
        events::tell(world, now, organization_id, "update_candidate", &payload);
    }
}

/// Takes an application out of both halves, with the tests that were sent to it.
fn remove(world: &mut World, id: u64) -> Option<ApplicationRecord> {
    world.applications.remove(&id);
    let files = &mut world.harvest.attachments;
    files.retain(|_, file| file.application_id != id);
    world.tests.retain(|_, test| test.application_id != id);
    for note in world.harvest.notes.values_mut() {
        note.application_id = note.application_id.filter(|noted| *noted != id);
    }
    world.harvest.applications.remove(&id)
}

/// An application is deleted.
///
/// # Errors
/// It is unknown.
pub(crate) fn delete_application(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
) -> Result<(), Refusal> {
    world.sync_harvest(now);
    let record = remove(world, id).ok_or_else(|| Refusal::unknown("application", id))?;
    let payload = payload::deleted_application(&record);
    let organization_id = record.organization_id;
    events::tell(world, now, organization_id, "delete_application", &payload);
    Ok(())
}

/// The ids of a person's applications.
fn applications_of(world: &World, candidate_id: u64) -> Vec<u64> {
    let all = world.harvest.applications.values();
    let theirs = all.filter(|record| record.candidate_id == candidate_id);
    theirs.map(|record| record.id).collect()
}

/// A person is deleted, with all their applications, of which nothing is told.
///
/// # Errors
/// They are unknown.
pub(crate) fn delete_candidate(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
) -> Result<(), Refusal> {
    world.sync_harvest(now);
    let candidate = world.harvest.candidates.remove(&id);
    let candidate = candidate.ok_or_else(|| Refusal::unknown("candidate", id))?;
    let applications = applications_of(world, id);
    for application in &applications {
        remove(world, *application);
    }
    let notes = &mut world.harvest.notes;
    notes.retain(|_, note| note.candidate_id != id);
    tags::follow(world, now, id);
    let payload = payload::deleted_person(&candidate, &applications);
    let organization_id = candidate.organization_id;
    events::tell(world, now, organization_id, "delete_candidate", &payload);
    Ok(())
}

/// Two persons become one; whoever hears of deletions alone hears of one.
///
/// # Errors
/// One of them is unknown, they are the same, or of two organizations.
pub(crate) fn merge(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
    into: u64,
) -> Result<(), Refusal> {
    world.sync_harvest(now);
    let kept = world.harvest.candidate(into)?.clone();
    let gone = world.harvest.candidate(id)?.clone();
    if id == into || kept.organization_id != gone.organization_id {
        let message = "Choose another person of the same organization to merge with.";
        return Err(Refusal::field("into", message));
    }
    world.harvest.candidates.remove(&id);
    let applications = applications_of(world, id);
    repoint(world, &gone, &kept);
    tags::change(world, now, into, |names| {
        names.extend(gone.tags().map(Value::from));
        let known = std::mem::take(names);
        for name in known {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    });
    tags::follow(world, now, id);
    let (organization_id, merged) = (kept.organization_id, "merge_candidate");
    if events::is_heard(world, organization_id, merged) {
        let payload = payload::merged_person(&gone, into);
        events::tell(world, now, organization_id, merged, &payload);
    } else {
        let payload = payload::deleted_person(&gone, &applications);
        events::tell(world, now, organization_id, "delete_candidate", &payload);
    }
    Ok(())
}

/// Everything that was one person's is the other's, with their addresses.
fn repoint(world: &mut World, gone: &Candidate, kept: &Candidate) {
    for record in world.harvest.applications.values_mut() {
        if record.candidate_id == gone.id {
            record.candidate_id = kept.id;
        }
    }
    for note in world.harvest.notes.values_mut() {
        if note.candidate_id == gone.id {
            note.candidate_id = kept.id;
        }
    }
    for file in world.harvest.attachments.values_mut() {
        if file.candidate_id == gone.id {
            file.candidate_id = kept.id;
        }
    }
    for application in world.applications.values_mut() {
        if application.person_id == gone.id {
            application.person_id = kept.id;
        }
    }
    if let Some(candidate) = world.harvest.candidates.get_mut(&kept.id) {
        let more = gone
            .members
            .get("email_addresses")
            .and_then(Value::as_array);
        let known = candidate.members.entry("email_addresses");
        if let Value::Array(addresses) = known.or_insert_with(|| json!([])) {
            addresses.extend(more.into_iter().flatten().cloned());
        }
    }
}

/// Removes data of a person for good: these members, or all that can be.
///
/// # Errors
/// They are unknown, or there is no such member.
pub(crate) fn anonymize(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
    fields: Vec<String>,
) -> Result<(), Refusal> {
    world.sync_harvest(now);
    let organization_id = world.harvest.candidate(id)?.organization_id;
    let known = |name: &String| REMOVABLE.iter().any(|(known, _)| known == name);
    if let Some(name) = fields.iter().find(|name| !known(name)) {
        let names: Vec<&str> = REMOVABLE.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "{name} cannot be removed: name some of {}.",
            names.join(", ")
        );
        return Err(Refusal::field("fields", message));
    }
    let fields: Vec<String> = if fields.is_empty() {
        REMOVABLE
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect()
    } else {
        fields
    };
    for field in &fields {
        forget(world, id, field);
    }
    if let Some(candidate) = world.harvest.candidates.get_mut(&id) {
        candidate.times.updated_at = now;
    }
    tags::follow(world, now, id);
    carry_over(world, id);
    let payload = payload::anonymized(id, &fields);
    events::tell(
        world,
        now,
        organization_id,
        "candidate_anonymized",
        &payload,
    );
    Ok(())
}

fn forget(world: &mut World, id: u64, field: &str) {
    if field == "notes" {
        let notes = &mut world.harvest.notes;
        notes.retain(|_, note| note.candidate_id != id);
    }
    if field == "attachments" {
        let files = &mut world.harvest.attachments;
        files.retain(|_, file| file.candidate_id != id);
    }
    let Some(candidate) = world.harvest.candidates.get_mut(&id) else {
        return;
    };
    let members = REMOVABLE.iter().find(|(known, _)| *known == field);
    for member in members.into_iter().flat_map(|(_, members)| *members) {
        candidate.members.remove(*member);
    }
    if field == "full_name" {
        let members = &mut candidate.members;
        members.insert("first_name".to_owned(), "Anonymized".into());
        members.insert("last_name".to_owned(), id.to_string().into());
    }
}

/// The partner's half shows a person as Harvest has them.
pub(crate) fn carry_over(world: &mut World, candidate_id: u64) {
    let Some(candidate) = world.harvest.candidates.get(&candidate_id) else {
        return;
    };
    for application in world.applications.values_mut() {
        if application.person_id == candidate_id {
            application.first_name = candidate.text("first_name").unwrap_or_default();
            application.last_name = candidate.text("last_name").unwrap_or_default();
            application.preferred_name = candidate.text("preferred_name");
            application.email = candidate.contact("email_addresses");
            application.phone_number = candidate.contact("phone_numbers");
        }
    }
}
