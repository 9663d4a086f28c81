//! Where applications come from.

use serde::{Deserialize, Serialize};

use super::UserId;
use crate::filter::filters;
use crate::lenient;
use crate::resource::{id_alone, record};

record! {
    /// Where applications come from.
    #[derive(Debug)]
    Source (SourceId, SourceFilter) at "sources" {
        /// Its name.
        name: String,
        /// What kind of source it is.
        #[serde(rename = "type")]
        kind: Option<SourceKind>,
    }
}

/// A kind of source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceKind {
    /// Its id.
    pub id: Option<i64>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

record! {
    /// Who brings candidates: no user, though often the same person. `Debug` shows only the id.
    Referrer (ReferrerId, ReferrerFilter) at "referrers" {
        /// Their name.
        name: String,
        /// The user that is the same person.
        user_id: Option<UserId>,
    }
}

id_alone!(Referrer);

filters! {
    Referrer {
        /// Those who are these users.
        ids users: UserId => "user_ids",
    }
}
