//! What of an invite is offered to be shown in an ATS.

use crate::{CompleteOn, Invite, Revision, Status};

/// An invite as an ATS may show it.
#[derive(Debug, Clone, PartialEq)]
pub struct InviteView {
    /// The invite; its status is the one to be seen now.
    pub invite: Invite,
    /// The assessment's title at the invite's version.
    pub assessment_title: String,
    /// From when on Greenhouse reads `complete`.
    pub complete_on: CompleteOn,
}

impl InviteView {
    /// Is it finished for an ATS that waits for it: with its result, or already from submission on?
    pub fn is_finished(&self) -> bool {
        match self.invite.status {
            Status::Completed => true,
            Status::Submitted => self.complete_on == CompleteOn::Submitted,
            _ => false,
        }
    }

    /// The newest revision, if it is final.
    pub fn final_result(&self) -> Option<&Revision> {
        let newest = self.invite.result.as_ref();
        newest.filter(|revision| revision.body.is_final)
    }

    /// The number of the newest final revision, 0 where there is none.
    pub fn revision(&self) -> i32 {
        self.final_result().map_or(0, |result| result.revision)
    }
}
