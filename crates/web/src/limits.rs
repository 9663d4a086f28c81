//! How often one key may call: a bucket that holds a whole minute's calls, in each process.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ApiKeyId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use ipnet::IpNet;

/// How often full buckets are forgotten.
const SWEPT_EVERY: Duration = Duration::from_secs(60);

/// What the settings say to the edge.
#[derive(Debug, Clone)]
pub struct Limits {
    /// `limits.requests_per_minute`: calls of one key in a minute.
    pub requests_per_minute: NonZeroU32,
    /// `http.trusted_proxies`: whose word on where a call comes from counts.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: NonZeroU32::new(3000).expect("3000 is not 0"),
            trusted_proxies: Vec::new(),
        }
    }
}

/// One bucket for each key. Cheap to clone; all clones share the buckets.
#[derive(Clone)]
pub(crate) struct KeyLimits {
    buckets: Arc<DefaultKeyedRateLimiter<ApiKeyId>>,
    swept_at: Arc<Mutex<Instant>>,
}

impl std::fmt::Debug for KeyLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyLimits")
    }
}

impl KeyLimits {
    /// Full buckets for every key.
    pub(crate) fn new(limits: &Limits) -> Self {
        let quota = Quota::per_minute(limits.requests_per_minute);
        Self {
            buckets: Arc::new(DefaultKeyedRateLimiter::keyed(quota)),
            swept_at: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// Counts one call of `key`.
    ///
    /// # Errors
    /// How long to wait, where its bucket is empty.
    pub(crate) fn count(&self, key: ApiKeyId) -> Result<(), Duration> {
        self.sweep();
        self.buckets
            .check_key(&key)
            .map_err(|full| full.wait_time_from(DefaultClock::default().now()))
    }

    /// A bucket that has filled up again is as good as none.
    fn sweep(&self) {
        let mut swept_at = self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        if swept_at.elapsed() > SWEPT_EVERY {
            *swept_at = Instant::now();
            drop(swept_at);
            self.buckets.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_use_up_its_minute_and_another_keeps_its_own() {
        let limits = KeyLimits::new(&Limits {
            requests_per_minute: NonZeroU32::new(3).expect("not 0"),
            ..Limits::default()
        });
        let [one, other] = [1, 2].map(|id| ApiKeyId(uuid::Uuid::from_u128(id)));
        for _ in 0..3 {
            assert_eq!(limits.count(one), Ok(()));
        }
        let wait = limits.count(one).expect_err("the bucket is empty");
        assert!(wait > Duration::from_secs(10) && wait <= Duration::from_secs(20));
        assert_eq!(limits.count(other), Ok(()));
    }
}
