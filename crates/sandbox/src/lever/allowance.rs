//! The token bucket of one app at one account, and a count of the calls that met it.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::settings::Settings;

const SECOND: i64 = 1_000;

/// Bucket and counts. Times are milliseconds by the sandbox's clock.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Allowance {
    /// Calls left, in thousandths; none before the first call.
    left: Option<i64>,
    filled_at: i64,
    pub(crate) counts: Counts,
}

/// What was counted since the counts were last cleared.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Calls that were let through.
    pub(crate) calls: u64,
    /// Calls that met an empty bucket.
    pub(crate) refused: u64,
    /// Most calls let through within any second.
    pub(crate) largest_second: usize,
    /// By whole second since 1970: let through and refused.
    pub(crate) seconds: BTreeMap<i64, (u64, u64)>,
    /// Calls let through, by name.
    pub(crate) by_name: BTreeMap<String, u64>,
    /// When the calls of the last second were let through.
    recent: VecDeque<i64>,
}

impl Allowance {
    /// Takes one call out of the bucket and counts it.
    ///
    /// # Errors
    /// The bucket is empty: in how many milliseconds it will hold a call again.
    pub(crate) fn take(&mut self, settings: &Settings, now: i64, call: &str) -> Result<(), i64> {
        let rate = i64::from(settings.calls_per_second);
        if rate == 0 {
            self.counts.let_through(now, call);
            return Ok(());
        }
        let full = i64::from(settings.burst) * SECOND;
        let passed = now.saturating_sub(self.filled_at).max(0);
        let left = self.left.unwrap_or(full);
        // Thousandths of a call: in a millisecond comes as much as calls in a second.
        let left = left.saturating_add(passed.saturating_mul(rate)).min(full);
        self.filled_at = now;
        if left < SECOND {
            self.left = Some(left);
            self.counts.refuse(now);
            return Err((SECOND - left + rate - 1) / rate);
        }
        self.left = Some(left - SECOND);
        self.counts.let_through(now, call);
        Ok(())
    }
}

impl Counts {
    fn let_through(&mut self, now: i64, call: &str) {
        self.calls += 1;
        self.seconds.entry(now.div_euclid(SECOND)).or_default().0 += 1;
        *self.by_name.entry(call.to_owned()).or_default() += 1;
        self.recent.push_back(now);
        while self.recent.front().is_some_and(|at| now - at >= SECOND) {
            self.recent.pop_front();
        }
        self.largest_second = self.largest_second.max(self.recent.len());
    }

    fn refuse(&mut self, now: i64) {
        self.refused += 1;
        self.seconds.entry(now.div_euclid(SECOND)).or_default().1 += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_gives_a_burst_and_then_ten_in_a_second() {
        let (settings, mut bucket) = (Settings::default(), Allowance::default());
        let start = 1_790_000_000_000;
        let mut let_through = |at: i64| bucket.take(&settings, start + at, "add_tags").is_ok();
        assert_eq!((0..30).filter(|_| let_through(0)).count(), 20);
        assert!(!let_through(99));
        assert!(let_through(100));
        let in_a_second = (101..=1_100).filter(|at| let_through(*at)).count();
        assert_eq!(in_a_second, 10);
        assert_eq!(bucket.counts.calls, 31);
        assert_eq!(bucket.counts.largest_second, 29);
    }

    #[test]
    fn an_empty_bucket_says_how_long_to_wait() {
        let (settings, mut bucket) = (Settings::default(), Allowance::default());
        for _ in 0..20 {
            assert_eq!(bucket.take(&settings, 5, "add_tags"), Ok(()));
        }
        assert_eq!(bucket.take(&settings, 5, "add_tags"), Err(100));
        assert_eq!(bucket.take(&settings, 104, "add_tags"), Err(1));
        assert_eq!(bucket.take(&settings, 105, "add_tags"), Ok(()));
    }
}
