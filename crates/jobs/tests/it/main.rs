//! The queue and its workers, on SQLite and (where `BATON_TEST_POSTGRES` names a server) on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, outside any #[test] function"
)]

mod claims;
mod crashes;
mod fairness;
mod home;
mod model;
mod order;
mod parked;
mod periodic;
mod shutdown;
mod verdicts;
mod waking;
