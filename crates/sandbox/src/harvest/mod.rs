//! Greenhouse's Harvest API v3: the authorization server, and the records of the organizations that the partner's half has too.
//!
//! What it does follows what Greenhouse documents and what others measured; where those are silent, [`settings`] lets a test
//! choose.

pub(crate) mod allowance;
pub(crate) mod api;
pub(crate) mod auth;
pub(crate) mod doings;
pub(crate) mod faults;
pub(crate) mod office;
pub(crate) mod records;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod tags;
pub(crate) mod views;
pub(crate) mod webhooks;
pub(crate) mod world;

use actix_web::web;

/// Below this the API is found, with its `/v3`.
pub(crate) const API: &str = "/greenhouse/harvest/v3";

/// Below this the authorization server is found.
pub(crate) const AUTH: &str = "/greenhouse/auth";

/// Registers what clients call.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    auth::endpoint::configure(config);
    api::configure(config);
}

/// Whether an address is one of Harvest's.
pub(crate) fn is_at(path: &str) -> bool {
    path.starts_with("/greenhouse/harvest") || path.starts_with(AUTH)
}
