//! `baton-api`: the HTTP server; with `worker.embedded=true` it also does the background work.

use std::net::TcpListener;
use std::process::ExitCode;

use clap::Parser;
use server::settings::Settings;
use server::{CommandLine, Failure, Readiness, Running};

fn main() -> ExitCode {
    server::install_tls();
    let command_line = CommandLine::parse();
    let settings = server::settings_or_exit(command_line.config.as_deref());
    server::run_to_the_end(&settings, serve)
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    let stop = server::stop_signal()?;
    let readiness = Readiness::starting();
    let operations = server::operations(settings, &readiness)?;
    if let Some(app) = server::open_when_there(settings, &stop).await? {
        server::watch(&readiness, &app);
        let listener = TcpListener::bind(settings.http.listen)
            .map_err(|error| Failure::Listen("http.listen", error))?;
        let running = Running::start_as(readiness, settings, &app, listener)?;
        tracing::info!(listen = %settings.http.listen, "baton-api is ready");
        stop.cancelled().await;
        running.stop().await?;
    }
    operations.stop(false).await;
    Ok(())
}
