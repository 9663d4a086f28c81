//! What a program sees of this crate.

mod calls;
mod complaints;
mod deliveries;
#[path = "../../../ats-http/tests/far_side/mod.rs"]
mod far_side;
mod filters;
mod fixtures;
mod links;
mod lists;
mod oauth;
mod reference;
mod tags_and_users;
mod tokens;
mod writes;
