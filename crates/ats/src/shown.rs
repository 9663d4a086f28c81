//! What is common to showing an invite in any ATS.

use std::time::Duration;

use domain::{InviteView, Place, Receipt, Target, Writeback};

use crate::{greenhouse, lever};

/// What became of one attempt to show an invite at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What the ATS answered, in our words.
    pub receipt: Receipt,
    /// How long the ATS wants to be left alone.
    pub not_before: Option<Duration>,
    /// The ATS only asked to wait (429): nothing failed, so no attempt is spent.
    pub is_asked_to_wait: bool,
    /// It is to be tried again although the ATS gave a sound answer: the ATS itself is not failing.
    pub is_answered: bool,
    /// The permission that the ATS says we lack, for the connection's admins: what it is, and what to do.
    pub lack: Option<String>,
    /// It was read back there.
    pub is_seen: bool,
    /// What the place's subject is from now on, where the call changed what we know of it.
    pub subject: Option<String>,
}

impl From<Receipt> for Shown {
    fn from(receipt: Receipt) -> Self {
        Self {
            receipt,
            not_before: None,
            is_asked_to_wait: false,
            is_answered: false,
            lack: None,
            is_seen: false,
            subject: None,
        }
    }
}

/// Does `view` call for a write-back at this place, where `done` is the one that was called for before?
pub fn calls_for(place: &Place, view: &InviteView, done: Option<&Writeback>) -> bool {
    match place.target {
        Target::GreenhouseStatus => greenhouse::partner::calls_for(view, done),
        Target::GreenhouseNote => greenhouse::harvest::calls_for_note(&place.subject, view, done),
        Target::LeverTags => lever::calls_for_tags(view, done),
        Target::LeverNote => lever::calls_for_note(view, done),
    }
}

/// The number of what a place of this kind is to show of `view`: another number, another showing.
pub fn number(target: Target, view: &InviteView) -> i32 {
    match target {
        Target::GreenhouseStatus | Target::GreenhouseNote | Target::LeverNote => view.revision(),
        Target::LeverTags => lever::tags_number(view),
    }
}
