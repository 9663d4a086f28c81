//! Notes: written by people and by the API, which may change only its own.

use super::account::Account;
use super::opportunity::{Actor, By, Comment, Note};
use super::world::Lever;
use crate::refusal::Refusal;

/// A note to be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewNote {
    pub(crate) value: String,
    pub(crate) secret: bool,
    pub(crate) score: Option<u8>,
    pub(crate) notify_followers: bool,
    pub(crate) created_at: Option<i64>,
    /// An existing note to which this is a comment.
    pub(crate) note_id: Option<String>,
}

/// Writes a note, or a comment to one; its id. Two of the same make two notes.
///
/// # Errors
/// The opportunity or the note to comment on are unknown, or there is no text.
pub(crate) fn create(
    lever: &mut Lever,
    now: i64,
    opportunity_id: &str,
    new: NewNote,
    actor: &Actor,
) -> Result<String, Refusal> {
    if new.value.trim().is_empty() {
        return Err(Refusal::field(
            "value",
            "The note is empty: write something.",
        ));
    }
    let mentions = mentions(lever.account_of(opportunity_id)?, &new.value);
    let id = lever.ids.draw();
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    let created_at = new.created_at.unwrap_or(now);
    let comment = Comment {
        value: new.value,
        created_at,
        score: new.score,
        user_id: actor.user_id.clone(),
    };
    opportunity.last_interaction_at = now;
    if let Some(note_id) = new.note_id {
        let note = opportunity.notes.iter_mut().find(|note| note.id == note_id);
        let note = note.ok_or_else(|| Refusal::unknown("note", &note_id))?;
        note.comments.push(comment);
        note.mentions.extend(mentions);
        opportunity.record(now, "note_commented", &note_id, actor);
        return Ok(note_id);
    }
    opportunity.record(now, "note_created", comment.value.clone(), actor);
    opportunity.notes.push(Note {
        id: id.clone(),
        comments: vec![comment],
        secret: new.secret,
        notify_followers: new.notify_followers,
        made_by: actor.clone(),
        created_at,
        updated_at: now,
        deleted_at: None,
        mentions,
    });
    Ok(id)
}

/// Replaces all comments of a note that the API made.
///
/// # Errors
/// There is no such note, a user wrote it, or nothing is to stand there.
pub(crate) fn update(
    lever: &mut Lever,
    now: i64,
    opportunity_id: &str,
    note_id: &str,
    mut comments: Vec<Comment>,
    actor: &Actor,
) -> Result<(), Refusal> {
    if comments.is_empty()
        || comments
            .iter()
            .any(|comment| comment.value.trim().is_empty())
    {
        return Err(Refusal::field(
            "values",
            "The note is empty: write something.",
        ));
    }
    let all = comments.iter().map(|comment| comment.value.as_str());
    let text = all.collect::<Vec<_>>().join("\n");
    let mentioned = mentions(lever.account_of(opportunity_id)?, &text);
    let note = made_by_api(lever, opportunity_id, note_id)?;
    for comment in &mut comments {
        comment.user_id.clone_from(&note.made_by.user_id);
    }
    note.comments = comments;
    note.updated_at = now;
    note.mentions.extend(mentioned);
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    opportunity.record(now, "note_updated", text, actor);
    Ok(())
}

/// Deletes a note that the API made.
///
/// # Errors
/// There is no such note, or a user wrote it.
pub(crate) fn delete(
    lever: &mut Lever,
    now: i64,
    opportunity_id: &str,
    note_id: &str,
    actor: &Actor,
) -> Result<(), Refusal> {
    made_by_api(lever, opportunity_id, note_id)?.deleted_at = Some(now);
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    opportunity.record(now, "note_deleted", note_id, actor);
    Ok(())
}

fn made_by_api<'a>(
    lever: &'a mut Lever,
    opportunity_id: &str,
    note_id: &str,
) -> Result<&'a mut Note, Refusal> {
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    let mut notes = opportunity.notes.iter_mut();
    let note = notes.find(|note| note.id == note_id && note.deleted_at.is_none());
    let note = note.ok_or_else(|| Refusal::unknown("note", note_id))?;
    if note.made_by.by == By::User {
        let why = "A note that a user wrote cannot be changed through the API.";
        return Err(Refusal::Conflict(why.to_owned()));
    }
    Ok(note)
}

/// The users whom an `@` in the text tells of it.
fn mentions(account: &Account, text: &str) -> Vec<String> {
    let is_named = |name: &str| {
        text.match_indices('@').any(|(at, _)| {
            let rest = &text[at + 1..];
            rest.strip_prefix(name).is_some_and(|after| {
                let next = after.chars().next();
                next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
            })
        })
    };
    let named = account.users.iter().filter(|user| is_named(&user.username));
    named.map(|user| user.username.clone()).collect()
}
