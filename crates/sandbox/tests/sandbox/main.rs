//! The sandbox from outside: over HTTP only, with an honest vendor and with rude ones.

#![allow(
    clippy::unwrap_used,
    reason = "what helpers of tests meet is as fatal as in the tests"
)]

mod checking;
mod faults;
mod harvest;
mod lever;
mod malformed;
mod pages;
mod play;
mod receiver;
mod results;
mod sending;
mod setup;
mod vendor;
