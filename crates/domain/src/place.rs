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
}

impl Target {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GreenhouseStatus => "greenhouse_status",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        (text == Self::GreenhouseStatus.as_str()).then_some(Self::GreenhouseStatus)
    }
}

/// One place where an invite is shown. `subject` is text that only the ATS module that made it can read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// What kind of place.
    pub target: Target,
    /// What the ATS module needs to find it again (for Greenhouse: the take-home test's URL).
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
    /// The ATS has fetched it.
    Seen,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writeback {
    /// What kind of place it goes to.
    pub target: Target,
    /// How far it has come.
    pub state: WritebackState,
    /// The revision it shows, 0 where the invite completed without one.
    pub revision: i32,
    /// When it came there.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub detail: Option<String>,
}

impl Writeback {
    /// A write-back that has yet to be done.
    pub fn pending(target: Target, revision: i32, now: DateTime<Utc>) -> Self {
        Self {
            target,
            state: WritebackState::Pending,
            revision,
            at: now,
            detail: None,
        }
    }

    /// The write-back after `receipt` came in. What Greenhouse has seen stays seen, whatever a late answer to the call says.
    pub fn receive(&self, receipt: Receipt, now: DateTime<Utc>) -> Self {
        let (state, detail) = match receipt {
            Receipt::Seen => (WritebackState::Seen, self.detail.clone()),
            Receipt::Sent { detail } if self.state == WritebackState::Seen => {
                (WritebackState::Seen, Some(detail))
            }
            _ if self.state == WritebackState::Seen => (WritebackState::Seen, self.detail.clone()),
            Receipt::Sent { detail } => (WritebackState::Sent, Some(detail)),
            Receipt::Retrying { detail } => (WritebackState::Retrying, Some(detail)),
            Receipt::Blocked { detail } => (WritebackState::Blocked, Some(detail)),
            Receipt::Failed { detail } => (WritebackState::Failed, Some(detail)),
        };
        Self {
            state,
            detail,
            at: now,
            ..self.clone()
        }
    }
}
