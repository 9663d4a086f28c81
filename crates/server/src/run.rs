//! How a program runs from its settings to its end.

use std::process::ExitCode;

use actix_web::dev::ServerHandle;
use settings::{LogFormat, Settings};
use telemetry::Readiness;

use crate::{OpenError, descriptors};

/// Why a program ended otherwise than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It could not open what its settings name.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An address it should listen on is not to be had.
    #[error("`{0}`: this address cannot be listened on: {1}")]
    Listen(&'static str, #[source] std::io::Error),
    /// Some other trouble with the operating system.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// A part of it ended by itself.
    #[error("{0} ended unexpectedly")]
    Died(&'static str),
    /// A worker of its own on SQLite.
    #[error(
        "on SQLite the worker runs inside baton-api: set `worker.embedded` to true there, or `database.url` to a postgres:// one here"
    )]
    WorkerOnSqlite,
}

impl Failure {
    /// 2 where a setting is at fault, as for those that are found at once; else 1.
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Open(
                OpenError::Keys(_)
                | OpenError::Setting(_)
                | OpenError::Database(storage::Error::Unsuitable(_)),
            )
            | Self::WorkerOnSqlite => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Starts the log and the runtime, and runs `program` to its end: status 0 when it was told to stop, 1 when it failed.
#[expect(
    clippy::print_stderr,
    reason = "where the log cannot be started there is nothing else to write to"
)]
pub fn run_to_the_end(
    settings: &Settings,
    program: impl AsyncFnOnce(&Settings) -> Result<(), Failure>,
) -> ExitCode {
    if let Err(error) = start_log(settings) {
        eprintln!("`log.filter`: {error}");
        return ExitCode::from(2);
    }
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    descriptors::raise_limit();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the runtime cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let status = match runtime.block_on(program(settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tracing::error!("{why}");
            why.exit_code()
        }
    };
    // What was still running may have something to say.
    drop(runtime);
    telemetry::flush_log();
    status
}

fn start_log(settings: &Settings) -> Result<(), telemetry::LoggingError> {
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stdout());
    let format = match settings.log.format_for(terminal) {
        LogFormat::Pretty => telemetry::LogFormat::Pretty,
        LogFormat::Json => telemetry::LogFormat::Json,
    };
    telemetry::init_logging(format, &settings.log.filter)
}

/// Opens the private listener with metrics and health.
///
/// # Errors
/// [`Failure::Listen`] where its port is taken.
pub fn operations(settings: &Settings, readiness: &Readiness) -> Result<ServerHandle, Failure> {
    let metrics = telemetry::install_metrics();
    let listen = settings.http.metrics_listen;
    let server = telemetry::serve_operations(listen, metrics, readiness.clone())
        .map_err(|error| Failure::Listen("http.metrics_listen", error))?;
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

/// As [`operations`], but goes on without where the port is taken: workers stand side by side.
pub fn operations_if_free(settings: &Settings, readiness: &Readiness) -> Option<ServerHandle> {
    operations(settings, readiness)
        .inspect_err(|error| tracing::warn!("going on without metrics and health: {error}"))
        .ok()
}
