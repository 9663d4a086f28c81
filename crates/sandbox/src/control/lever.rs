//! Lever's part of the control API.

mod access;
mod accounts;
mod opportunities;
mod webhooks;

use actix_web::http::Method;
use actix_web::{Route, web};

use super::{Answer, Data, carry_out, created, ok, parse};

/// Ids are strings here.
type Id = web::Path<String>;

/// Every route below `/control/lever` with its method and path.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<(Method, &'static str, Route)> {
    let (get, post, patch) = (|| web::get(), || web::post(), || web::patch());
    let (put, delete) = (|| web::put(), || web::delete());
    vec![
        (Method::GET, "/control/lever/apps", get().to(access::apps)),
        (Method::POST, "/control/lever/apps", post().to(access::register)),
        (Method::DELETE, "/control/lever/apps/{id}", delete().to(access::remove)),
        (Method::POST, "/control/lever/authorize", post().to(access::authorize)),
        (Method::GET, "/control/lever/accounts/{id}/grants", get().to(access::grants)),
        (Method::POST, "/control/lever/accounts/{id}/revoke", post().to(access::revoke)),
        (Method::POST, "/control/lever/accounts/{id}/expire-access-tokens", post().to(access::expire)),
        (Method::GET, "/control/lever/accounts", get().to(accounts::all)),
        (Method::POST, "/control/lever/accounts", post().to(accounts::create)),
        (Method::GET, "/control/lever/accounts/{id}", get().to(accounts::one)),
        (Method::PATCH, "/control/lever/accounts/{id}", patch().to(accounts::change)),
        (Method::GET, "/control/lever/accounts/{id}/faults", get().to(accounts::faults)),
        (Method::PUT, "/control/lever/accounts/{id}/faults", put().to(accounts::set_faults)),
        (Method::GET, "/control/lever/accounts/{id}/allowance", get().to(accounts::allowance)),
        (Method::DELETE, "/control/lever/accounts/{id}/allowance", delete().to(accounts::clear_allowance)),
        (Method::PATCH, "/control/lever/accounts/{id}/events", patch().to(accounts::switch_events)),
        (Method::POST, "/control/lever/accounts/{id}/stages", post().to(accounts::add_stage)),
        (Method::PATCH, "/control/lever/accounts/{id}/stages/{stage}", patch().to(accounts::rename_stage)),
        (Method::DELETE, "/control/lever/accounts/{id}/stages/{stage}", delete().to(accounts::delete_stage)),
        (Method::POST, "/control/lever/accounts/{id}/users", post().to(accounts::add_user)),
        (Method::PATCH, "/control/lever/users/{id}", patch().to(accounts::change_user)),
        (Method::POST, "/control/lever/accounts/{id}/postings", post().to(accounts::add_posting)),
        (Method::PATCH, "/control/lever/postings/{id}", patch().to(accounts::change_posting)),
        (Method::GET, "/control/lever/accounts/{id}/opportunities", get().to(opportunities::all)),
        (Method::POST, "/control/lever/accounts/{id}/opportunities", post().to(opportunities::create)),
        (Method::POST, "/control/lever/accounts/{id}/opportunities/bulk", post().to(opportunities::create_many)),
        (Method::POST, "/control/lever/accounts/{id}/move", post().to(opportunities::move_many)),
        (Method::GET, "/control/lever/opportunities/{id}", get().to(opportunities::one)),
        (Method::PATCH, "/control/lever/opportunities/{id}", patch().to(opportunities::change)),
        (Method::POST, "/control/lever/opportunities/{id}/move", post().to(opportunities::move_one)),
        (Method::POST, "/control/lever/opportunities/{id}/add-tags", post().to(opportunities::add_tags)),
        (Method::POST, "/control/lever/opportunities/{id}/remove-tags", post().to(opportunities::remove_tags)),
        (Method::POST, "/control/lever/opportunities/{id}/archive", post().to(opportunities::archive)),
        (Method::POST, "/control/lever/opportunities/{id}/unarchive", post().to(opportunities::unarchive)),
        (Method::POST, "/control/lever/opportunities/{id}/anonymise", post().to(opportunities::anonymise)),
        (Method::POST, "/control/lever/opportunities/{id}/delete", post().to(opportunities::delete)),
        (Method::POST, "/control/lever/opportunities/{id}/merge", post().to(opportunities::merge)),
        (Method::POST, "/control/lever/opportunities/{id}/notes", post().to(opportunities::write_note)),
        (Method::POST, "/control/lever/opportunities/{id}/feedback", post().to(opportunities::give_feedback)),
        (Method::GET, "/control/lever/accounts/{id}/webhooks", get().to(webhooks::all)),
        (Method::POST, "/control/lever/accounts/{id}/webhooks", post().to(webhooks::create)),
        (Method::DELETE, "/control/lever/webhooks/{id}", delete().to(webhooks::remove)),
        (Method::POST, "/control/lever/webhooks/{id}/test", post().to(webhooks::test)),
        (Method::POST, "/control/lever/webhooks/{id}/forge", post().to(webhooks::forge)),
        (Method::GET, "/control/lever/accounts/{id}/deliveries", get().to(webhooks::deliveries)),
        (Method::POST, "/control/lever/accounts/{id}/deliveries/release", post().to(webhooks::release)),
        (Method::POST, "/control/lever/accounts/{id}/deliveries/drop", post().to(webhooks::lose)),
        (Method::GET, "/control/lever/deliveries/{id}", get().to(webhooks::delivery)),
        (Method::POST, "/control/lever/deliveries/{id}/rerun", post().to(webhooks::rerun)),
        (Method::POST, "/control/lever/deliveries/{id}/duplicate", post().to(webhooks::duplicate)),
    ]
}
