//! Baton's HTTP edge for programs: `/v1`, its document, and what Greenhouse calls.
//!
//! ```text
//! call ─▶ carry_trace ─▶ harden ─▶ bound ─▶ answer_problems ─▶ slow_down ─▶ authenticate ─▶ route: extract, one use case, wire type ─▶ answer
//! ```
//!
//! [`configure`] makes the edge of a process, which is then mounted in each of the server's threads; [`carry_trace`],
//! [`harden`] and [`bound`] go around the whole server, pages included. Extractors turn a call into types that cannot be wrong; a
//! refusal of a use case becomes a status in one place, `problem.rs`.

mod auth;
mod body;
mod bounds;
mod docs;
mod edge;
mod greenhouse_webhooks;
mod guesses;
mod lever_webhooks;
mod limits;
mod list;
mod mail_reports;
mod middleware;
mod once;
mod openapi;
mod partner;
mod path;
mod problem;
mod refusals;
mod unknown;
mod v1;
mod wire;
mod words;

pub use bounds::bound;
pub use edge::configure;
pub use limits::Limits;
pub use middleware::{carry_trace, harden};
pub use openapi::document;
