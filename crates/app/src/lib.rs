//! Baton's use cases, shared by the API, the pages and the worker.
//!
//! A use case is a function over an [`App`] and a connection: it looks up what it needs, lets the domain decide, and
//! stores state, events and jobs in the one transaction that [`App::write`] opens for it. What has to happen outside is
//! a job (`jobs/`), carried out by the worker.

mod changes;
mod circuits;
mod context;
mod error;
pub mod jobs;
mod links;
mod reactions;
mod secrets;
mod texts;

pub mod access;
pub mod activity;
pub mod api_keys;
pub mod assessments;
pub mod audit;
pub mod candidates;
pub mod clock;
pub mod connections;
pub mod erasure;
pub mod greenhouse;
pub mod idempotency;
pub mod intake;
pub mod invites;
pub mod mails;
pub mod organizations;
pub mod reencryption;
pub mod referrals;
pub mod results;
pub mod revocation;
pub mod sign_in;
pub mod take;
pub mod worker;

pub use ::jobs::trace;
pub use ats::clean_html;
pub use context::{App, Config, Parts};
pub use error::{Error, Fault, Result};
pub use storage::{AnyConnection, Page};
