//! What holds of windows of calls, whatever the far side says.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{CallWindow, SeenWindow};
use proptest::prelude::*;

const LENGTH: TimeDelta = TimeDelta::seconds(30);

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + millis).expect("a moment")
}

fn take_all(window: &mut CallWindow, now: DateTime<Utc>) -> u32 {
    let mut taken = 0;
    while window.take(LENGTH, now).is_ok() {
        taken += 1;
    }
    taken
}

proptest! {
    #[test]
    fn no_window_gives_more_than_nine_tenths_of_what_is_allowed(limit in 2u32..500) {
        let mut window = CallWindow::new(limit, LENGTH, at(0));
        let taken = take_all(&mut window, at(0));
        prop_assert!(taken >= 1);
        prop_assert!(u64::from(taken) * 10 <= u64::from(limit) * 9 || taken == 1);
    }

    #[test]
    fn what_is_learned_never_gives_more_than_the_far_side_has_left(limit in 2u32..500, used in 0u32..500, ours in 0u32..500, ends in 1_001i64..30_000) {
        let mut window = CallWindow::new(limit, LENGTH, at(0));
        for _ in 0..ours.min(limit) {
            let _ = window.take(LENGTH, at(0));
        }
        let remaining = limit.saturating_sub(used);
        let seen = SeenWindow { limit, remaining, ends_at: at(ends) };
        let learned = window.learned(seen, at(0));
        prop_assert!(learned.left <= remaining);
        prop_assert!(learned.left <= window.left);
    }

    #[test]
    fn nobody_calls_before_the_end_of_a_pause(limit in 1u32..500, wait in 1i64..60_000, early in 0i64..60_000) {
        let mut window = CallWindow::new(limit, LENGTH, at(0)).paused(at(wait));
        let now = at(early.min(wait - 1));
        prop_assert_eq!(window.take(LENGTH, now), Err(at(wait)));
        prop_assert_eq!(window.take(LENGTH, at(wait)), Ok(()));
    }

    #[test]
    fn the_next_window_allows_as_much_as_was_last_said(said in 1u32..500, before in 1u32..500) {
        let window = CallWindow::new(before, LENGTH, at(0));
        let seen = SeenWindow { limit: said, remaining: 0, ends_at: at(20_000) };
        let mut learned = window.learned(seen, at(0));
        prop_assert_eq!(learned.take(LENGTH, at(19_999)), Err(at(20_000)));
        let mut fresh = CallWindow::new(said, LENGTH, at(20_000));
        prop_assert_eq!(take_all(&mut learned, at(20_000)), take_all(&mut fresh, at(20_000)));
    }
}
