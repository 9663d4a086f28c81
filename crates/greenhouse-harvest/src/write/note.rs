//! A new note.

use super::members::{Members, body};
use crate::{ApplicationId, CandidateId, NoteKind, UserId, Visibility};

body! {
    /// A note to write. `Debug` shows no value. Plain text: line breaks are kept.
    ///
    /// ```
    /// use greenhouse_harvest::{CandidateId, Visibility, write::NewNote};
    ///
    /// let note = NewNote::new(CandidateId::new(4_100_000_123), &Visibility::Private, "Result: 82/100");
    /// assert_eq!(note.as_json()["visibility"], "private");
    /// assert_eq!(note.as_json()["note_type"], "NOTE");
    /// ```
    NewNote {
        /// About which of the candidate's applications.
        id application: ApplicationId => "application_id",
        /// Who wrote it; the acting user unless said.
        id user: UserId => "user_id",
    }
}

impl NewNote {
    /// A note about a candidate.
    pub fn new(candidate: CandidateId, visibility: &Visibility, body: impl Into<String>) -> Self {
        Self::of_kind(candidate, NoteKind::Note, visibility, body)
    }

    /// An entry in the candidate's feed.
    pub fn activity(
        candidate: CandidateId,
        visibility: &Visibility,
        body: impl Into<String>,
    ) -> Self {
        Self::of_kind(candidate, NoteKind::Activity, visibility, body)
    }

    /// An e-mail that was sent elsewhere. Nothing is sent.
    pub fn email(
        candidate: CandidateId,
        visibility: &Visibility,
        email: Email<'_>,
        body: impl Into<String>,
    ) -> Self {
        let mut note = Self::of_kind(candidate, NoteKind::Email, visibility, body);
        note.0.set("subject", email.subject);
        note.0.set("email_from", email.from);
        note.0.set("email_to", email.to);
        note.0.set("email_cc", email.cc);
        note
    }

    fn of_kind(
        candidate: CandidateId,
        kind: NoteKind,
        visibility: &Visibility,
        body: impl Into<String>,
    ) -> Self {
        let mut members = Members::default();
        members.set("candidate_id", candidate.get());
        members.set("note_type", String::from(kind));
        members.set("visibility", visibility.as_written());
        members.set("body", body.into());
        Self(members)
    }
}

/// What an e-mail has besides its text.
#[derive(Clone, Copy)]
pub struct Email<'a> {
    /// Its subject.
    pub subject: &'a str,
    /// Its senders.
    pub from: &'a [&'a str],
    /// Its recipients.
    pub to: &'a [&'a str],
    /// Who else got it; may be none.
    pub cc: &'a [&'a str],
}

impl std::fmt::Debug for Email<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}
