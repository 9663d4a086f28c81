//! Every endpoint: its name, where it is, what it needs, what it does.

use actix_web::http::Method;

use super::answer::{Answer, Problem};
use super::{
    Ask, contacts, feedback, files, notes, opportunities, opportunity_writes, postings, reference,
    webhooks,
};

/// The authorisation server's calls, which have names too.
pub(crate) const AUTHORISATION_CALLS: [&str; 2] = ["token", "revoke"];

type Perform = fn(&mut Ask<'_>) -> Result<Answer, Problem>;

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Its name in log, faults and counts.
    pub(crate) call: &'static str,
    pub(crate) method: Method,
    /// Below the API's home.
    pub(crate) path: &'static str,
    /// What has to be granted.
    pub(crate) scope: &'static str,
    pub(crate) perform: Perform,
}

impl Endpoint {
    /// Whether it changes something.
    pub(crate) fn is_write(&self) -> bool {
        self.method != Method::GET
    }
}

/// Whether an endpoint, or a call of the authorisation server, has that name.
pub(crate) fn is_call(name: &str) -> bool {
    AUTHORISATION_CALLS.contains(&name) || ENDPOINTS.iter().any(|endpoint| endpoint.call == name)
}

const fn endpoint(
    call: &'static str,
    method: Method,
    path: &'static str,
    scope: &'static str,
    perform: Perform,
) -> Endpoint {
    Endpoint {
        call,
        method,
        path,
        scope,
        perform,
    }
}

const fn get(
    call: &'static str,
    path: &'static str,
    scope: &'static str,
    perform: Perform,
) -> Endpoint {
    endpoint(call, Method::GET, path, scope, perform)
}

const OPPORTUNITIES: &str = "opportunities:read:admin";
const CHANGE_OPPORTUNITIES: &str = "opportunities:write:admin";
const NOTES: &str = "notes:read:admin";
const CHANGE_NOTES: &str = "notes:write:admin";
const POSTINGS: &str = "postings:read:admin";
const CHANGE_POSTINGS: &str = "postings:write:admin";
const FILES: &str = "files:read:admin";
const CHANGE_FILES: &str = "files:write:admin";
const WEBHOOKS: &str = "webhooks:read:admin";
const CHANGE_WEBHOOKS: &str = "webhooks:write:admin";

/// All of them. A path with fixed parts stands before one that would swallow it.
#[rustfmt::skip]
pub(crate) static ENDPOINTS: &[Endpoint] = &[
    get("list_deleted_opportunities", "/opportunities/deleted", OPPORTUNITIES, opportunities::list_deleted),
    get("list_opportunities", "/opportunities", OPPORTUNITIES, opportunities::list),
    endpoint("create_opportunity", Method::POST, "/opportunities", CHANGE_OPPORTUNITIES, opportunity_writes::create),
    get("get_opportunity", "/opportunities/{id}", OPPORTUNITIES, opportunities::get),
    endpoint("change_stage", Method::PUT, "/opportunities/{id}/stage", CHANGE_OPPORTUNITIES, opportunity_writes::change_stage),
    endpoint("change_archived", Method::PUT, "/opportunities/{id}/archived", CHANGE_OPPORTUNITIES, opportunity_writes::change_archived),
    endpoint("add_tags", Method::POST, "/opportunities/{id}/addTags", CHANGE_OPPORTUNITIES, opportunity_writes::add_tags),
    endpoint("remove_tags", Method::POST, "/opportunities/{id}/removeTags", CHANGE_OPPORTUNITIES, opportunity_writes::remove_tags),
    endpoint("add_links", Method::POST, "/opportunities/{id}/addLinks", CHANGE_OPPORTUNITIES, opportunity_writes::add_links),
    endpoint("remove_links", Method::POST, "/opportunities/{id}/removeLinks", CHANGE_OPPORTUNITIES, opportunity_writes::remove_links),
    endpoint("add_sources", Method::POST, "/opportunities/{id}/addSources", CHANGE_OPPORTUNITIES, opportunity_writes::add_sources),
    endpoint("remove_sources", Method::POST, "/opportunities/{id}/removeSources", CHANGE_OPPORTUNITIES, opportunity_writes::remove_sources),
    get("list_applications", "/opportunities/{id}/applications", "applications:read:admin", opportunities::list_applications),
    get("get_application", "/opportunities/{id}/applications/{application}", "applications:read:admin", opportunities::get_application),
    get("list_notes", "/opportunities/{id}/notes", NOTES, notes::list),
    endpoint("create_note", Method::POST, "/opportunities/{id}/notes", CHANGE_NOTES, notes::create),
    get("get_note", "/opportunities/{id}/notes/{note}", NOTES, notes::get),
    endpoint("update_note", Method::PUT, "/opportunities/{id}/notes/{note}", CHANGE_NOTES, notes::update),
    endpoint("delete_note", Method::DELETE, "/opportunities/{id}/notes/{note}", CHANGE_NOTES, notes::delete),
    get("list_feedback", "/opportunities/{id}/feedback", "feedback:read:admin", feedback::list),
    get("get_feedback", "/opportunities/{id}/feedback/{form}", "feedback:read:admin", feedback::get),
    get("list_files", "/opportunities/{id}/files", FILES, files::list),
    endpoint("upload_file", Method::POST, "/opportunities/{id}/files", CHANGE_FILES, files::upload),
    get("get_file", "/opportunities/{id}/files/{file}", FILES, files::get),
    get("download_file", "/opportunities/{id}/files/{file}/download", FILES, files::download),
    endpoint("delete_file", Method::DELETE, "/opportunities/{id}/files/{file}", CHANGE_FILES, files::delete),
    get("list_stages", "/stages", "stages:read:admin", reference::list_stages),
    get("get_stage", "/stages/{id}", "stages:read:admin", reference::get_stage),
    get("list_tags", "/tags", "tags:read:admin", reference::list_tags),
    get("list_sources", "/sources", "sources:read:admin", reference::list_sources),
    get("list_archive_reasons", "/archive_reasons", "archive_reasons:read:admin", reference::list_archive_reasons),
    get("get_archive_reason", "/archive_reasons/{id}", "archive_reasons:read:admin", reference::get_archive_reason),
    get("list_users", "/users", "users:read:admin", reference::list_users),
    get("get_user", "/users/{id}", "users:read:admin", reference::get_user),
    get("list_postings", "/postings", POSTINGS, postings::list),
    endpoint("create_posting", Method::POST, "/postings", CHANGE_POSTINGS, postings::create),
    get("get_posting", "/postings/{id}", POSTINGS, postings::get),
    endpoint("update_posting", Method::POST, "/postings/{id}", CHANGE_POSTINGS, postings::update),
    get("get_contact", "/contacts/{id}", "contact:read:admin", contacts::get),
    endpoint("update_contact", Method::PUT, "/contacts/{id}", "contact:write:admin", contacts::update),
    get("list_webhooks", "/webhooks", WEBHOOKS, webhooks::list),
    endpoint("create_webhook", Method::POST, "/webhooks", CHANGE_WEBHOOKS, webhooks::create),
    endpoint("update_webhooks", Method::PUT, "/webhooks/", CHANGE_WEBHOOKS, webhooks::update),
    endpoint("delete_webhook", Method::DELETE, "/webhooks/{id}", CHANGE_WEBHOOKS, webhooks::delete),
];
