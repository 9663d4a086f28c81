//! Malformed calls: the contract's status and code, nothing stored, nothing repeated, nothing in the log.

mod alike;
mod bodies;
mod headers;
mod ids;
mod log;
mod members;
mod operations;
mod pages;
mod partner;
mod watch;
mod wire;

/// Stands for what a caller would not want to read anywhere: it is planted in everything that is sent.
const CANARY: &str = "Xq7Canary";
/// An id that nobody has.
const UNKNOWN: &str = "01920000-0000-7000-8000-000000000000";
