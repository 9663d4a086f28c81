//! Postings.

use serde_json::Value;

use super::Ask;
use super::answer::{Answer, Problem};
use super::ask::Fields;
use super::{paging, wire};
use crate::lever::account::Posting;
use crate::lever::setup::{self, PostingFields};

/// `GET /postings`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let start = ask.query.time("updated_at_start")?;
    let end = ask.query.time("updated_at_end")?;
    let query = ask.query;
    let confidential = query.first("confidentiality").unwrap_or("non-confidential");
    if confidential != "non-confidential" {
        ask.caller.require("confidential:access:admin")?;
    }
    let of_account = ask.lever.postings_of(&ask.caller.account_id);
    let wanted = of_account.filter(|posting| {
        (confidential == "all" || posting.confidential == (confidential == "confidential"))
            && query.lets("state", &posting.state)
            && query.lets("team", &posting.team)
            && query.lets("department", &posting.department)
            && query.lets("location", &posting.location)
            && query.lets("commitment", &posting.commitment)
            && query.lets_any("tag", |tag| posting.tags.iter().any(|known| known == tag))
            && start.is_none_or(|start| start <= posting.updated_at)
            && end.is_none_or(|end| posting.updated_at <= end)
    });
    let keys: Vec<String> = wanted.map(|posting| posting.id.clone()).collect();
    let page = paging::page(ask, &keys)?;
    let on_page = page.keys.iter().flat_map(|id| ask.lever.posting(id));
    let items: Result<_, _> = on_page.map(|posting| shown(ask, posting)).collect();
    Ok(page.answer(items?))
}

/// As `expand` and `include` want it.
fn shown(ask: &Ask<'_>, posting: &Posting) -> Result<Value, Problem> {
    let (expand, include) = (ask.query.listed("expand"), ask.query.listed("include"));
    let account = ask.account()?;
    let mut value = wire::posting(ask.base, account, posting);
    for field in expand
        .iter()
        .filter(|field| matches!(field.as_str(), "user" | "owner"))
    {
        let user = value[field.as_str()]
            .as_str()
            .and_then(|id| account.user(id).ok());
        if let Some(user) = user {
            value[field.as_str()] = wire::user(user);
        }
    }
    wire::keep(&mut value, &include, &expand);
    Ok(value)
}

fn found<'a>(ask: &'a Ask<'_>) -> Result<&'a Posting, Problem> {
    let id = ask.id("id");
    let known = ask.lever.postings.get(id);
    let known = known.filter(|known| known.account_id == ask.caller.account_id);
    known.ok_or_else(|| Problem::not_found("Posting", id))
}

/// `GET /postings/:id`
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    Ok(Answer::data(shown(ask, found(ask)?)?))
}

/// `POST /postings`
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    ask.required_actor()?;
    let fields = posting_fields(&ask.json()?)?;
    let account_id = ask.caller.account_id.clone();
    let id = setup::create_posting(ask.lever, ask.now, &account_id, fields)?;
    let posting = ask.lever.posting(&id)?;
    Ok(Answer::created(shown(ask, posting)?))
}

/// `POST /postings/:id`: what is given changes, `tags` as a whole.
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    ask.required_actor()?;
    let id = found(ask)?.id.clone();
    let fields = posting_fields(&ask.json()?)?;
    setup::change_posting(ask.lever, ask.now, &id, fields)?;
    let posting = ask.lever.posting(&id)?;
    Ok(Answer::data(shown(ask, posting)?))
}

fn posting_fields(fields: &Fields) -> Result<PostingFields, Problem> {
    let categories = match fields.0.get("categories") {
        Some(Value::Object(members)) => Fields(members.clone()),
        _ => Fields(serde_json::Map::new()),
    };
    let tags = fields
        .0
        .contains_key("tags")
        .then(|| fields.texts("tags"))
        .transpose()?;
    Ok(PostingFields {
        text: fields.text("text")?,
        state: fields.text("state")?,
        team: categories.text("team")?,
        department: categories.text("department")?,
        location: categories.text("location")?,
        commitment: categories.text("commitment")?,
        tags,
        confidential: None,
    })
}
