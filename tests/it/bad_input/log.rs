//! The log of this process, kept in memory.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use telemetry::LogFormat;

/// Everything of ours, whatever its level; of others what an operator sees by default.
const FILTER: &str = "info,app=trace,ats=trace,ats_http=trace,domain=trace,greenhouse_assessment=trace,jobs=trace,\
    mail=trace,pages=trace,server=trace,storage=trace,telemetry=trace,vault=trace,web=trace,sandbox=off";

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Memory;

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Starts to keep what is logged, by whichever test of this process.
pub(super) fn keep() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let log = telemetry::subscriber(LogFormat::Json, FILTER, || Memory).expect("a filter");
        tracing::subscriber::set_global_default(log).expect("nobody else keeps the log");
    });
}

/// Was this text ever logged?
pub(super) fn holds(text: &str) -> bool {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(!lines.is_empty(), "the log is kept");
    lines
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}
