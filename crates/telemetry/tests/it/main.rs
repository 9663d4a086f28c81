//! Log, metrics and health as an operator meets them.

mod health;
mod log;
mod metrics;
