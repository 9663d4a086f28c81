//! People on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::invite::Candidate;

/// A person, known by one address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownCandidate {
    /// As the newest invite has it.
    #[serde(flatten)]
    candidate: Candidate,
    /// When that was made.
    last_invited_at: DateTime<Utc>,
}

impl From<app::candidates::Candidate> for KnownCandidate {
    fn from(known: app::candidates::Candidate) -> Self {
        Self {
            candidate: Candidate::of(known.id.into(), &known.details),
            last_invited_at: known.last_invited_at,
        }
    }
}
