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
    /// The stage there shows the revisions up to this one by itself.
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

/// A note is written for each final revision that the stage did not take.
pub fn calls_for_note(subject: &str, view: &InviteView, done: Option<&Writeback>) -> bool {
    let taken = FeedSubject::parse(subject).map_or(0, |subject| subject.after);
    let shown = done.map_or(taken, |done| done.revision.max(taken));
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

/// One feed, and what is written into it.
#[derive(Debug)]
pub struct Feed<'a> {
    /// Harvest.
    pub client: &'a Client,
    /// Who may read the note.
    pub visibility: &'a Visibility,
    /// The note.
    pub text: &'a str,
    /// Its last line.
    pub reference: &'a str,
    /// Of which revision it is.
    pub revision: i32,
}

impl Feed<'_> {
    /// Makes the feed show the note. `begin` is awaited right before one is made, with what is known from then on: it keeps that;
    /// false where that cannot be, and then nothing is made and the answer is `None`.
    pub async fn show(
        &self,
        subject: &FeedSubject,
        now: DateTime<Utc>,
        begin: impl AsyncFnOnce(FeedSubject) -> bool,
    ) -> Option<Shown> {
        let person = CandidateId::new(subject.person);
        match note_with(self.client, person, self.reference).await {
            Ok(Some(_)) => return Some(self.shown(subject, true)),
            Ok(None) => {}
            Err(shown) => return Some(shown),
        }
        let making = subject.making.as_ref();
        let begun = making.filter(|(of, _)| *of == self.revision);
        if let Some(again) = begun.and_then(|(_, begun)| begun.looked()) {
            return Some(self.later(subject, again));
        }
        let begun = FeedSubject {
            making: Some((self.revision, Try::begun(now))),
            ..subject.clone()
        };
        if !begin(begun.clone()).await {
            return None;
        }
        Some(self.write(person, &begun).await)
    }

    async fn write(&self, person: CandidateId, begun: &FeedSubject) -> Shown {
        let note = NewNote::new(person, self.visibility, self.text);
        match self.client.create_note(&note).await {
            Ok(_) => {
                let seen = note_with(self.client, person, self.reference).await;
                self.shown(begun, matches!(seen, Ok(Some(_))))
            }
            Err(error) => {
                let known = error.is_ambiguous().then(|| begun.clone());
                let known = known.unwrap_or(FeedSubject {
                    making: None,
                    ..begun.clone()
                });
                Shown {
                    subject: Some(known.to_text()),
                    ..receipt(Doing::WriteNote, &error)
                }
            }
        }
    }

    fn shown(&self, subject: &FeedSubject, is_seen: bool) -> Shown {
        let detail = "The note is in the candidate's feed".to_owned();
        let known = FeedSubject {
            making: None,
            ..subject.clone()
        };
        Shown {
            is_seen,
            subject: Some(known.to_text()),
            ..Receipt::Sent { detail }.into()
        }
    }

    fn later(&self, subject: &FeedSubject, again: Try) -> Shown {
        let detail =
            "The note may have arrived in Greenhouse: it is looked for before it is written again"
                .to_owned();
        let known = FeedSubject {
            making: Some((self.revision, again)),
            ..subject.clone()
        };
        Shown {
            is_answered: true,
            subject: Some(known.to_text()),
            ..Receipt::Retrying { detail }.into()
        }
    }
}
