//! What Baton does with Lever: reads opportunities, decides whom to invite, and shows invites there as tags and a note.

mod decision;
mod delivery;
mod failure;
mod lack;
mod note;
mod opportunity;
mod read;
mod reason;
mod show;
mod subject;
mod tags;
mod titles;

pub use decision::{Earlier, Known, Outcome, REACHES_BACK, Trigger, decide};
pub use delivery::{Delivered, judge};
pub use failure::{LOST, is_failing, is_lost};
pub use lack::Lack;
pub use note::{is_about, reference, text as note_text};
pub use opportunity::{Move, Seen};
pub use read::{moment, timestamp};
pub use reason::Reason;
pub use show::Writer;
pub use subject::{NoteSubject, Subject, TagsSubject};
pub use tags::{Level, Plan, Wanted, is_status_of, plan};
pub use titles::{Ambiguous, Match, Named, Titled, named};

pub use ::lever::client::{ConfidentialityFilter, Filter};
pub use ::lever::webhook::{BadDelivery, Delivery, parse as parse_delivery};
pub use ::lever::{Client, Error, OpportunityId};

use domain::{InviteView, Writeback};

/// The number of what the tags are to show.
pub fn tags_number(view: &InviteView) -> i32 {
    Level::of(&view.invite).number(view.invite.attempt.number)
}

/// The tags are changed at each change of our own state, and never otherwise: what a recruiter did by hand meanwhile stays.
pub fn calls_for_tags(view: &InviteView, done: Option<&Writeback>) -> bool {
    done.is_none_or(|done| done.revision != tags_number(view))
}

/// The note is made at submission, and written anew at each final revision after that.
pub fn calls_for_note(view: &InviteView, done: Option<&Writeback>) -> bool {
    match done {
        None => view.invite.submitted_at.is_some(),
        Some(done) => view.revision() > done.revision,
    }
}
