//! The queue and its workers, on SQLite and (where `BATON_TEST_POSTGRES` names a server) on PostgreSQL.

mod claims;
mod home;
mod periodic;
mod shutdown;
mod verdicts;
mod waking;
