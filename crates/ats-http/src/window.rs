//! `X-RateLimit-Limit`, `-Remaining` and `-Reset`: what an answer says about the allowance.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Beyond this an end is taken for a mistake: milliseconds in place of seconds, or a clock that is far off.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A span of time in which so many calls are allowed, as the far side sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many calls it allows in all.
    pub limit: u32,
    /// How many are left of them.
    pub remaining: u32,
    /// How long it goes on from now.
    pub ends_in: Duration,
}

impl Window {
    /// Reads the three headers; `reset` is in seconds since the Unix epoch, held against `now`, the far side's clock if
    /// possible.
    ///
    /// `None` where one of them is no whole number, and for an end that is past or over an hour away: such headers say
    /// nothing.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use ats_http::Window;
    ///
    /// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// let window = Window::parse("75", "12", "1790000018", now).expect("whole numbers");
    /// assert_eq!((window.remaining, window.ends_in), (12, Duration::from_secs(18)));
    /// assert_eq!(Window::parse("75", "", "1790000018", now), None);
    /// ```
    pub fn parse(limit: &str, remaining: &str, reset: &str, now: SystemTime) -> Option<Self> {
        let ends = UNIX_EPOCH.checked_add(Duration::from_secs(whole(reset)?))?;
        let ends_in = ends.duration_since(now).ok()?;
        let count = |text| whole(text).map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        let window = Self {
            limit: count(limit)?,
            remaining: count(remaining)?,
            ends_in,
        };
        (!ends_in.is_zero() && ends_in <= LONGEST).then_some(window)
    }
}

/// Digits only: `u64::from_str` alone would take `+5` too.
fn whole(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }

    #[rstest]
    #[case::plain("75", "3", "1790000030", Some((75, 3, 30)))]
    #[case::used_up("75", "0", "1790000001", Some((75, 0, 1)))]
    #[case::padded(" 75", "3 ", " 1790000030 ", Some((75, 3, 30)))]
    #[case::huge("99999999999", "3", "1790000030", Some((u32::MAX, 3, 30)))]
    #[case::past("75", "3", "1789999999", None)]
    #[case::now("75", "3", "1790000000", None)]
    #[case::milliseconds("75", "3", "1790000030000", None)]
    #[case::beyond_64_bits("75", "3", "99999999999999999999", None)]
    #[case::negative("75", "-1", "1790000030", None)]
    #[case::signed("75", "+1", "1790000030", None)]
    #[case::a_fraction("75", "1.5", "1790000030", None)]
    #[case::blank("", "3", "1790000030", None)]
    fn three_whole_numbers_say_something(
        #[case] limit: &str,
        #[case] remaining: &str,
        #[case] reset: &str,
        #[case] expected: Option<(u32, u32, u64)>,
    ) {
        let window = Window::parse(limit, remaining, reset, now());
        let seen = window.map(|it| (it.limit, it.remaining, it.ends_in.as_secs()));
        assert_eq!(seen, expected);
    }

    proptest! {
        #[test]
        fn whatever_is_read_ends_within_an_hour(limit in "[0-9 +.-]{0,12}", remaining in ".{0,6}", reset in "1?7?[0-9]{0,12}") {
            let window = Window::parse(&limit, &remaining, &reset, now());
            prop_assert!(window.is_none_or(|it| !it.ends_in.is_zero() && it.ends_in <= LONGEST));
        }
    }
}
