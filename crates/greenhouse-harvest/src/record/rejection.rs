//! Why applications are rejected.

use serde::{Deserialize, Serialize};

use crate::filter::filters;
use crate::lenient;
use crate::open::open_enum;
use crate::resource::record;

record! {
    /// Why an application may be rejected.
    #[derive(Debug)]
    RejectionReason (RejectionReasonId, RejectionReasonFilter) at "rejection_reasons" {
        /// Its name.
        name: String,
        /// What kind of reason it is.
        #[serde(rename = "type")]
        kind: Option<RejectionKind>,
    }
}

/// A kind of reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RejectionKind {
    /// Its id.
    pub id: Option<i64>,
    /// What it means.
    pub key: Option<RejectionReasonKind>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

open_enum! {
    /// Who did not want.
    RejectionReasonKind {
        /// The organization.
        WeRejectedThem = "WE_REJECTED_THEM",
        /// The candidate.
        TheyRejectedUs = "THEY_REJECTED_US",
        /// Not said.
        NoneSpecified = "NONE_SPECIFIED",
        /// Something was suspicious.
        SecurityConcern = "SECURITY_CONCERN",
    }
}

filters! {
    RejectionReason {
        /// With `true` those that are built in come along.
        flag include_defaults => "include_defaults",
    }
}
