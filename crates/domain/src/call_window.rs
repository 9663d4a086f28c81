//! How many calls a far side that counts in windows of time still allows.

use chrono::{DateTime, TimeDelta, Utc};

/// What a far side said of its window in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenWindow {
    /// How many calls it allows in one.
    pub limit: u32,
    /// How many of these are left.
    pub remaining: u32,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// One window of calls, as all of our processes count it together. Never more than a share of the allowance is used: the same
/// credential may be in use elsewhere, and calls that are on their way are not in what the far side says is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallWindow {
    /// How many calls a window allows.
    pub limit: u32,
    /// How many more we may make in this one.
    pub left: u32,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Of each hundred calls allowed we make so many.
const SHARE: u32 = 90;
/// A window that ends so soon is as good as over: its end, in whole seconds, may lie behind the next one's begin.
const AS_GOOD_AS_OVER: TimeDelta = TimeDelta::seconds(1);

impl CallWindow {
    /// One that begins at `now`, of `length`, where `limit` calls are allowed.
    pub fn new(limit: u32, length: TimeDelta, now: DateTime<Utc>) -> Self {
        Self {
            limit,
            left: share(limit),
            ends_at: now + length,
        }
    }

    /// Takes one call out of it, or out of the next one of `length` where it is over.
    ///
    /// # Errors
    /// When the next call may be made, where none is left.
    pub fn take(&mut self, length: TimeDelta, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        if now >= self.ends_at {
            *self = Self::new(self.limit, length, now);
        }
        self.left = self.left.checked_sub(1).ok_or(self.ends_at)?;
        Ok(())
    }

    /// Learns from what an answer said at `now`.
    #[must_use]
    pub fn learned(self, seen: SeenWindow, now: DateTime<Utc>) -> Self {
        if seen.ends_at <= now + AS_GOOD_AS_OVER {
            return Self {
                limit: seen.limit,
                ..self
            };
        }
        let grown = share(seen.limit).saturating_sub(share(self.limit));
        let spared = seen.limit - share(seen.limit);
        Self {
            limit: seen.limit,
            left: (self.left + grown).min(seen.remaining.saturating_sub(spared)),
            ends_at: seen.ends_at,
        }
    }

    /// Has nobody call before `until`: the far side said so.
    #[must_use]
    pub fn paused(self, until: DateTime<Utc>) -> Self {
        Self {
            left: 0,
            ends_at: if self.left == 0 {
                self.ends_at.max(until)
            } else {
                until
            },
            ..self
        }
    }
}

fn share(limit: u32) -> u32 {
    let share = u64::from(limit) * u64::from(SHARE) / 100;
    u32::try_from(share)
        .unwrap_or(limit)
        .max(1)
        .min(limit.max(1))
}
