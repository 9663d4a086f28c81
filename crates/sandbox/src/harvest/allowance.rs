//! Calls counted in fixed windows of the sandbox's clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How many calls each window saw.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Allowance {
    /// By when it ends, in seconds since 1970: calls let through, calls refused.
    pub(crate) windows: BTreeMap<i64, (u32, u32)>,
    /// Calls let through, by name.
    pub(crate) by_name: BTreeMap<String, u64>,
}

/// What an answer's headers say, and whether the call is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds since 1970.
    pub(crate) reset: i64,
    /// Whole seconds until then, where the call is refused.
    pub(crate) wait: Option<i64>,
}

impl Allowance {
    /// Counts one call. A limit of 0 lets everything through, and shows a large one.
    pub(crate) fn count(
        &mut self,
        now: DateTime<Utc>,
        limit: u32,
        window_seconds: u32,
        call: &str,
    ) -> Counted {
        let (now, length) = (now.timestamp(), i64::from(window_seconds.max(1)));
        let reset = (now.div_euclid(length) + 1) * length;
        let limit = if limit == 0 { u32::MAX } else { limit };
        let (passed, refused) = self.windows.entry(reset).or_default();
        let wait = if *passed < limit {
            *passed += 1;
            *self.by_name.entry(call.to_owned()).or_default() += 1;
            None
        } else {
            *refused += 1;
            Some(reset - now)
        };
        Counted {
            limit,
            remaining: limit - *passed,
            reset,
            wait,
        }
    }

    /// Calls let through, calls refused, most let through in one window.
    pub(crate) fn sums(&self) -> (u64, u64, u32) {
        let windows = self.windows.values();
        windows.fold((0, 0, 0), |(calls, refused, most), window| {
            (
                calls + u64::from(window.0),
                refused + u64::from(window.1),
                most.max(window.0),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_fixed_and_says_when_it_ends() {
        let mut allowance = Allowance::default();
        let mut at = |second: i64| {
            let now = DateTime::from_timestamp(1_790_000_010 + second, 0).expect("a time");
            allowance.count(now, 2, 30, "list_jobs")
        };
        let first = at(0);
        assert_eq!((first.limit, first.remaining, first.wait), (2, 1, None));
        assert_eq!(first.reset, 1_790_000_010 + 30);
        assert_eq!(at(29).remaining, 0);
        assert_eq!(at(29).wait, Some(1));
        assert_eq!(at(30).wait, None);
        assert_eq!(allowance.sums(), (3, 1, 2));
    }
}
