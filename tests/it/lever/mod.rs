//! What comes in from Lever, and what Lever is shown.

mod again;
mod allowance;
mod deliveries;
mod judged;
mod lost;
mod shown;
mod story;
mod sweeps;
mod troubled;
