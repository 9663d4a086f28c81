//! Greenhouse's Harvest: what its jobs and people mean to Baton, and how Baton shows itself there.

mod post;

pub use greenhouse_harvest::{Client, Error};
pub use post::{chosen_post, description};
