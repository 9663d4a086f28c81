//! What comes in from Lever: deliveries of its webhook, opportunities that are looked at, and sweeps for what was missed. What
//! is decided about them stands in `ats::lever`, as pure functions. The same of Greenhouse's Harvest is in [`greenhouse`].

mod activity;
mod ask;
pub mod greenhouse;
mod invite;
mod known;
mod receive;
mod sweep;

pub(crate) use activity::{note, of_reason};
pub(crate) use invite::{Look, carry_out};
pub(crate) use known::Facts;
pub(crate) use receive::Receive;
pub use receive::{Received, receive};
pub use sweep::{forget, sweep_all};

/// What Lever asks to wait is parked under this.
pub(crate) const THROTTLE: &str = "lever throttle";
