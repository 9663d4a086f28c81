//! The bodies of writes (feature `client`).
//!
//! Each holds exactly the members that were set; `also` sets those that this crate does not know.

mod application;
mod attachment;
mod candidate;
mod members;
mod note;
mod stage_move;

pub use application::{ApplicationUpdate, Conversion, Hire, NewApplication, Rejection};
pub use attachment::NewAttachment;
pub use candidate::{CandidateUpdate, NewCandidate};
pub use members::CustomFieldRef;
pub use note::{Email, NewNote};
pub use stage_move::{CurrentStage, Move};
