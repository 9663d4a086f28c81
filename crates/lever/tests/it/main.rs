//! What a program sees of this crate.

mod calls;
mod deliveries;
mod envelopes;
#[path = "../../../ats-http/tests/far_side/mod.rs"]
mod far_side;
mod fixtures;
mod lists;
mod oauth;
mod people_and_files;
mod refreshing;
mod resources;
mod writes;
