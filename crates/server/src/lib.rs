//! Puts Baton together as its settings say. The programs in `bins/` are thin: each takes the parts it needs from here, and so
//! do the tests, which therefore run what is shipped.

mod command_line;
mod descriptors;
mod http;
mod open;
mod ready;
mod run;
mod running;
mod stop;
mod wait;
mod worker;

pub use command_line::{CommandLine, settings_or_exit};
pub use http::Api;
pub use open::{OpenError, database_url, migrate, open, open_as_it_is, open_at, open_copy};
pub use ready::{readiness, watch};
pub use run::{Failure, operations, operations_if_free, run_to_the_end};
pub use running::Running;
pub use settings;
pub use stop::stop_signal;
pub use telemetry::Readiness;
pub use wait::open_when_there;
pub use worker::{alone, tools};

/// Picks the TLS library for the whole process: the first thing in every `main`.
pub fn install_tls() {
    // An error only says that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
