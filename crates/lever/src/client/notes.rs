//! Notes: read, written, rewritten.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::request::Request;
use super::{Client, Listing};
use crate::{Error, NewNote, Note, NoteId, OpportunityId};

/// The documentation shows `noteId` alone, live answers the whole note.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Whole {
        id: NoteId,
    },
    Named {
        #[serde(rename = "noteId")]
        id: NoteId,
    },
}

impl Client {
    /// The notes of an opportunity. Scope `notes:read:admin`.
    pub fn notes(&self, opportunity: &OpportunityId) -> Listing<Note> {
        let request = Request::get(&["opportunities", opportunity.as_str(), "notes"]);
        self.listing(request, |note| note.id.as_str())
    }

    /// One note.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn note(&self, opportunity: &OpportunityId, note: &NoteId) -> Result<Note, Error> {
        self.read(Request::get(&path(opportunity, note))).await
    }

    /// Writes a note; gives its id. Scope `notes:write:admin`, as all that follow.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look whether it is there before writing it again.
    pub async fn create_note(
        &self,
        opportunity: &OpportunityId,
        note: &NewNote,
    ) -> Result<NoteId, Error> {
        let request = Request::create(&["opportunities", opportunity.as_str(), "notes"]);
        self.write(request, note).await
    }

    /// Adds a comment to a note; gives the id that Lever names.
    ///
    /// # Errors
    ///
    /// As [`create_note`](Self::create_note).
    pub async fn comment_on_note(
        &self,
        opportunity: &OpportunityId,
        thread: &NoteId,
        comment: &NewNote,
    ) -> Result<NoteId, Error> {
        let request = Request::create(&["opportunities", opportunity.as_str(), "notes"])
            .with("note_id", thread.as_str());
        self.write(request, comment).await
    }

    /// Puts another text in place of all that a note holds. Works on notes made through the API alone. May be repeated.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn update_note(
        &self,
        opportunity: &OpportunityId,
        id: &NoteId,
        note: &NewNote,
    ) -> Result<(), Error> {
        let mut value = json!({ "value": note.value });
        if let Some(members) = value.as_object_mut() {
            optional(members, note);
        }
        let request = Request::put(&path(opportunity, id)).perform_as(note.perform_as.as_ref());
        self.done(request.json(&json!({ "values": [value] }))).await
    }

    /// Deletes a note that was made through the API.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn delete_note(&self, opportunity: &OpportunityId, id: &NoteId) -> Result<(), Error> {
        self.done(Request::delete(&path(opportunity, id))).await
    }

    async fn write(&self, request: Request, note: &NewNote) -> Result<NoteId, Error> {
        let request = request.perform_as(note.perform_as.as_ref());
        self.read(request.json(&new(note)))
            .await
            .map(|(Written::Whole { id } | Written::Named { id })| id)
    }
}

fn path<'a>(opportunity: &'a OpportunityId, note: &'a NoteId) -> [&'a str; 4] {
    [
        "opportunities",
        opportunity.as_str(),
        "notes",
        note.as_str(),
    ]
}

fn new(note: &NewNote) -> Value {
    let mut body = Map::new();
    body.insert("value".into(), note.value.clone().into());
    body.insert("secret".into(), note.secret.into());
    body.insert("notifyFollowers".into(), note.notify_followers.into());
    optional(&mut body, note);
    body.into()
}

fn optional(members: &mut Map<String, Value>, note: &NewNote) {
    if let Some(score) = note.score {
        members.insert("score".into(), score.into());
    }
    if let Some(created_at) = note.created_at {
        members.insert("createdAt".into(), created_at.millis().into());
    }
}
