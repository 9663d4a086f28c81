//! Where an invite is shown in an ATS, and how far the showing has come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::PlaceId;

/// The kinds of place: a closed list of names, all that the domain knows of an ATS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The stage in Greenhouse that sent the test.
    GreenhouseStatus,
    /// A note in the candidate's feed in Greenhouse.
    GreenhouseNote,
    /// The tags of an opportunity in Lever.
    LeverTags,
    /// A note on an opportunity in Lever.
    LeverNote,
}

impl Target {
    const ALL: [Self; 4] = [
        Self::GreenhouseStatus,
        Self::GreenhouseNote,
        Self::LeverTags,
        Self::LeverNote,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GreenhouseStatus => "greenhouse_status",
            Self::GreenhouseNote => "greenhouse_note",
            Self::LeverTags => "lever_tags",
            Self::LeverNote => "lever_note",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.as_str() == text)
    }

    /// Is a result shown there?
    pub fn shows_results(self) -> bool {
        self != Self::LeverTags
    }
}

/// One place where an invite is shown. `subject` is text that only the ATS module that made it can read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// What kind of place.
    pub target: Target,
    /// What the ATS module needs to find it again (for Greenhouse: the take-home test's URL; for Lever: the opportunity and
    /// what was found there).
    pub subject: String,
}

// A subject can hold a URL with a person's ids in it.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({} at {})", self.id, self.target.as_str())
    }
}

/// How far one write-back has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WritebackState {
    /// To be done.
    Pending,
    /// Tried, will be tried again.
    Retrying,
    /// Accepted by the ATS.
    Sent,
    /// Read back or fetched there.
    Seen,
    /// Waits for a person to mend something.
    Blocked,
    /// Given up.
    Failed,
}

impl WritebackState {
    const ALL: [Self; 6] = [
        Self::Pending,
        Self::Retrying,
        Self::Sent,
        Self::Seen,
        Self::Blocked,
        Self::Failed,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Retrying => "retrying",
            Self::Sent => "sent",
            Self::Seen => "seen",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What became of one attempt to show an invite at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// The ATS accepted it; `detail` is its answer ("204").
    Sent {
        /// What the ATS answered, in words.
        detail: String,
    },
    /// Will be tried again.
    Retrying {
        /// Why, in words.
        detail: String,
    },
    /// Waits for a person.
    Blocked {
        /// Why and what to do.
        detail: String,
    },
    /// Given up.
    Failed {
        /// Why.
        detail: String,
    },
}

/// One effect in an ATS that a result or status calls for, and its receipt.
///
/// Whether the ATS accepted our call and whether it has fetched what we told it are two facts: it may fetch while our
/// call is still under way, or of its own accord, and our call is due all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writeback {
    /// What kind of place it goes to.
    pub target: Target,
    /// How far our call has come; never [`WritebackState::Seen`].
    pub progress: WritebackState,
    /// The number of what it shows: another number, another showing. Where results are shown, that of the revision, 0 where there
    /// is none yet.
    pub revision: i32,
    /// When our call came there.
    pub at: DateTime<Utc>,
    /// When the ATS fetched what we told it.
    pub seen_at: Option<DateTime<Utc>>,
    /// Why, in words.
    pub detail: Option<String>,
}

impl Writeback {
    /// A write-back that has yet to be done.
    pub fn pending(target: Target, revision: i32, now: DateTime<Utc>) -> Self {
        Self {
            target,
            progress: WritebackState::Pending,
            revision,
            at: now,
            seen_at: None,
            detail: None,
        }
    }

    /// How far it has come, as people see it: what the ATS has fetched is seen.
    pub fn state(&self) -> WritebackState {
        match self.seen_at {
            Some(_) => WritebackState::Seen,
            None => self.progress,
        }
    }

    /// The revision of the result that it shows, where it shows one.
    pub fn shown_revision(&self) -> Option<i32> {
        Some(self.revision).filter(|number| self.target.shows_results() && *number > 0)
    }

    /// When it came to that state.
    pub fn moved_at(&self) -> DateTime<Utc> {
        self.seen_at.unwrap_or(self.at)
    }

    /// Is our call still to be made?
    pub fn is_due(&self) -> bool {
        !matches!(self.progress, WritebackState::Sent | WritebackState::Failed)
    }

    /// The write-back after `receipt` came in.
    pub fn receive(&self, receipt: Receipt, now: DateTime<Utc>) -> Self {
        let (progress, detail) = match receipt {
            Receipt::Sent { detail } => (WritebackState::Sent, detail),
            Receipt::Retrying { detail } => (WritebackState::Retrying, detail),
            Receipt::Blocked { detail } => (WritebackState::Blocked, detail),
            Receipt::Failed { detail } => (WritebackState::Failed, detail),
        };
        Self {
            progress,
            detail: Some(detail),
            at: now,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp_micros(1_700_000_000_000_000).unwrap_or_default()
    }

    #[test]
    fn a_call_is_due_until_the_ats_accepts_it_even_where_it_has_fetched_already() {
        let mut writeback = Writeback::pending(Target::GreenhouseStatus, 1, now());
        writeback.seen_at = Some(now());
        assert_eq!(writeback.state(), WritebackState::Seen);
        assert!(writeback.is_due());
        let detail = "200".to_owned();
        let sent = writeback.receive(Receipt::Sent { detail }, now());
        assert!(!sent.is_due());
        assert_eq!(sent.state(), WritebackState::Seen);
    }

    #[test]
    fn a_blocked_call_stays_due_and_a_failed_one_does_not() {
        let pending = Writeback::pending(Target::GreenhouseStatus, 1, now());
        let why = || "no active key".to_owned();
        assert!(
            pending
                .receive(Receipt::Blocked { detail: why() }, now())
                .is_due()
        );
        assert!(
            !pending
                .receive(Receipt::Failed { detail: why() }, now())
                .is_due()
        );
    }
}
