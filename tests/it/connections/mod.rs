//! Connections to Lever, from a person's yes to their end, against the sandbox's Lever.

mod accounts;
mod connecting;
mod greenhouse;
mod lost;
mod requests;
mod stages;
