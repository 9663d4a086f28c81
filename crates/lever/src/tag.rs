//! Tags and sources: plain texts without an id, with how many opportunities carry them.

use serde::{Deserialize, Serialize};

use crate::lenient;

/// A tag. Case counts: an account may hold `Full-time` and `Full-Time`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tag {
    /// The tag itself.
    pub text: String,
    /// How many opportunities carry it.
    #[serde(default, deserialize_with = "lenient::number")]
    pub count: Option<u64>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Source {
    /// The source itself.
    pub text: String,
    /// How many opportunities carry it.
    #[serde(default, deserialize_with = "lenient::number")]
    pub count: Option<u64>,
}
