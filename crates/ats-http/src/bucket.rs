//! An allowance kept in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};
use tokio::time::{Instant, sleep_until};

use crate::{Throttle, Wait};

/// The longest a call waits for its turn unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// A token bucket for one process: a steady rate, and a burst after quiet times. Callers leave in the order they asked.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::time::Duration;
/// use ats_http::{Throttle, TokenBucket};
///
/// let bucket = TokenBucket::new(10, 20).with_patience(Duration::ZERO);
/// for _ in 0..20 {
///     assert!(bucket.permit().await.is_ok());
/// }
/// assert!(bucket.permit().await.is_err());
/// # }
/// ```
#[derive(Debug)]
pub struct TokenBucket {
    every: Duration,
    /// How far ahead of the steady rate a burst may run.
    tolerance: Duration,
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// When the bucket would be full of debts paid: the "theoretical arrival time" of the generic cell rate algorithm.
    due: Instant,
    /// Counts the pauses, so that whoever slept through the begin of one asks again.
    pauses: u64,
}

impl TokenBucket {
    /// `per_second` requests a second, and up to `burst` at once after a quiet time. Zero counts as one.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let every = Duration::from_secs(1) / per_second.max(1);
        let state = State {
            due: Instant::now(),
            pauses: 0,
        };
        Self {
            every,
            tolerance: every * (burst.max(1) - 1),
            patience: PATIENCE,
            state: Mutex::new(state),
        }
    }

    /// How long a caller may be kept waiting before it gets [`Wait`] instead; 30 s unless told otherwise.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Takes one request's worth; gives when it may leave, and how many pauses that takes into account.
    fn take(&self) -> Result<(Instant, u64), Wait> {
        let now = Instant::now();
        let mut state = self.state();
        let due = state.due.max(now);
        let leave = due.checked_sub(self.tolerance).unwrap_or(now).max(now);
        let wait = leave - now;
        if wait > self.patience {
            return Err(Wait(wait));
        }
        state.due = due + self.every;
        Ok((leave, state.pauses))
    }

    fn pause(&self, wait: Duration) {
        let mut state = self.state();
        let until = Instant::now() + wait + self.tolerance;
        state.due = state.due.max(until);
        state.pauses += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self) -> Result<(), Wait> {
        loop {
            let (leave, pauses) = self.take()?;
            sleep_until(leave).await;
            if self.state().pauses == pauses {
                return Ok(());
            }
        }
    }
}

impl Throttle for TokenBucket {
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>> {
        Box::pin(self.turn())
    }

    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()> {
        self.pause(wait);
        Box::pin(ready(()))
    }
}
