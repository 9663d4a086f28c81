//! Greenhouse's Harvest: what its jobs and people mean to Baton, and how Baton shows itself there.

mod author;
mod failure;
mod note;
mod person;
mod post;
mod refer;
mod steps;

pub use author::author;
pub use failure::{Doing, LOST, is_failing, is_lost, receipt};
pub use greenhouse_harvest::{Client, Error, JobId, UserId, Visibility};
pub use note::{is_note, reference, referral_note};
pub use person::{choose, missing};
pub use post::{chosen_post, description};
pub use refer::{Made, Making, Next, Referred, Referring, note_with};
pub use steps::{Plan, Steps, Try};
