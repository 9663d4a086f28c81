//! Connections to Lever and to Harvest, from a person's yes to their end, against the sandbox.

mod accounts;
mod connecting;
mod greenhouse;
mod harvest;
mod lost;
mod requests;
mod stages;
mod ten_days;
