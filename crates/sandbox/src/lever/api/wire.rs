//! Lever's objects as they stand in answers.

use serde_json::{Value, json};

use crate::lever::account::{Account, Posting, Stage, User};
use crate::lever::opportunity::{Application, Contact, Feedback, File, Note, Opportunity};
use crate::lever::tags;
use crate::lever::world::Lever;

/// An opportunity; `expand` names the fields that stand as whole objects.
pub(crate) fn opportunity(
    lever: &Lever,
    base: &str,
    opportunity: &Opportunity,
    expand: &[String],
) -> Value {
    let person = lever.contact_of(opportunity);
    let archived = opportunity
        .archived
        .as_ref()
        .map(|archived| json!({"archivedAt": archived.archived_at, "reason": archived.reason}));
    let applications: Vec<&String> = opportunity
        .application
        .iter()
        .map(|made| &made.id)
        .collect();
    let mut value = json!({
        "id": opportunity.id,
        "name": person.name,
        "contact": person.id,
        "headline": person.headline,
        "stage": opportunity.stage_id,
        "confidentiality": confidentiality(opportunity.confidential),
        "location": opportunity.location,
        "phones": phones(&person),
        "emails": person.emails,
        "links": person.links,
        "archived": archived,
        "tags": tags::shown(lever, opportunity),
        "sources": opportunity.sources,
        "stageChanges": stage_changes(opportunity),
        "origin": opportunity.origin,
        "sourcedBy": null,
        "owner": opportunity.owner,
        "followers": opportunity.followers,
        "applications": applications,
        "createdAt": opportunity.created_at,
        "updatedAt": opportunity.updated_at,
        "lastInteractionAt": opportunity.last_interaction_at,
        "lastAdvancedAt": opportunity.last_advanced_at,
        "snoozedUntil": opportunity.snoozed_until,
        "urls": {
            "list": format!("{base}/lever/accounts/{}", opportunity.account_id),
            "show": format!("{base}/lever/opportunities/{}", opportunity.id),
        },
        "isAnonymized": person.anonymized,
        "dataProtection": data_protection(opportunity),
        "opportunityLocation": "unspecified",
    });
    for field in expand {
        if let Some(whole) = expanded(lever, opportunity, &person, field) {
            value[field.as_str()] = whole;
        }
    }
    value
}

fn expanded(
    lever: &Lever,
    opportunity: &Opportunity,
    person: &Contact,
    field: &str,
) -> Option<Value> {
    let account = lever.accounts.get(&opportunity.account_id)?;
    let whole_user = |id: &String| account.user(id).map_or_else(|_| json!(id), user);
    match field {
        "contact" => Some(contact(person)),
        "stage" => account.stage(&opportunity.stage_id).ok().map(stage),
        "owner" => opportunity.owner.as_ref().map(whole_user),
        "followers" => Some(opportunity.followers.iter().map(whole_user).collect()),
        "applications" => {
            let all = opportunity.application.iter();
            Some(all.map(|made| application(opportunity, made)).collect())
        }
        _ => None,
    }
}

/// Takes the person out of an answer, as recorded answers of writes do.
pub(crate) fn blank(opportunity: &mut Value) {
    opportunity["name"] = "".into();
    opportunity["headline"] = "".into();
    opportunity["emails"] = json!([]);
    opportunity["phones"] = json!([]);
}

/// Keeps the named members; none named: all.
pub(crate) fn keep(value: &mut Value, include: &[String], expand: &[String]) {
    if let (Value::Object(members), false) = (value, include.is_empty()) {
        members.retain(|name, _| include.contains(name) || expand.contains(name));
    }
}

fn confidentiality(confidential: bool) -> &'static str {
    if confidential {
        "confidential"
    } else {
        "non-confidential"
    }
}

fn phones(person: &Contact) -> Vec<Value> {
    let phones = person.phones.iter();
    phones
        .map(|phone| json!({"type": "mobile", "value": phone}))
        .collect()
}

fn stage_changes(opportunity: &Opportunity) -> Vec<Value> {
    let changes = opportunity.stage_changes.iter().map(|change| {
        json!({
            "toStageId": change.to_stage_id,
            "toStageIndex": change.to_stage_index,
            "updatedAt": change.updated_at,
            "userId": change.user_id,
        })
    });
    changes.collect()
}

fn data_protection(opportunity: &Opportunity) -> Value {
    match opportunity.contact_allowed {
        None => Value::Null,
        Some(allowed) => json!({
            "store": {"allowed": true, "expiresAt": null},
            "contact": {"allowed": allowed, "expiresAt": null},
        }),
    }
}

/// A person.
pub(crate) fn contact(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "name": contact.name,
        "headline": contact.headline,
        "isAnonymized": contact.anonymized,
        "location": {"name": contact.location},
        "emails": contact.emails,
        "phones": phones(contact),
    })
}

/// An application. Name, e-mail and phone are null where a recruiter added the person.
pub(crate) fn application(opportunity: &Opportunity, application: &Application) -> Value {
    let archived = opportunity
        .archived
        .as_ref()
        .map(|archived| json!({"archivedAt": archived.archived_at, "reason": archived.reason}));
    json!({
        "id": application.id,
        "opportunityId": opportunity.id,
        "candidateId": opportunity.id,
        "createdAt": application.created_at,
        "type": application.kind,
        "posting": application.posting_id,
        "postingOwner": null,
        "postingHiringManager": null,
        "user": application.user_id,
        "name": null,
        "email": null,
        "phone": null,
        "company": null,
        "links": [],
        "comments": "",
        "customQuestions": [],
        "archived": archived,
        "requisitionForHire": null,
    })
}

/// A stage.
pub(crate) fn stage(stage: &Stage) -> Value {
    json!({"id": stage.id, "text": stage.text})
}

/// A user.
pub(crate) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "email": user.email,
        "createdAt": user.created_at,
        "deactivatedAt": user.deactivated_at,
        "accessRole": user.access_role,
        "photo": null,
        "externalDirectoryId": null,
        "linkedContactIds": [],
        "jobTitle": null,
        "managerId": null,
    })
}

/// A posting.
pub(crate) fn posting(base: &str, account: &Account, posting: &Posting) -> Value {
    let owner = posting.owner.clone();
    let owner = owner.or_else(|| account.super_admin().map(|user| user.id.clone()));
    let page = format!("{base}/lever/postings/{}", posting.id);
    json!({
        "id": posting.id,
        "text": posting.text,
        "state": posting.state,
        "distributionChannels": if posting.state == "published" { json!(["public"]) } else { Value::Null },
        "confidentiality": confidentiality(posting.confidential),
        "user": owner,
        "owner": owner,
        "hiringManager": null,
        "categories": {
            "team": posting.team,
            "department": posting.department,
            "location": posting.location,
            "allLocations": [posting.location],
            "commitment": posting.commitment,
            "level": null,
        },
        "tags": posting.tags,
        "content": {"description": "", "descriptionHtml": "", "lists": [], "closing": "", "closingHtml": ""},
        "country": null,
        "followers": [],
        "reqCode": null,
        "requisitionCodes": [],
        "salaryRange": null,
        "urls": {
            "list": format!("{base}/lever/accounts/{}/postings", posting.account_id),
            "show": page,
            "apply": page,
        },
        "workplaceType": "unspecified",
        "createdAt": posting.created_at,
        "updatedAt": posting.updated_at,
    })
}

/// A note.
pub(crate) fn note(opportunity: &Opportunity, note: &Note) -> Value {
    let fields = note.comments.iter().map(|comment| {
        json!({
            "type": "note",
            "text": "Comment",
            "value": comment.value,
            "createdAt": comment.created_at,
            "user": comment.user_id,
            "score": comment.score,
            "stage": opportunity.stage_id,
        })
    });
    json!({
        "id": note.id,
        "text": "Note",
        "fields": fields.collect::<Vec<_>>(),
        "user": note.made_by.user_id,
        "secret": note.secret,
        "createdAt": note.created_at,
        "completedAt": note.created_at,
        "deletedAt": note.deleted_at,
    })
}

/// A file. Some numbers stand as strings of digits, as documented.
pub(crate) fn file(base: &str, opportunity: &Opportunity, file: &File) -> Value {
    let path = format!(
        "opportunities/{}/files/{}/download",
        opportunity.id, file.id
    );
    json!({
        "id": file.id,
        "name": file.name,
        "ext": file.name.rsplit_once('.').map(|(_, ext)| ext),
        "mimetype": file.content_type,
        "size": file.content.len().to_string(),
        "uploadedAt": file.uploaded_at.to_string(),
        "status": "processed",
        "downloadUrl": format!("{base}/lever/v1/{path}"),
    })
}

/// A feedback form.
pub(crate) fn feedback(feedback: &Feedback) -> Value {
    json!({
        "id": feedback.id,
        "type": feedback.kind,
        "text": feedback.text,
        "instructions": "",
        "fields": feedback.fields,
        "baseTemplateId": null,
        "panel": null,
        "interview": null,
        "user": feedback.user_id,
        "createdAt": feedback.created_at,
        "completedAt": feedback.created_at,
        "deletedAt": null,
    })
}
