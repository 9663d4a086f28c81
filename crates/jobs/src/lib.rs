//! Background work: what a committed change calls for, carried out at least once by any number of workers.
//!
//! A payload and its handler live in one file: the payload is a [`Job`], the handler says next what is to happen, in a
//! [`Verdict`]. A [`Worker`] claims jobs in a short transaction, runs them outside any, and ends them by the token of its
//! claim: one that lost its claim meanwhile changes nothing. Handlers may be run again after a crash at any line, so each
//! says in one sentence why that does no harm.
//!
//! This crate knows the queue and nothing of what the work is.
//!
//! ```
//! use jobs::{Handler, Held, Job, Registry, Verdict};
//! use serde::{Deserialize, Serialize};
//!
//! struct Context;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Greet {
//!     invite: u32,
//! }
//!
//! impl Job for Greet {
//!     const KIND: &'static str = "greet";
//! }
//!
//! impl Handler<Context> for Greet {
//!     async fn run(self, _context: &Context, held: &Held) -> Verdict {
//!         if held.attempt > 1 {
//!             return Verdict::discard("one greeting is enough");
//!         }
//!         Verdict::Done
//!     }
//! }
//!
//! let registry = Registry::<Context>::new().with::<Greet>();
//! assert!(registry.knows("greet"));
//! ```

mod attempt;
mod crew;
mod every;
mod gauges;
mod job;
mod registry;
pub mod retry;
mod settlement;
pub mod trace;
mod upkeep;
mod worker;

pub use every::Every;
pub use job::{Handler, Held, Job, Verdict};
pub use registry::Registry;
pub use worker::{Worker, WorkerConfig};
