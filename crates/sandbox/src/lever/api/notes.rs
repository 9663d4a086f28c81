//! Notes of an opportunity.

use serde_json::{Value, json};

use super::Ask;
use super::answer::{Answer, Problem};
use super::ask::Fields;
use super::{paging, wire};
use crate::lever::notes::{self, NewNote};
use crate::lever::opportunity::{Comment, Note};
use crate::lever::settings::NoteAnswer;

/// `GET /opportunities/:id/notes`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let opportunity = ask.opportunity()?;
    let notes = opportunity
        .notes
        .iter()
        .filter(|note| note.deleted_at.is_none());
    let items: Vec<Value> = notes.map(|note| wire::note(opportunity, note)).collect();
    paging::page_in_order(ask, &items)
}

/// `GET /opportunities/:id/notes/:note`
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    Ok(Answer::data(shown(ask, ask.id("note"))?))
}

fn shown(ask: &Ask<'_>, id: &str) -> Result<Value, Problem> {
    let opportunity = ask.opportunity()?;
    let is_it = |note: &&Note| note.id == id && note.deleted_at.is_none();
    let note = opportunity.notes.iter().find(is_it);
    let note = note.ok_or_else(|| Problem::not_found("Note", id))?;
    Ok(wire::note(opportunity, note))
}

/// `POST /opportunities/:id/notes`
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (opportunity_id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let fields = ask.json()?;
    let created_at = fields.number("createdAt")?;
    if created_at.is_some_and(|at| at > ask.now) {
        return Err(Problem::bad_request("createdAt has to be in the past."));
    }
    let new = NewNote {
        value: fields.text("value")?.unwrap_or_default(),
        secret: fields.truth("secret")?,
        score: score(&fields)?,
        notify_followers: fields.truth("notifyFollowers")?,
        created_at,
        note_id: ask.query.first("note_id").map(ToOwned::to_owned),
    };
    let id = notes::create(ask.lever, ask.now, &opportunity_id, new, &actor)?;
    if ask.account()?.settings.note_answer == NoteAnswer::IdOnly {
        return Ok(Answer::created(json!({"noteId": id})));
    }
    let mut note = shown(ask, &id)?;
    note["noteId"] = id.into();
    Ok(Answer::created(note))
}

fn score(fields: &Fields) -> Result<Option<u8>, Problem> {
    match fields.number("score")? {
        None => Ok(None),
        Some(score @ 1..=4) => Ok(u8::try_from(score).ok()),
        Some(_) => Err(Problem::bad_request("score has to be between 1 and 4.")),
    }
}

/// `PUT /opportunities/:id/notes/:note`
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (opportunity_id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let id = ask.id("note");
    let Some(Value::Array(values)) = ask.json()?.0.remove("values") else {
        return Err(Problem::bad_request(
            "values has to be an array of comments.",
        ));
    };
    let comments: Result<Vec<Comment>, Problem> = values
        .into_iter()
        .map(|value| comment(value, ask.now))
        .collect();
    notes::update(ask.lever, ask.now, &opportunity_id, id, comments?, &actor)?;
    Ok(Answer::data(json!({"noteId": id})))
}

fn comment(value: Value, now: i64) -> Result<Comment, Problem> {
    let Value::Object(fields) = value else {
        return Err(Problem::bad_request(
            "values has to be an array of comments.",
        ));
    };
    let fields = Fields(fields);
    Ok(Comment {
        value: fields.text("value")?.unwrap_or_default(),
        created_at: fields.number("createdAt")?.unwrap_or(now),
        score: score(&fields)?,
        user_id: None,
    })
}

/// `DELETE /opportunities/:id/notes/:note`
pub(super) fn delete(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (opportunity_id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let id = ask.id("note");
    notes::delete(ask.lever, ask.now, &opportunity_id, id, &actor)?;
    Ok(Answer::no_content())
}
