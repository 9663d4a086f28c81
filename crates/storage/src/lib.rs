//! Baton's memory, on SQLite and PostgreSQL alike.
//!
//! One unit of work is one closure: [`Db::read`], [`Db::write`] (one transaction), [`GroupLane`] (many asks, one transaction)
//! or [`ReadLane`] (many questions, the same statements). Closures run on threads of this crate's own and are not async, so no call to the outside can slip into a
//! transaction. The functions are grouped by aggregate, one file each, and take the connection, so that they compose.
//!
//! A row is read by its key with `get_result`, not with `first`: `first` adds a bound `LIMIT ?`, whose value SQLite (since 3.50)
//! looks at when it plans, so that it plans the statement anew at every call. For one `send_test` that was a fifth of the writer's time.
//!
//! This crate knows nothing of any ATS.

mod address;
mod arrays;
mod connection;
mod db;
mod error;
mod examine;
mod gather;
mod group;
mod invite_list;
mod link;
mod literal;
mod migrations;
mod page;
mod probe;
mod pulse;
mod schema;
mod value;
mod wake;

pub mod activities;
pub mod allowances;
pub mod api_keys;
pub mod assessments;
pub mod attempts;
pub mod audit;
pub mod backup;
pub mod call_windows;
pub mod candidates;
pub mod circuits;
pub mod connect_links;
pub mod connections;
pub mod erasures;
pub mod events;
pub mod grants;
pub mod idempotency;
pub mod inbox;
pub mod inspection;
pub mod invite_sources;
pub mod invites;
pub mod job_imports;
pub mod jobs;
pub mod links;
pub mod mail_days;
pub mod mails;
pub mod oauth_states;
pub mod organizations;
pub mod parkings;
pub mod partings;
pub mod places;
pub mod referrals;
pub mod reminders;
pub mod schedules;
pub mod secrets;
pub mod stage_mappings;
pub mod sweeps;
pub mod trigger_stages;
pub mod users;
pub mod workers;

pub use address::{DatabaseUrl, keep_openssl_to_the_end};
pub use connection::AnyConnection;
pub use db::Db;
pub use error::{Error, Result};
pub use examine::{Objection, examine};
pub use group::{GroupLane, Grouped, GroupedRead, ReadLane};
pub use migrations::{SchemaState, migrate, schema_state};
pub use page::Page;
pub use pulse::{Life, Pulse};
pub use wake::{Listener, Wake};
