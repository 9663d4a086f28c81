//! What comes in from Lever, and what Lever is shown.

mod again;
mod allowance;
mod deliveries;
mod failing;
mod judged;
mod lost;
mod permissions;
mod shown;
mod story;
mod sweeps;
mod troubled;
