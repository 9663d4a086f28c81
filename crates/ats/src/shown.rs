//! What is common to showing an invite in any ATS.

use std::time::Duration;

use domain::{InviteView, Receipt, Target, Writeback};

use crate::greenhouse;

/// What became of one attempt to show an invite at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What the ATS answered, in our words.
    pub receipt: Receipt,
    /// How long the ATS wants to be left alone.
    pub not_before: Option<Duration>,
    /// The ATS only asked to wait (429): nothing failed, so no attempt is spent.
    pub is_asked_to_wait: bool,
}

impl From<Receipt> for Shown {
    fn from(receipt: Receipt) -> Self {
        Self {
            receipt,
            not_before: None,
            is_asked_to_wait: false,
        }
    }
}

/// Does `view` call for a write-back at a place of this kind, where `done` is the one that was called for before?
pub fn calls_for(target: Target, view: &InviteView, done: Option<&Writeback>) -> bool {
    match target {
        Target::GreenhouseStatus => greenhouse::partner::calls_for(view, done),
    }
}
