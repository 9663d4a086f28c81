//! Stages, tags, sources, archive reasons and users.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Ask;
use super::answer::{Answer, Problem};
use super::{paging, wire};
use crate::lever::account::ArchiveReason;
use crate::lever::tags;

/// `GET /stages`: in the order of the pipeline.
pub(super) fn list_stages(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let items: Vec<Value> = ask.account()?.stages.iter().map(wire::stage).collect();
    paging::page_in_order(ask, &items)
}

/// `GET /stages/:id`
pub(super) fn get_stage(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id("id");
    let stage = ask.account()?.stage(id);
    let stage = stage.map_err(|_| Problem::not_found("Stage", id))?;
    Ok(Answer::data(wire::stage(stage)))
}

/// `GET /tags`: in alphabetical order, whatever the case.
pub(super) fn list_tags(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let mut counts = BTreeMap::new();
    let account = ask.account()?;
    for tag in &account.known_tags {
        counts.insert((tag.to_lowercase(), tag.clone()), 0_u32);
    }
    for opportunity in ask.lever.opportunities_of(&account.id) {
        for tag in tags::shown(ask.lever, opportunity) {
            *counts.entry((tag.to_lowercase(), tag)).or_default() += 1;
        }
    }
    page_counts(ask, counts)
}

/// `GET /sources`
pub(super) fn list_sources(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let mut counts = BTreeMap::new();
    for opportunity in ask.lever.opportunities_of(&ask.caller.account_id) {
        for source in &opportunity.sources {
            let key = (source.to_lowercase(), source.clone());
            *counts.entry(key).or_default() += 1;
        }
    }
    page_counts(ask, counts)
}

/// Texts with their counts. They have no ids: the texts are their own keys.
fn page_counts(
    ask: &mut Ask<'_>,
    counts: BTreeMap<(String, String), u32>,
) -> Result<Answer, Problem> {
    // Keys that rise as the map does: no text holds a line feed.
    let key = |lower: &str, text: &str| format!("{lower}\n{text}");
    let by_key: BTreeMap<String, (String, u32)> = counts
        .into_iter()
        .map(|((lower, text), count)| (key(&lower, &text), (text, count)))
        .collect();
    let keys: Vec<String> = by_key.keys().cloned().collect();
    let page = paging::page(ask, &keys)?;
    let on_page = page.keys.iter().filter_map(|key| by_key.get(key));
    let items = on_page.map(|(text, count)| json!({"text": text, "count": count}));
    let items = items.collect();
    Ok(page.answer(items))
}

/// `GET /archive_reasons`
pub(super) fn list_archive_reasons(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let query = ask.query;
    let reasons = ask.account()?.archive_reasons.iter();
    let wanted = reasons.filter(|reason| query.lets("type", &reason.kind));
    let items: Vec<Value> = wanted.map(archive_reason).collect();
    paging::page_in_order(ask, &items)
}

/// `GET /archive_reasons/:id`
pub(super) fn get_archive_reason(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id("id");
    let mut reasons = ask.account()?.archive_reasons.iter();
    let found = reasons.find(|reason| reason.id == id).map(archive_reason);
    found
        .map(Answer::data)
        .ok_or_else(|| Problem::not_found("Archive reason", id))
}

fn archive_reason(reason: &ArchiveReason) -> Value {
    json!({"id": reason.id, "text": reason.text, "status": "active", "type": reason.kind})
}

/// `GET /users`: active ones only, unless `includeDeactivated`.
pub(super) fn list_users(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let query = ask.query;
    let all = query.truth("includeDeactivated")?.unwrap_or(false);
    let users = ask.account()?.users.iter();
    let wanted = users.filter(|user| {
        (all || user.deactivated_at.is_none())
            && query.lets("accessRole", &user.access_role)
            && query.lets_any("email", |email| email.eq_ignore_ascii_case(&user.email))
            && query.first("external_directory_id").is_none()
    });
    let items: Vec<Value> = wanted.map(wire::user).collect();
    paging::page_in_order(ask, &items)
}

/// `GET /users/:id`
pub(super) fn get_user(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id("id");
    let user = ask.account()?.user(id);
    let user = user.map_err(|_| Problem::not_found("User", id))?;
    Ok(Answer::data(wire::user(user)))
}
