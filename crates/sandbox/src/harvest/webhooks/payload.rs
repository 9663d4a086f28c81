//! What deliveries carry. Their words are still those of Harvest v1, whatever the version of the API.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::greenhouse::recruiting::{Application, ApplicationStatus};
use crate::harvest::records::{ApplicationRecord, Candidate};
use crate::world::World;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `{"application": …}` of most events; nothing for an application that there is none of.
pub(crate) fn application(world: &World, id: u64) -> Value {
    let Some(record) = world.harvest.applications.get(&id) else {
        return json!({});
    };
    let partners = world.applications.get(&id);
    let candidate = world.harvest.candidates.get(&record.candidate_id);
    let source = world.harvest.sources.get(&record.source_id.unwrap_or(0));
    json!({"application": {
        "id": record.id,
        "rejected_at": record.rejected_at.map(time),
        "prospect": record.job_id.is_none(),
        "status": status(partners),
        "applied_at": time(record.times.created_at),
        "last_activity_at": time(record.last_activity_at),
        "url": null,
        "source": source.map(|source| json!({"id": source.id, "public_name": source.name})),
        "credited_to": null,
        "rejection_reason": null,
        "current_stage": current_stage(world, partners),
        "custom_fields": {},
        "candidate": candidate.map(person),
        "jobs": jobs(world, record, partners),
    }})
}

fn status(partners: Option<&Application>) -> &'static str {
    match partners.map(|it| it.status) {
        Some(ApplicationStatus::Active) | None => "active",
        Some(ApplicationStatus::Rejected) => "rejected",
        Some(ApplicationStatus::Hired) => "hired",
    }
}

fn current_stage(world: &World, partners: Option<&Application>) -> Value {
    let stage = partners.and_then(|it| world.stages.get(&it.stage_id));
    stage.map_or(
        Value::Null,
        |stage| json!({"id": stage.id, "name": stage.name, "interviews": []}),
    )
}

fn jobs(world: &World, record: &ApplicationRecord, partners: Option<&Application>) -> Value {
    let own = partners.map(|it| it.job_id);
    let ids = own.iter().chain(&record.prospective_job_ids);
    let jobs = ids.filter_map(|id| {
        let (job, more) = (world.jobs.get(id)?, world.harvest.jobs.get(id)?);
        Some(json!({
            "id": job.id,
            "name": job.name,
            "job_post_id": null,
            "requisition_id": more.requisition_id,
            "notes": more.notes,
            "status": more.status,
            "created_at": time(more.times.created_at),
            "opened_at": time(more.times.created_at),
            "closed_at": null,
            "departments": [],
            "offices": [],
            "custom_fields": {},
        }))
    });
    jobs.collect()
}

/// A person with contacts.
fn person(candidate: &Candidate) -> Value {
    let member = |name: &str| candidate.members.get(name).cloned().unwrap_or_default();
    let list = |name: &str| candidate.members.get(name).cloned().unwrap_or(json!([]));
    json!({
        "id": candidate.id,
        "first_name": member("first_name"),
        "last_name": member("last_name"),
        "title": member("title"),
        "company": member("company"),
        "created_at": time(candidate.times.created_at),
        "email_addresses": list("email_addresses"),
        "phone_numbers": list("phone_numbers"),
        "addresses": list("addresses"),
        "website_addresses": list("website_addresses"),
        "social_media_addresses": list("social_media_addresses"),
        "tags": list("tags"),
        "recruiter": null,
        "coordinator": null,
        "attachments": [],
        "custom_fields": {},
    })
}

/// `{"candidate": …}`
pub(crate) fn candidate(candidate: &Candidate) -> Value {
    json!({"candidate": person(candidate)})
}

/// `{"application": …}` of one that is gone.
pub(crate) fn deleted_application(record: &ApplicationRecord) -> Value {
    json!({"application": {
        "id": record.id,
        "candidate_id": record.candidate_id,
        "job_id": record.job_id,
    }})
}

/// `{"person": …}` of one that is gone, with their applications.
pub(crate) fn deleted_person(candidate: &Candidate, application_ids: &[u64]) -> Value {
    json!({"person": {
        "id": candidate.id,
        "first_name": candidate.members.get("first_name"),
        "last_name": candidate.members.get("last_name"),
        "deleted_application_ids": application_ids,
    }})
}

/// `{"person": …}` of one who became another.
pub(crate) fn merged_person(candidate: &Candidate, new_candidate_id: u64) -> Value {
    json!({"person": {
        "id": candidate.id,
        "first_name": candidate.members.get("first_name"),
        "last_name": candidate.members.get("last_name"),
        "new_candidate_id": new_candidate_id,
    }})
}

/// Which members of a person were removed.
pub(crate) fn anonymized(candidate_id: u64, fields: &[String]) -> Value {
    json!({"candidate_id": candidate_id, "anonymized_fields": fields})
}
