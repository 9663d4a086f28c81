//! Makes a candidate's feed show a result: one note for each final revision.

use chrono::{DateTime, Utc};
use domain::{InviteView, Receipt, Writeback};
use futures_util::TryStreamExt as _;
use greenhouse_harvest::write::NewNote;
use greenhouse_harvest::{CandidateFilter, CandidateId, Client, Visibility};
use serde::{Deserialize, Serialize};

use super::failure::{Doing, receipt};
use super::refer::note_with;
use super::steps::{Plan, Try};
use crate::Shown;

/// What is kept with an invite's place in a feed: ids, nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSubject {
    /// The person there.
    pub person: i64,
    /// The revisions up to this one need no note: the stage there shows them by itself, or they have theirs.
    #[serde(default)]
    pub after: i32,
    /// The note of this revision may have been made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub making: Option<(i32, Try)>,
}

impl FeedSubject {
    /// No note yet.
    pub fn new(person: i64, after: i32) -> Self {
        Self {
            person,
            after,
            making: None,
        }
    }

    /// As a place keeps it.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("ids and moments have a JSON form")
    }

    /// From text; `None` where it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// How long to wait before it is looked for, where it is too early at `now`.
    pub fn wait(&self, revision: i32, now: DateTime<Utc>) -> Option<std::time::Duration> {
        let (of, begun) = self.making.as_ref()?;
        match begun.plan(now) {
            Plan::Wait(wait) if *of == revision => Some(wait),
            _ => None,
        }
    }
}

/// A note is written for each final revision that needs one.
pub fn calls_for_note(subject: &str, view: &InviteView, done: Option<&Writeback>) -> bool {
    let after = FeedSubject::parse(subject).map_or(0, |subject| subject.after);
    let shown = done.map_or(after, |done| done.revision.max(after));
    view.revision() > shown
}

/// The one person with an address; none where there is nobody or more than one.
///
/// # Errors
/// What is to be shown, where they could not be looked for.
pub async fn only_person(client: &Client, email: &str) -> Result<Option<i64>, Shown> {
    let mut found = client.list(&CandidateFilter::new().email(email));
    let mut only = None;
    while let Some(entry) = found
        .try_next()
        .await
        .map_err(|error| receipt(Doing::LookForPerson, &error))?
    {
        let one = entry.candidate().map(|it| it.id.get());
        if only.is_some() || one.is_none() {
            return Ok(None);
        }
        only = one;
    }
    Ok(only)
}

/// What a revision's note says.
#[derive(Debug, Clone)]
pub struct ResultNote {
    /// Of which revision it is.
    pub revision: i32,
    /// All of it.
    pub text: String,
    /// Its last line.
    pub reference: String,
}

/// A feed, and who may read what is written into it.
#[derive(Debug)]
pub struct Feed<'a> {
    /// Harvest.
    pub client: &'a Client,
    /// Who may read the notes.
    pub visibility: &'a Visibility,
}

/// What a look into a feed comes to.
#[derive(Debug)]
pub enum Looked {
    /// This is to be shown.
    Shown(Shown),
    /// The note is to be written, once this is kept: whoever comes after us looks for it first.
    Write(FeedSubject),
}

impl Feed<'_> {
    /// Looks for a note.
    pub async fn look(
        &self,
        subject: &FeedSubject,
        note: &ResultNote,
        now: DateTime<Utc>,
    ) -> Looked {
        match self.find(subject, note).await {
            Ok(true) => return Looked::Shown(shown(subject, note, true)),
            Ok(false) => {}
            Err(shown) => return Looked::Shown(shown),
        }
        let making = subject.making.as_ref();
        let begun = making.filter(|(of, _)| *of == note.revision);
        match begun.and_then(|(_, begun)| begun.looked()) {
            Some(again) => Looked::Shown(later(subject, note, again)),
            None => Looked::Write(FeedSubject {
                making: Some((note.revision, Try::begun(now))),
                ..subject.clone()
            }),
        }
    }

    /// Writes a note that a look called for, and reads it back; `begun` is what was kept before.
    pub async fn write(&self, begun: &FeedSubject, note: &ResultNote) -> Shown {
        let person = CandidateId::new(begun.person);
        let new = NewNote::new(person, self.visibility, &note.text);
        match self.client.create_note(&new).await {
            Ok(_) => {
                let is_seen = matches!(self.find(begun, note).await, Ok(true));
                shown(begun, note, is_seen)
            }
            Err(error) => {
                let making = begun.making.clone().filter(|_| error.is_ambiguous());
                let known = FeedSubject {
                    making,
                    ..begun.clone()
                };
                Shown {
                    subject: Some(known.to_text()),
                    ..receipt(Doing::WriteNote, &error)
                }
            }
        }
    }

    async fn find(&self, subject: &FeedSubject, note: &ResultNote) -> Result<bool, Shown> {
        let person = CandidateId::new(subject.person);
        let found = note_with(self.client, person, &note.reference).await?;
        Ok(found.is_some())
    }
}

/// The note is there; it needs no other.
fn shown(subject: &FeedSubject, note: &ResultNote, is_seen: bool) -> Shown {
    let detail = "The note is in the candidate's feed".to_owned();
    let newer = |(of, _): &(i32, Try)| *of > note.revision;
    let known = FeedSubject {
        after: note.revision,
        making: subject.making.clone().filter(newer),
        ..subject.clone()
    };
    Shown {
        is_seen,
        subject: Some(known.to_text()),
        ..Receipt::Sent { detail }.into()
    }
}

fn later(subject: &FeedSubject, note: &ResultNote, again: Try) -> Shown {
    let detail =
        "The note may have arrived in Greenhouse: it is looked for before it is written again"
            .to_owned();
    let known = FeedSubject {
        making: Some((note.revision, again)),
        ..subject.clone()
    };
    Shown {
        is_answered: true,
        subject: Some(known.to_text()),
        ..Receipt::Retrying { detail }.into()
    }
}
