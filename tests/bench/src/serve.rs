//! An api like `baton-api`, but for how many asks share a transaction at most.

use std::net::TcpListener;
use std::process::ExitCode;

use server::settings::Settings;
use server::{Failure, Running};

/// Serves until told to stop, with groups of at most `most`.
pub(crate) fn serve(most: usize) -> ExitCode {
    let settings = server::settings_or_exit(None);
    server::run_to_the_end(&settings, async |settings: &Settings| {
        run(settings, most).await
    })
}

async fn run(settings: &Settings, most: usize) -> Result<(), Failure> {
    let stop = server::stop_signal()?;
    let app = server::open(settings)?.with_groups_of(most);
    let listener = TcpListener::bind(settings.http.listen)
        .map_err(|error| Failure::Listen("http.listen", error))?;
    let running = Running::start(settings, &app, listener)?;
    stop.cancelled().await;
    running.stop().await
}
