//! How a program is told to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancelled at the first SIGTERM or Ctrl-C; a second one ends the process at once. To be called inside a Tokio runtime.
///
/// # Errors
/// Where the operating system lets nobody listen for signals.
pub fn stop_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if told.is_cancelled() {
                telemetry::flush_log();
                std::process::exit(1);
            }
            tracing::info!("told to stop; what runs is brought to its end first");
            told.cancel();
        }
    });
    Ok(stop)
}
