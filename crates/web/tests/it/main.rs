//! What `/v1` shows to those who call it, over a database of each test's own.

mod api_keys;
mod assessments;
mod audit_events;
mod bodies;
mod credentials;
mod document;
mod house;
mod idempotency;
mod interviews;
mod invites;
mod lists;
mod mail_reports;
mod organizations;
mod tenants;
