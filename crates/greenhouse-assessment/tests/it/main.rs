//! What a vendor and Greenhouse see of this crate.

mod completion;
mod endpoints;
mod round_trip;
mod send_test;
mod vendor;
