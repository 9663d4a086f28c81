//! Parsers of what strangers send, held against what must be true of every input.
//!
//! A [`Target`] takes any bytes, panics where something is wrong, and otherwise says what kind of input it was. The driver
//! ([`run`]) starts from the seeds in `corpus/`, changes them by chance, and keeps each input that was of a new kind as a seed
//! for more: a rough map of where it has been, without instrumenting anything, on the stable toolchain. Why so:
//! `docs/adr/0013-fuzzing-without-instruments.md`.

mod driver;
mod from_greenhouse;
mod from_lever;
mod mutation;
mod targets;

pub use driver::{Effort, run};
pub use targets::{TARGETS, Target};
