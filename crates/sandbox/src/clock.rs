//! The sandbox's time: a source that can be held still, plus an offset that the control API moves.

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Where the sandbox reads the time.
pub trait TimeSource: Send + Sync + std::fmt::Debug {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock, in whole milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTimeSource;

impl TimeSource for SystemTimeSource {
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(3)
    }
}

/// `now`, moved by as many seconds as the virtual clock is ahead.
pub(crate) fn moved(now: DateTime<Utc>, ahead_seconds: i64) -> DateTime<Utc> {
    TimeDelta::try_seconds(ahead_seconds)
        .and_then(|ahead| now.checked_add_signed(ahead))
        .unwrap_or(now)
}
