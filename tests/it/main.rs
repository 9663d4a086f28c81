//! Baton from the outside: the real api and worker against the sandbox, over HTTP and mail, on both databases.

mod admin;
mod bad_input;
mod browser;
mod canaries;
mod connections;
mod crash;
mod demo;
mod docs;
mod greenhouse_intake;
mod harness;
mod hostile;
mod imports;
mod invites;
mod keys;
mod lever;
mod mailing;
mod matrix;
mod outage;
mod partner;
mod queue;
mod readiness;
mod referrals;
mod releases;
mod shutdown;
mod test_status;
#[cfg(feature = "postgres-tls")]
mod tls;
mod writeback;
