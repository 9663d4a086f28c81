//! Time and ids are injected, so that a test can hold the one still and foretell the other.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

/// Tells the time, in whole microseconds: what both databases keep.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(now.timestamp_micros()))
    }

    /// Moves the clock forward (or, with a negative `by`, back).
    pub fn advance(&self, by: TimeDelta) {
        self.0
            .fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst))
            .unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// Draws new ids: UUIDv7, so that later ids sort later.
pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A fresh id for something made at `now`.
    fn draw(&self, now: DateTime<Utc>) -> Uuid;

    /// A fresh id of one kind.
    fn next<T: From<Uuid>>(&self, now: DateTime<Utc>) -> T
    where
        Self: Sized,
    {
        self.draw(now).into()
    }
}

/// Ids from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct Entropy;

impl Ids for Entropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws ids")]
    fn draw(&self, _now: DateTime<Utc>) -> Uuid {
        Uuid::now_v7()
    }
}
