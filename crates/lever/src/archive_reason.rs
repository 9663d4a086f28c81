//! Why an opportunity was archived.

use serde::{Deserialize, Serialize};

use crate::open::open_enum;
use crate::{ArchiveReasonId, Identified};

/// A reason to archive an opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArchiveReason {
    /// Its id.
    pub id: ArchiveReasonId,
    /// Its name.
    #[serde(default)]
    pub text: String,
    /// Whether it may still be chosen.
    pub status: Option<ArchiveReasonStatus>,
    /// What it means; Lever leaves it `null` at times.
    #[serde(rename = "type")]
    pub kind: Option<ArchiveReasonKind>,
}

open_enum! {
    /// Whether an archive reason may still be chosen.
    ArchiveReasonStatus {
        /// It may.
        Active = "active",
        /// It stands only on old records.
        Inactive = "inactive",
    }
}

open_enum! {
    /// What an archive reason means.
    ArchiveReasonKind {
        /// The person was hired.
        Hired = "hired",
        /// The person was not.
        NonHired = "non-hired",
    }
}

impl Identified for ArchiveReason {
    type Id = ArchiveReasonId;

    fn id(&self) -> &ArchiveReasonId {
        &self.id
    }
}
