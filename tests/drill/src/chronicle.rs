//! What was done to Baton, when, and what looked odd meanwhile.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Clock, SystemClock};

use crate::rig::Place;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A process was killed.
    Killed(Place),
    /// A worker was stopped in mid-air and later went on.
    Frozen(Place),
    /// PostgreSQL was stopped at once and later started.
    Halted,
    /// A connection ended between a COMMIT and its answer.
    Swallowed,
}

/// One deed. One that takes no time ends when it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow {
    pub(crate) deed: Deed,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

/// Kept while the drill goes on.
#[derive(Debug, Default)]
pub(crate) struct Chronicle {
    blows: Mutex<Vec<Blow>>,
    oddities: Mutex<Vec<String>>,
    starts: Mutex<usize>,
    refusals: Mutex<usize>,
    ready_after: Mutex<Vec<Duration>>,
    brought_forward: Mutex<i64>,
    read_again: Mutex<usize>,
}

impl Chronicle {
    /// Notes a deed that is over at once.
    pub(crate) fn note(&self, deed: Deed) {
        self.note_at(deed, SystemClock.now());
    }

    /// Notes a deed that was over at once, then.
    pub(crate) fn note_at(&self, deed: Deed, at: DateTime<Utc>) {
        let (from, until) = (at, at);
        lock(&self.blows).push(Blow { deed, from, until });
    }

    /// Notes a deed that began at `from` and ends now.
    pub(crate) fn note_since(&self, deed: Deed, from: DateTime<Utc>) {
        let until = SystemClock.now();
        lock(&self.blows).push(Blow { deed, from, until });
    }

    /// Notes that a process was started again.
    pub(crate) fn note_start(&self) {
        *lock(&self.starts) += 1;
    }

    /// Notes that Baton answered 503 while its database was down.
    pub(crate) fn note_refusal(&self) {
        *lock(&self.refusals) += 1;
    }

    /// Notes how long every api took to be ready after its database was back.
    pub(crate) fn note_ready(&self, took: Duration) {
        lock(&self.ready_after).push(took);
    }

    /// Notes that so many jobs were tried earlier than Baton would have.
    pub(crate) fn note_brought_forward(&self, count: i64) {
        *lock(&self.brought_forward) += count;
    }

    /// Notes that Greenhouse read a status once more, since its first read had broken off.
    pub(crate) fn note_read_again(&self) {
        *lock(&self.read_again) += 1;
    }

    /// Notes what should not have happened.
    pub(crate) fn odd(&self, what: impl Into<String>) {
        lock(&self.oddities).push(what.into());
    }

    pub(crate) fn blows(&self) -> Vec<Blow> {
        lock(&self.blows).clone()
    }

    pub(crate) fn oddities(&self) -> Vec<String> {
        lock(&self.oddities).clone()
    }

    pub(crate) fn starts(&self) -> usize {
        *lock(&self.starts)
    }

    pub(crate) fn refusals(&self) -> usize {
        *lock(&self.refusals)
    }

    pub(crate) fn brought_forward(&self) -> i64 {
        *lock(&self.brought_forward)
    }

    pub(crate) fn read_again(&self) -> usize {
        *lock(&self.read_again)
    }

    /// The longest time until every api was ready again.
    pub(crate) fn slowest_ready(&self) -> Option<Duration> {
        lock(&self.ready_after).iter().max().copied()
    }
}

/// What is kept is whole after each line, so a panic elsewhere does it no harm.
fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
