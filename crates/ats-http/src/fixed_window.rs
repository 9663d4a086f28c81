//! An allowance in windows that the far side counts, kept in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};
use tokio::time::{Instant, sleep_until};

use crate::{Throttle, Wait, Window};

/// The longest a call waits for its turn unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of a limit is used unless told otherwise, in percent. The rest is for calls that others make, and for those that
/// are on their way while an answer says how many are left.
const SHARE: u32 = 80;

/// What an answer says of a window that is as good as over may come when the next one has begun, and would be taken for that.
const AS_GOOD_AS_OVER: Duration = Duration::from_secs(1);

/// So many calls in each window, for one process. How many, and when the window ends, is learned from the answers.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use std::time::Duration;
/// use ats_http::{FixedWindow, Throttle, Window};
///
/// let throttle = FixedWindow::new(50, Duration::from_secs(30)).with_patience(Duration::ZERO);
/// assert!(throttle.permit().await.is_ok());
/// // Another program has used up what there was.
/// let window = Window { limit: 75, remaining: 2, ends_in: Duration::from_secs(20) };
/// throttle.observed(window).await;
/// assert!(throttle.permit().await.is_err());
/// # }
/// ```
#[derive(Debug)]
pub struct FixedWindow {
    length: Duration,
    share: u32,
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// What the far side allows, as far as is known.
    limit: u32,
    /// What may still leave in this window.
    left: u32,
    ends: Instant,
    /// Whether an answer has ever said when a window ends.
    learned: bool,
}

impl FixedWindow {
    /// Windows of `length`. `limit` holds until an answer says otherwise; zero counts as one.
    pub fn new(limit: u32, length: Duration) -> Self {
        let state = State {
            limit,
            left: 0,
            ends: Instant::now(),
            learned: false,
        };
        Self {
            length,
            share: SHARE,
            patience: PATIENCE,
            state: Mutex::new(state),
        }
    }

    /// How much of the limit may be used, in percent; 80 unless told otherwise. At least one call is always allowed.
    #[must_use]
    pub fn with_share(mut self, percent: u32) -> Self {
        self.share = percent.min(100);
        self
    }

    /// How long a caller may be kept waiting before it gets [`Wait`] instead; a minute unless told otherwise.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Ready at once, or the moment at which to ask again.
    fn take(&self) -> Result<(), Instant> {
        let now = Instant::now();
        let mut state = self.state();
        if now >= state.ends {
            state.left = self.allowed(state.limit);
            state.ends = now + self.length;
        }
        state.left = state.left.checked_sub(1).ok_or(state.ends)?;
        Ok(())
    }

    async fn turn(&self) -> Result<(), Wait> {
        let asked = Instant::now();
        while let Err(again) = self.take() {
            if again - asked > self.patience {
                return Err(Wait(again - Instant::now()));
            }
            sleep_until(again).await;
        }
        Ok(())
    }

    /// What the answer says counts calls that have arrived; what is left here counts those that have been let go too.
    fn learn(&self, window: Window) {
        let mut state = self.state();
        if state.learned && window.ends_in <= AS_GOOD_AS_OVER {
            return;
        }
        let (before, allowed) = (self.allowed(state.limit), self.allowed(window.limit));
        let grown = state.left.saturating_add(allowed.saturating_sub(before));
        let reserve = window.limit.saturating_sub(allowed);
        state.left = grown.min(window.remaining.saturating_sub(reserve));
        state.limit = window.limit;
        state.ends = Instant::now() + window.ends_in;
        state.learned = true;
    }

    fn pause(&self, wait: Duration) {
        let mut state = self.state();
        let until = Instant::now() + wait;
        let used_up = state.left == 0;
        state.ends = if used_up {
            state.ends.max(until)
        } else {
            until
        };
        state.left = 0;
    }

    fn allowed(&self, limit: u32) -> u32 {
        let share = u64::from(limit) * u64::from(self.share) / 100;
        u32::try_from(share).unwrap_or(limit).max(1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Throttle for FixedWindow {
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>> {
        Box::pin(self.turn())
    }

    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()> {
        self.pause(wait);
        Box::pin(ready(()))
    }

    fn observed(&self, window: Window) -> BoxFuture<'_, ()> {
        self.learn(window);
        Box::pin(ready(()))
    }
}
