//! Tags: listed, made, given and taken away.

use serde_json::Value;

use super::ask::Ask;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::records::Tag;
use crate::harvest::{tags, views};

fn tags_of<'a>(ask: &'a Ask<'_>) -> impl Iterator<Item = &'a Tag> {
    let id = ask.organization_id();
    let all = ask.harvest().tags.values();
    all.filter(move |tag| tag.organization_id == id)
}

/// `GET /candidate_tags`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let all: Vec<Value> = tags_of(ask).map(views::tag).collect();
    wanted.page(ask, all, &[])
}

/// `POST /candidate_tags`: no two have one name; case counts.
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let name = ask.fields()?.required_text("name")?;
    if tags_of(ask).any(|tag| tag.name == name) {
        return Err(Problem::field("name", "It has already been taken."));
    }
    let id = tags::named(ask.world, ask.now, ask.caller.organization_id, &name);
    let made = ask.harvest().tags.get(&id).map(views::tag);
    Ok(Answer::json(201, made.unwrap_or_default()))
}

/// `GET /applied_candidate_tags`
pub(super) fn applied(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let id = ask.organization_id();
    let rows = ask.harvest().applied_tags.values();
    let rows = rows.filter(|row| row.organization_id == id);
    let all: Vec<Value> = rows.map(views::applied_tag).collect();
    let own = [
        ("candidate_ids", By::Ids("candidate_id")),
        ("candidate_tag_ids", By::Ids("candidate_tag_id")),
    ];
    wanted.page(ask, all, &own)
}

/// `POST /applied_candidate_tags`
pub(super) fn apply(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.fields()?;
    let candidate_id = fields.required_id("candidate_id")?;
    let tag_id = fields.required_id("candidate_tag_id")?;
    let nobody = || Problem::field("candidate_id", "There is no such candidate.");
    ask.candidate(candidate_id).ok_or_else(nobody)?;
    let tag = tags_of(ask).find(|tag| tag.id == tag_id);
    let nothing = || Problem::field("candidate_tag_id", "There is no such tag.");
    let name = tag.ok_or_else(nothing)?.name.clone();
    let has = tags::row_of(ask.world, candidate_id, tag_id).is_some();
    if has && ask.settings().refuse_tag_twice {
        let why = "The candidate has this tag.";
        return Err(Problem::field("candidate_tag_id", why));
    }
    if !has {
        let now = ask.now;
        tags::change(ask.world, now, candidate_id, |names| {
            names.push(name.into());
        });
    }
    let row = tags::row_of(ask.world, candidate_id, tag_id);
    Ok(Answer::json(
        201,
        row.map(views::applied_tag).unwrap_or_default(),
    ))
}

/// `DELETE /applied_candidate_tags/{id}`, by the row's id.
pub(super) fn remove(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id.ok_or_else(Problem::not_found)?;
    let row = ask.harvest().applied_tags.get(&id);
    let row = row.filter(|row| row.organization_id == ask.organization_id());
    let row = row.ok_or_else(Problem::not_found)?.clone();
    let tag = ask.harvest().tags.get(&row.candidate_tag_id);
    let name = tag.map(|tag| tag.name.clone()).unwrap_or_default();
    let now = ask.now;
    tags::change(ask.world, now, row.candidate_id, |names| {
        names.retain(|known| *known != name);
    });
    Ok(Answer::no_content())
}
