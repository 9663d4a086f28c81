//! Records as Harvest answers them, and as the control API shows them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::auth::app::App;
use super::auth::grant::Grant;
use super::records::{
    ApplicationRecord, AppliedTag, Attachment, Candidate, JobPost, JobRecord, Note, Source, Tag,
    Times, User,
};
use super::webhooks::webhook::Webhook;
use crate::greenhouse::recruiting::{Application, ApplicationStatus, Job, Stage};
use crate::outbox::delivery::Delivery;

/// The board that every post is on.
const BOARD: u64 = 1;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn with_times(mut record: Value, times: &Times) -> Value {
    record["created_at"] = time(times.created_at).into();
    record["updated_at"] = time(times.updated_at).into();
    record
}

pub(crate) fn user(user: &User) -> Value {
    let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    let record = json!({
        "id": user.id,
        "first_name": first,
        "last_name": last,
        "name": user.name,
        "primary_email": user.emails.first().map_or("", String::as_str),
        "emails": user.emails,
        "deactivated": user.deactivated,
        "site_admin": user.site_admin,
        "job_title": null,
        "employee_id": null,
        "agency_id": user.agency_id,
        "linked_candidate_ids": [],
        "office_ids": [],
        "department_ids": [],
        "interviewer_tags": [],
        "custom_fields": {},
    });
    with_times(record, &user.times)
}

/// A row for each address. Their ids are made of the user's.
pub(crate) fn user_emails(user: &User) -> Vec<Value> {
    let rows = user.emails.iter().zip(1_u64..);
    rows.map(|(email, place)| {
        let record = json!({
            "id": user.id + place,
            "user_id": user.id,
            "email": email,
            "verified": true,
            "verification_token_sent_at": null,
        });
        with_times(record, &user.times)
    })
    .collect()
}

pub(crate) fn source(source: &Source) -> Value {
    let record = json!({
        "id": source.id,
        "name": source.name,
        "type": {"id": 1, "name": "Third-party boards"},
    });
    with_times(record, &source.times)
}

pub(crate) fn job(job: &Job, record: &JobRecord) -> Value {
    let opened = (record.status != "draft").then(|| time(record.times.created_at));
    let closed = (record.status == "closed").then(|| time(record.times.updated_at));
    let shown = json!({
        "id": job.id,
        "name": job.name,
        "requisition_id": record.requisition_id,
        "status": record.status,
        "notes": record.notes,
        "confidential": record.confidential,
        "is_template": record.is_template,
        "copied_from_id": null,
        "department_id": null,
        "office_ids": [],
        "opened_at": opened,
        "closed_at": closed,
        "custom_fields": {},
    });
    with_times(shown, &record.times)
}

pub(crate) fn job_post(post: &JobPost) -> Value {
    let record = json!({
        "id": post.id,
        "job_id": post.job_id,
        "job_board_id": BOARD,
        "title": post.title,
        "content": post.content,
        "internal_content": post.content.as_ref().filter(|_| post.internal),
        "internal": post.internal,
        "active": post.active,
        "live": post.live,
        "featured": false,
        "first_published_at": post.first_published_at.map(time),
        "language": post.language,
        "public_url": null,
        "demographic_question_set_id": null,
        "questions": [],
    });
    with_times(record, &post.times)
}

pub(crate) fn job_interview_stage(stage: &Stage, place: usize, job: &JobRecord) -> Value {
    let record = json!({
        "id": stage.id,
        "job_id": stage.job_id,
        "name": stage.name,
        "sort_order": place,
        "active": stage.active,
    });
    with_times(record, &job.times)
}

pub(crate) fn candidate(candidate: &Candidate) -> Value {
    let mut record = json!({
        "first_name": null,
        "last_name": null,
        "preferred_name": null,
        "company": null,
        "title": null,
        "private": false,
        "can_email": true,
        "time_zone": null,
        "tags": [],
        "linked_user_ids": [],
        "email_addresses": [],
        "phone_numbers": [],
        "addresses": [],
        "website_addresses": [],
        "social_media_addresses": [],
        "custom_fields": {},
    });
    for (name, value) in &candidate.members {
        record[name] = value.clone();
    }
    record["id"] = candidate.id.into();
    record["last_activity_at"] = time(candidate.last_activity_at).into();
    with_times(record, &candidate.times)
}

/// The status as answers have it; `None` stands for a prospect's, which nobody else knows of.
fn status(application: Option<&Application>) -> &'static str {
    match application.map(|it| it.status) {
        Some(ApplicationStatus::Active) | None => "in_process",
        Some(ApplicationStatus::Rejected) => "rejected",
        Some(ApplicationStatus::Hired) => "hired",
    }
}

pub(crate) fn application(
    record: &ApplicationRecord,
    partners: Option<&Application>,
    stage: Option<&Stage>,
) -> Value {
    let shown = json!({
        "id": record.id,
        "candidate_id": record.candidate_id,
        "job_id": partners.map(|it| it.job_id),
        "prospective_job_ids": record.prospective_job_ids,
        "prospect": record.job_id.is_none(),
        "status": status(partners),
        "stage_id": stage.map(|_| record.stage_id),
        "job_interview_stage_id": stage.map(|stage| stage.id),
        "stage_name": stage.map(|stage| stage.name.as_str()),
        "source_id": record.source_id,
        "referrer_id": null,
        "recruiter_id": record.recruiter_id,
        "coordinator_id": record.coordinator_id,
        "job_post_id": null,
        "agency_note_id": null,
        "rejected_at": record.rejected_at.map(time),
        "last_activity_at": time(record.last_activity_at),
        "needs_decision": null,
        "location_address": null,
        "answers": [],
        "custom_fields": {},
    });
    with_times(shown, &record.times)
}

/// The stages that an application was in, and the one where it is.
pub(crate) fn application_stages(
    record: &ApplicationRecord,
    partners: &Application,
    now: DateTime<Utc>,
) -> Vec<Value> {
    let row = |id: u64, stage_id: u64, entered: DateTime<Utc>, exited: Option<DateTime<Utc>>| {
        json!({
            "id": id,
            "application_id": record.id,
            "job_interview_stage_id": stage_id,
            "entered_at": time(entered),
            "exited_at": exited.map(time),
            "days_in_stage": (exited.unwrap_or(now) - entered).num_days(),
            "current": exited.is_none(),
            "created_at": time(entered),
            "updated_at": time(exited.unwrap_or(entered)),
        })
    };
    let past = record.past.iter().map(|past| {
        let (stage, exited) = (past.job_interview_stage_id, Some(past.exited_at));
        row(past.id, stage, past.entered_at, exited)
    });
    let present = row(record.stage_id, partners.stage_id, record.entered_at, None);
    past.chain([present]).collect()
}

pub(crate) fn note(note: &Note) -> Value {
    let record = json!({
        "id": note.id,
        "candidate_id": note.candidate_id,
        "application_id": note.application_id,
        "body": note.body,
        "body_with_tags": null,
        "subject": note.subject,
        "type": note.kind,
        "user_id": note.user_id,
        "visibility": note.visibility,
        "email_from": note.email_from,
        "email_to": note.email_to,
        "email_cc": (note.kind == "EMAIL").then_some(&note.email_cc),
        "email_attachment_file_names": null,
        "import_hash": null,
    });
    with_times(record, &note.times)
}

pub(crate) fn tag(tag: &Tag) -> Value {
    with_times(json!({"id": tag.id, "name": tag.name}), &tag.times)
}

pub(crate) fn applied_tag(row: &AppliedTag) -> Value {
    let record = json!({
        "id": row.id,
        "candidate_id": row.candidate_id,
        "candidate_tag_id": row.candidate_tag_id,
    });
    with_times(record, &row.times)
}

pub(crate) fn attachment(file: &Attachment) -> Value {
    let record = json!({
        "id": file.id,
        "application_id": file.application_id,
        "candidate_id": file.candidate_id,
        "type": file.kind,
        "filename": file.filename,
        "url": format!("https://files.greenhouse.example/{}/{}", file.id, file.filename),
    });
    with_times(record, &file.times)
}

/// For the control API.
pub(crate) fn app(app: &App) -> Value {
    json!({
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": app.client_secret.0,
        "redirect_uris": app.redirect_uris,
        "scopes": app.scopes,
        "organization_id": app.organization_id,
    })
}

/// For the control API.
pub(crate) fn grant(grant: &Grant, now: DateTime<Utc>) -> Map<String, Value> {
    let shown = json!({
        "id": grant.id,
        "client_id": grant.client_id,
        "user_id": grant.user_id,
        "scopes": grant.scopes,
        "granted_at": grant.granted_at,
        "ended_at": grant.ended_at,
        "ended_because": grant.ended_because,
        "refresh_until": grant.refresh_until,
        "refreshes": grant.refreshes,
        "refused_refreshes": grant.refused_refreshes,
        "reuses": grant.reuses,
        "live": grant.is_live(now),
    });
    match shown {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// For the control API: a webhook with its key.
pub(crate) fn webhook(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "organization_id": webhook.organization_id,
        "name": webhook.name,
        "url": webhook.url,
        "secret_key": webhook.secret_key.0,
        "event": webhook.event,
        "disabled": webhook.disabled,
    })
}

/// For the control API: a delivery with its attempts.
pub(crate) fn delivery(delivery: &Delivery) -> Value {
    delivery.shown("organization_id", "candidate_id")
}
