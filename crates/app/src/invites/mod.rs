//! Invites: asked for, followed through their life, read.

mod commands;
mod draft;
mod feed;
mod grades;
mod read;
mod transition;

pub use commands::{cancel, extend, refuse, report, resend, reset, set_launch_url, start, submit};
pub use draft::{NewInvite, create};
pub use grades::grade;
pub use read::{AnswerDetails, InviteDetails, InviteList, details, find, list, timeline};
pub use storage::events::EventRecord;
pub use storage::invites::{EmailState, Filter, InviteRecord};

pub(crate) use commands::{begin, hand_in};
pub(crate) use draft::{Asked, draft};
pub(crate) use feed::{is_connected, place as feed_place, taken_by_stage};
pub(crate) use read::{assessment_of, load, record};
pub(crate) use transition::{apply, carry_out};
