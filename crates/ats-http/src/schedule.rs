//! How long to wait between tries of a write to an ATS.

use std::time::Duration;

const STEPS: [u64; 8] = [2, 10, 30, 120, 600, 1_800, 3_600, 7_200];
const LAST_STEP: u64 = 4 * 3_600;
const GIVE_UP_AFTER: Duration = Duration::from_secs(72 * 3_600);

/// 2 s, 10 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, then every 4 h, until 72 h have passed since the first try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushSchedule {
    /// Tries that failed so far, 1 after the first.
    pub failed: u32,
    /// Time since the first try.
    pub elapsed: Duration,
}

impl PushSchedule {
    /// The wait before the next try, or `None` when it is time to give up.
    ///
    /// `jitter` is a random number in `0.0..=1.0` from the caller: the wait is spread over half to all of the step,
    /// so that calls which failed together do not come back together. `not_before` is the server's `Retry-After`.
    pub fn next_wait(self, jitter: f64, not_before: Option<Duration>) -> Option<Duration> {
        if self.elapsed >= GIVE_UP_AFTER {
            return None;
        }
        let spread = 0.5 + jitter.clamp(0.0, 1.0) / 2.0;
        let wait = self
            .step()
            .mul_f64(if spread.is_nan() { 1.0 } else { spread });
        Some(wait.max(not_before.unwrap_or_default()))
    }

    fn step(self) -> Duration {
        let index = usize::try_from(self.failed.saturating_sub(1)).unwrap_or(usize::MAX);
        Duration::from_secs(STEPS.get(index).copied().unwrap_or(LAST_STEP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn after(failed: u32) -> PushSchedule {
        PushSchedule {
            failed,
            elapsed: Duration::ZERO,
        }
    }

    #[rstest]
    #[case(1, 2)]
    #[case(2, 10)]
    #[case(5, 600)]
    #[case(8, 7_200)]
    #[case(9, 14_400)]
    #[case(4_000_000_000, 14_400)]
    fn waits_grow_by_the_table(#[case] failed: u32, #[case] seconds: u64) {
        assert_eq!(
            after(failed).next_wait(1.0, None),
            Some(Duration::from_secs(seconds))
        );
        assert_eq!(
            after(failed).next_wait(0.0, None),
            Some(Duration::from_secs(seconds) / 2)
        );
    }

    #[test]
    fn the_server_may_lengthen_a_wait_but_not_shorten_it() {
        let minute = Some(Duration::from_secs(60));
        assert_eq!(after(1).next_wait(1.0, minute), minute);
        assert_eq!(
            after(5).next_wait(1.0, minute),
            Some(Duration::from_secs(600))
        );
    }

    #[test]
    fn gives_up_after_three_days() {
        let late = PushSchedule {
            failed: 30,
            elapsed: Duration::from_secs(72 * 3_600),
        };
        assert_eq!(late.next_wait(1.0, None), None);
    }

    proptest! {
        #[test]
        fn any_jitter_stays_within_half_and_whole(failed in any::<u32>(), jitter in any::<f64>()) {
            let wait = after(failed).next_wait(jitter, None).expect("not yet 72 h");
            prop_assert!(wait >= after(failed).step() / 2 && wait <= after(failed).step());
        }
    }
}
