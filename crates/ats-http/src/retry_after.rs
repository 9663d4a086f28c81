//! The `Retry-After` header (RFC 9110, 10.2.3).

use std::time::{Duration, SystemTime};

/// The longest wait we let a server ask for.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(24 * 60 * 60);

/// Beyond this a value is taken for a mistake, not for a wish.
const ABSURD: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How long a server asks us to wait, counted from `now`.
///
/// Takes whole seconds or an HTTP date. More than a day becomes a day. `None` for what is negative, over a year,
/// in the past or not readable: such a header is ignored and the caller's own schedule holds.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use ats_http::parse_retry_after;
///
/// assert_eq!(parse_retry_after("120", SystemTime::now()), Some(Duration::from_secs(120)));
/// assert_eq!(parse_retry_after("soon", SystemTime::now()), None);
/// ```
pub fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = match seconds(value) {
        Some(seconds) => Duration::from_secs(seconds),
        None => httpdate::parse_http_date(value)
            .ok()?
            .duration_since(now)
            .ok()?,
    };
    (wait <= ABSURD).then(|| wait.min(RETRY_AFTER_CAP))
}

/// Digits only: `u64::from_str` alone would take `+5` too.
fn seconds(value: &str) -> Option<u64> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| value.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    /// Sun, 06 Nov 1994 08:49:37 GMT
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
    }

    #[rstest]
    #[case::seconds("30", Some(30))]
    #[case::zero("0", Some(0))]
    #[case::padded("  7 ", Some(7))]
    #[case::a_date("Sun, 06 Nov 1994 08:50:37 GMT", Some(60))]
    #[case::capped_seconds("90000", Some(86_400))]
    #[case::capped_date("Thu, 10 Nov 1994 08:49:37 GMT", Some(86_400))]
    #[case::past_date("Sun, 06 Nov 1994 08:48:37 GMT", None)]
    #[case::negative("-5", None)]
    #[case::signed("+5", None)]
    #[case::fraction("1.5", None)]
    #[case::words("later", None)]
    #[case::empty("", None)]
    #[case::absurd("99999999999", None)]
    #[case::overflow("99999999999999999999999999", None)]
    #[case::absurd_date("Sun, 06 Nov 2094 08:49:37 GMT", None)]
    fn reads_seconds_and_dates(#[case] value: &str, #[case] expected: Option<u64>) {
        assert_eq!(
            parse_retry_after(value, now()),
            expected.map(Duration::from_secs)
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_at_most_a_day(value in ".*") {
            prop_assert!(parse_retry_after(&value, now()).is_none_or(|wait| wait <= RETRY_AFTER_CAP));
        }

        #[test]
        fn any_number_gives_at_most_a_day(value in any::<u64>()) {
            prop_assert!(parse_retry_after(&value.to_string(), now()).is_none_or(|wait| wait <= RETRY_AFTER_CAP));
        }
    }
}
