//! How long to wait between tries, as a pure function.

use std::time::Duration;

/// From the first try on; the try after this is the last.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(72 * 3_600);

const STEPS: [u64; 8] = [2, 10, 30, 120, 600, 1_800, 3_600, 7_200];
const LAST_STEP: u64 = 4 * 3_600;

/// The wait before the next try, or `None` when it is time to give up: 72 hours (`elapsed`) after the first try.
///
/// | tries that failed | wait |
/// |---|---|
/// | 1 | 2 s |
/// | 2 | 10 s |
/// | 3 | 30 s |
/// | 4 | 2 min |
/// | 5 | 10 min |
/// | 6 | 30 min |
/// | 7 | 1 h |
/// | 8 | 2 h |
/// | more | 4 h |
///
/// `jitter` is a random number in `0.0..=1.0`: the wait is spread over half to all of the step, so that what failed together
/// does not come back together. `not_before` (the far side's `Retry-After`) is a floor, never shortened.
pub fn next_wait(
    failed: u32,
    elapsed: Duration,
    jitter: f64,
    not_before: Option<Duration>,
) -> Option<Duration> {
    if elapsed >= GIVE_UP_AFTER {
        return None;
    }
    let spread = if jitter.is_nan() {
        1.0
    } else {
        0.5 + jitter.clamp(0.0, 1.0) / 2.0
    };
    let wait = step(failed).mul_f64(spread);
    Some(wait.max(not_before.unwrap_or_default()))
}

fn step(failed: u32) -> Duration {
    let index = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX);
    Duration::from_secs(STEPS.get(index).copied().unwrap_or(LAST_STEP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const NO_TIME: Duration = Duration::ZERO;

    #[rstest]
    #[case(1, 2)]
    #[case(2, 10)]
    #[case(3, 30)]
    #[case(4, 120)]
    #[case(5, 600)]
    #[case(6, 1_800)]
    #[case(7, 3_600)]
    #[case(8, 7_200)]
    #[case(9, 14_400)]
    #[case(u32::MAX, 14_400)]
    fn waits_grow_by_the_table(#[case] failed: u32, #[case] seconds: u64) {
        let whole = Duration::from_secs(seconds);
        assert_eq!(next_wait(failed, NO_TIME, 1.0, None), Some(whole));
        assert_eq!(next_wait(failed, NO_TIME, 0.0, None), Some(whole / 2));
    }

    #[test]
    fn the_far_side_may_lengthen_a_wait_but_not_shorten_it() {
        let minute = Duration::from_secs(60);
        assert_eq!(next_wait(1, NO_TIME, 1.0, Some(minute)), Some(minute));
        assert_eq!(next_wait(5, NO_TIME, 1.0, Some(minute)), Some(minute * 10));
    }

    #[test]
    fn it_gives_up_three_days_after_the_first_try() {
        let almost = GIVE_UP_AFTER - Duration::from_secs(1);
        assert!(next_wait(30, almost, 0.5, None).is_some());
        assert_eq!(next_wait(30, GIVE_UP_AFTER, 0.5, None), None);
        assert_eq!(next_wait(1, GIVE_UP_AFTER, 0.5, Some(NO_TIME)), None);
    }

    proptest! {
        #[test]
        fn every_wait_lies_between_half_of_its_step_and_the_whole(failed in any::<u32>(), jitter in any::<f64>()) {
            let wait = next_wait(failed, NO_TIME, jitter, None).expect("not yet 72 h");
            prop_assert!(wait >= step(failed) / 2 && wait <= step(failed));
        }

        #[test]
        fn a_later_try_never_waits_less_than_half_of_an_earlier_one(failed in 0_u32..40, one in 0.0..=1.0, other in 0.0..=1.0) {
            let earlier = next_wait(failed, NO_TIME, one, None).expect("not yet 72 h");
            let later = next_wait(failed + 1, NO_TIME, other, None).expect("not yet 72 h");
            prop_assert!(later >= earlier / 2);
        }

        #[test]
        fn no_wait_undercuts_the_floor(failed in any::<u32>(), jitter in any::<f64>(), floor in 0_u64..86_400) {
            let floor = Duration::from_secs(floor);
            let wait = next_wait(failed, NO_TIME, jitter, Some(floor)).expect("not yet 72 h");
            prop_assert!(wait >= floor);
        }

        #[test]
        fn whatever_fails_always_is_given_up_within_four_more_hours(jitters in prop::collection::vec(0.0..=1.0, 200)) {
            let (mut elapsed, mut failed) = (NO_TIME, 1);
            while let Some(wait) = next_wait(failed, elapsed, jitters[failed as usize % 200], None) {
                elapsed += wait;
                failed += 1;
            }
            prop_assert!(elapsed < GIVE_UP_AFTER + Duration::from_secs(LAST_STEP));
            prop_assert!((20..60).contains(&failed), "{} tries", failed);
        }
    }
}
