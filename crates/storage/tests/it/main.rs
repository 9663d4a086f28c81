//! What every function of this crate promises, held against both databases.

mod api_keys;
mod assessments;
mod audit;
mod candidates;
mod connections;
mod events;
mod examine;
mod grants;
mod group;
mod house;
mod idempotency;
mod intake;
mod invite_list;
mod invites;
mod lanes;
mod lost_connection;
mod mails;
mod migrations;
mod organizations;
mod papers;
mod places;
mod plans;
mod schema;
mod source;
mod tenants;
mod users;
