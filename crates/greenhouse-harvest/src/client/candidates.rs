//! Candidates: made and changed.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Client;
use super::request::Request;
use crate::write::{CandidateUpdate, NewCandidate};
use crate::{Application, Candidate, CandidateEntry, CandidateId, Error};

/// What became of a new candidate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct CreatedCandidate {
    /// The person; or a message in their place, and then look for them by e-mail address, after a while.
    pub candidate: CandidateEntry,
    /// Their application, where one was asked for.
    pub application: Option<Application>,
}

/// Most see the two wrapped, one sees the person alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wire {
    Wrapped {
        candidate: CandidateEntry,
        application: Option<Box<Application>>,
    },
    Bare(CandidateEntry),
}

impl From<Wire> for CreatedCandidate {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::Wrapped {
                candidate,
                application,
            } => Self {
                candidate,
                application: application.map(|it| *it),
            },
            Wire::Bare(candidate) => Self {
                candidate,
                application: None,
            },
        }
    }
}

impl Client {
    /// Makes a candidate, with an application or without. Greenhouse makes a second person of the same e-mail address. A list
    /// may show the new one only minutes later. Scope `harvest:candidates:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look for the e-mail address before making them again.
    pub async fn create_candidate(
        &self,
        candidate: &NewCandidate,
    ) -> Result<CreatedCandidate, Error> {
        self.read(Request::act("candidates", candidate.as_json()))
            .await
    }

    /// Changes a candidate. Scope `harvest:candidates:update`. May be repeated.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn update_candidate(
        &self,
        id: CandidateId,
        changes: &CandidateUpdate,
    ) -> Result<Candidate, Error> {
        let path = format!("candidates/{id}");
        self.read(Request::update(path, changes.as_json())).await
    }
}

/// A body that holds ids alone.
pub(super) fn ids<const N: usize>(members: [(&str, i64); N]) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .map(|(name, id)| (name.to_owned(), id.into()))
        .collect()
}
