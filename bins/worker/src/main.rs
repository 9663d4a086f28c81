//! `baton-worker`: mail, the completion PATCH and whatever else follows a commit; any number side by side on PostgreSQL.

use std::process::ExitCode;

use clap::Parser;
use jobs::WorkerConfig;
use server::settings::{DatabaseUrl, Settings};
use server::{CommandLine, Failure, Readiness};

fn main() -> ExitCode {
    server::install_tls();
    let command_line = CommandLine::parse();
    let settings = server::settings_or_exit(command_line.config.as_deref());
    server::run_to_the_end(&settings, work)
}

async fn work(settings: &Settings) -> Result<(), Failure> {
    if matches!(settings.database.url, DatabaseUrl::Sqlite(_)) {
        return Err(Failure::WorkerOnSqlite);
    }
    let stop = server::stop_signal()?;
    let readiness = Readiness::starting();
    let operations = server::operations_if_free(settings, &readiness);
    let Some(app) = server::open_when_there(settings, &stop).await? else {
        return Ok(());
    };
    server::watch(&readiness, &app);
    let worker = app::worker::worker(server::tools(settings, &app)?, WorkerConfig::default());
    tracing::info!("baton-worker is ready");
    let draining = stop.clone();
    tokio::spawn(async move {
        draining.cancelled().await;
        readiness.start_draining();
    });
    worker.run(stop).await;
    if let Some(operations) = operations {
        operations.stop(false).await;
    }
    Ok(())
}
