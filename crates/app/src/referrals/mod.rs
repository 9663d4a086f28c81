//! Sourcing: an interview on the vendor's side is filed, its candidate says yes or no, and after two yeses the person is passed
//! on to the customer's ATS.

mod answer;
mod draft;
mod read;

pub use answer::{Asked, answer, answer_by_link, open, try_again};
pub use draft::{NewInterview, file};
pub use read::{ReferralDetails, find, list, timeline};

use domain::{InviteId, ReferralId};

/// Under which id a referral's facts, mails and jobs are kept beside those of invites.
pub(crate) fn thread(referral: ReferralId) -> InviteId {
    InviteId(referral.0)
}
