//! Greenhouse's Harvest: what its jobs and people mean to Baton, and how Baton shows itself there.

mod author;
mod event;
mod failure;
mod note;
mod person;
mod post;
mod reason;
mod refer;
mod result;
mod stage;
mod steps;
mod visibility;

pub use author::author;
pub use event::{Event, Heard, heard};
pub use failure::{Doing, LOST, is_failing, is_lost, receipt};
pub use greenhouse_harvest::{Client, Error, JobId, UserId, Visibility};
pub use note::{is_note, reference, referral_note, result_note, result_reference};
pub use person::{choose, missing};
pub use post::{chosen_post, description};
pub use reason::Reason;
pub use refer::{Made, Making, Next, Referred, Referring, note_with};
pub use result::{Feed, FeedSubject, Looked, ResultNote, calls_for_note, only_person};
pub use stage::{Before, Known, Mapping, Outcome, REACHES_BACK, Seen, decide};
pub use steps::{Plan, Steps, Try};
pub use visibility::visibility;
