//! The log: lines to standard output, times in UTC.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::line::{JsonLine, JsonMembers};
use crate::output;

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Pretty,
    /// One JSON object a line; what belongs to the request stands under `span`.
    Json,
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter cannot be read.
    #[error(
        "`log.filter` has to be a level or pairs of target and level, like `info` or `warn,jobs=debug`: {0}"
    )]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// There is a log already.
    #[error("the log of this process was set up before: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Starts the process's log on standard output. `filter` is a level, or pairs of target and level (`warn,jobs=debug`). Lines
/// of JSON are buffered: call [`flush_log`](crate::flush_log) before the process ends.
///
/// # Errors
/// A filter that cannot be read; a second call in one process.
pub fn init_logging(format: LogFormat, filter: &str) -> Result<(), LoggingError> {
    match format {
        LogFormat::Pretty => {
            let colours = std::io::stdout().is_terminal();
            build(format, filter, std::io::stdout, colours)?.try_init()?;
        }
        LogFormat::Json => build(format, filter, output::buffered(), false)?.try_init()?,
    }
    Ok(())
}

/// A log that goes to `writer`, without colours: for a test that reads what was logged.
///
/// # Errors
/// A filter that cannot be read.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    build(format, filter, writer, false)
}

fn build<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
    colours: bool,
) -> Result<
    impl Subscriber + Send + Sync + for<'s> tracing_subscriber::registry::LookupSpan<'s>,
    LoggingError,
>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = fmt::layer().with_writer(writer).with_ansi(colours);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Pretty => lines.boxed(),
        LogFormat::Json => lines.event_format(JsonLine).fmt_fields(JsonMembers).boxed(),
    };
    Ok(tracing_subscriber::registry().with(lines).with(filter))
}
