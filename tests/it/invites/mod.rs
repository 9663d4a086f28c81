//! Invites at `/v1`: every step of their life, what they show, how they are found.

mod candidates;
mod grades;
mod launch;
mod lists;
mod mails;
mod results;
mod shown;
mod timeline;
mod transitions;
