//! Lever's state as the control API shows it: everything, also what the Data API hides.

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::account::{Account, Posting, User};
use super::allowance::Counts;
use super::auth::app::App;
use super::auth::grant::Grant;
use super::opportunity::{Actor, Entry, Note, Opportunity};
use super::tags;
use super::webhooks::delivery::Delivery;
use super::webhooks::webhook::Webhook;
use super::world::Lever;

/// Milliseconds since 1970 as RFC 3339.
pub(crate) fn time(milliseconds: i64) -> Value {
    let time = DateTime::from_timestamp_millis(milliseconds);
    serde_json::to_value(time).unwrap_or_default()
}

fn some_time(milliseconds: Option<i64>) -> Value {
    milliseconds.map_or(Value::Null, time)
}

/// An app with its secret.
pub(crate) fn app(app: &App) -> Value {
    json!({
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uris": app.redirect_uris,
        "environment": app.environment,
    })
}

/// A grant with its counts, without its tokens.
pub(crate) fn grant(lever: &Lever, now: i64, grant: &Grant) -> Value {
    let app = lever.apps.get(&grant.client_id);
    json!({
        "id": grant.id,
        "client_id": grant.client_id,
        "app": app.map(|app| &app.name),
        "user_id": grant.user_id,
        "scopes": grant.scopes,
        "granted_at": time(grant.granted_at),
        "revoked_at": some_time(grant.revoked_at),
        "revoked_because": grant.revoked_because,
        "refreshes": grant.refreshes,
        "refused_refreshes": grant.refused_refreshes,
        "reuses": grant.reuses,
        "last_refreshed_at": some_time(grant.last_refreshed_at),
        "live": grant.is_live(now),
    })
}

/// An account with everything but its opportunities.
pub(crate) fn account(lever: &Lever, account: &Account) -> Value {
    let stages = account
        .stages
        .iter()
        .map(|stage| json!({"id": stage.id, "text": stage.text}));
    let postings = lever.postings_of(&account.id).map(posting);
    json!({
        "id": account.id,
        "name": account.name,
        "api_key": account.api_key,
        "settings": account.settings,
        "users": account.users.iter().map(user).collect::<Vec<_>>(),
        "stages": stages.collect::<Vec<_>>(),
        "archive_reasons": account.archive_reasons,
        "postings": postings.collect::<Vec<_>>(),
        "enabled_events": account.enabled_events,
        "opportunities": lever.opportunities_of(&account.id).count(),
    })
}

/// A user.
pub(crate) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "email": user.email,
        "access_role": user.access_role,
        "deactivated_at": some_time(user.deactivated_at),
    })
}

/// A posting.
pub(crate) fn posting(posting: &Posting) -> Value {
    json!({
        "id": posting.id,
        "account_id": posting.account_id,
        "text": posting.text,
        "state": posting.state,
        "team": posting.team,
        "department": posting.department,
        "location": posting.location,
        "commitment": posting.commitment,
        "tags": posting.tags,
        "confidential": posting.confidential,
    })
}

/// Calls of all apps of an account together. The largest second is the largest of any one of them: buckets are apart.
pub(crate) fn allowance(account: &Account) -> Value {
    let all = || {
        account
            .allowances
            .values()
            .map(|allowance| &allowance.counts)
    };
    let mut seconds = std::collections::BTreeMap::<i64, (u64, u64)>::new();
    let mut by_name = std::collections::BTreeMap::<&String, u64>::new();
    for counts in all() {
        for (second, (calls, refused)) in &counts.seconds {
            let sum = seconds.entry(*second).or_default();
            *sum = (sum.0 + calls, sum.1 + refused);
        }
        for (name, calls) in &counts.by_name {
            *by_name.entry(name).or_default() += calls;
        }
    }
    let seconds = seconds.into_iter().map(
        |(second, (calls, refused))| json!({"second": second, "calls": calls, "refused": refused}),
    );
    let sum = |count: fn(&Counts) -> u64| all().map(count).sum::<u64>();
    json!({
        "calls": sum(|counts| counts.calls),
        "refused": sum(|counts| counts.refused),
        "largest_second": all().map(|counts| counts.largest_second).max().unwrap_or_default(),
        "seconds": seconds.collect::<Vec<_>>(),
        "calls_by_name": by_name,
    })
}

fn with_actor(mut value: Value, by: &'static str, actor: &Actor) -> Value {
    value[by] = serde_json::to_value(actor.by).unwrap_or_default();
    value["client_id"] = actor.client_id.clone().into();
    value["user_id"] = actor.user_id.clone().into();
    value
}

fn note(note: &Note) -> Value {
    let texts: Vec<&str> = note
        .comments
        .iter()
        .map(|comment| comment.value.as_str())
        .collect();
    let shown = json!({
        "id": note.id,
        "value": texts.join("\n"),
        "comments": note.comments.len(),
        "secret": note.secret,
        "score": note.comments.first().and_then(|comment| comment.score),
        "notify_followers": note.notify_followers,
        "mentions": note.mentions,
        "created_at": time(note.created_at),
        "updated_at": time(note.updated_at),
        "deleted_at": some_time(note.deleted_at),
    });
    with_actor(shown, "made_by", &note.made_by)
}

fn entry(entry: &Entry) -> Value {
    let shown = json!({"at": time(entry.at), "what": entry.what, "value": entry.value});
    with_actor(shown, "by", &entry.actor)
}

/// An opportunity with everything that was done to it.
pub(crate) fn opportunity(lever: &Lever, base: &str, opportunity: &Opportunity) -> Value {
    let person = lever.contact_of(opportunity);
    let stage = lever
        .accounts
        .get(&opportunity.account_id)
        .map(|account| account.stage_name(&opportunity.stage_id));
    let archived = opportunity
        .archived
        .as_ref()
        .map(|archived| json!({"at": time(archived.archived_at), "reason": archived.reason}));
    let changes = opportunity.stage_changes.iter().map(|change| {
        json!({"stage_id": change.to_stage_id, "at": time(change.updated_at), "user_id": change.user_id})
    });
    let id = Some(&opportunity.id);
    let told = lever.outbox.all();
    let told = told.filter(|told| told.about_id.as_ref() == id);
    let mut shown = json!({
        "id": opportunity.id,
        "account_id": opportunity.account_id,
        "contact_id": person.id,
        "name": person.name,
        "headline": person.headline,
        "emails": person.emails,
        "phones": person.phones,
        "links": person.links,
        "anonymised": person.anonymized,
        "stage_id": opportunity.stage_id,
        "stage": stage,
        "archived": archived,
        "confidential": opportunity.confidential,
        "tags": tags::shown(lever, opportunity),
        "origin": opportunity.origin,
        "owner": opportunity.owner,
        "posting_id": opportunity.posting_id(),
        "snoozed_until": opportunity.snoozed_until,
        "contact_allowed": opportunity.contact_allowed,
        "writes": opportunity.writes,
        "deliveries": told.count(),
        "url": format!("{base}/lever/opportunities/{}", opportunity.id),
    });
    shown["notes"] = opportunity.notes.iter().map(note).collect();
    shown["stage_changes"] = changes.collect();
    shown["history"] = opportunity.history.iter().map(entry).collect();
    shown
}

/// A webhook with its token.
pub(crate) fn webhook(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "account_id": webhook.account_id,
        "event": webhook.event,
        "url": webhook.url,
        "origins": webhook.origins,
        "signature_token": webhook.signature_token,
        "made_by": webhook.made_by,
        "client_id": webhook.client_id,
        "created_at": time(webhook.created_at),
    })
}

/// A delivery with its attempts.
pub(crate) fn delivery(delivery: &Delivery) -> Value {
    delivery.shown("account_id", "opportunity_id")
}

/// The members of an object, without one of them.
pub(crate) fn split(
    mut members: Map<String, Value>,
    name: &str,
) -> (Option<Value>, Map<String, Value>) {
    let taken = members.remove(name);
    (taken, members)
}
