//! The queue and its workers, on SQLite and (where `BATON_TEST_POSTGRES` names a server) on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, outside any #[test] function"
)]

mod claims;
mod home;
mod periodic;
mod shutdown;
mod verdicts;
mod waking;
