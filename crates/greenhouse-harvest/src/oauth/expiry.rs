//! How long a token lives, in whatever way it is said.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::Timestamp;

/// Beyond this it is taken for a mistake.
const ABSURD: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Seconds since the epoch are below this for three thousand years, milliseconds are not since 1973.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// Counted from `now`: the shorter of what a span and a moment say. The reference has a span, the guides and live answers a
/// moment. Nothing, where neither says anything that lies ahead and within a year.
pub(super) fn life(span: &Value, moment: &Value, now: SystemTime) -> Option<Duration> {
    let span = number(span).map(Duration::from_secs);
    let moment = time(moment).and_then(|moment| moment.duration_since(now).ok());
    [span, moment]
        .into_iter()
        .flatten()
        .filter(|life| !life.is_zero() && *life <= ABSURD)
        .min()
}

fn time(value: &Value) -> Option<SystemTime> {
    if let Some(time) = value.as_str().and_then(Timestamp::parse) {
        return Some(time.into());
    }
    let since = match number(value)? {
        millis @ MILLISECONDS_FROM.. => Duration::from_millis(millis),
        seconds => Duration::from_secs(seconds),
    };
    UNIX_EPOCH.checked_add(since)
}

/// A number, its fraction cut, or its digits as text.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(digits) => digits.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| cut(number.as_f64()?)),
        _ => None,
    }
}

fn cut(number: f64) -> Option<u64> {
    let whole = Duration::try_from_secs_f64(number).ok()?;
    Some(whole.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    /// 2026-09-21T14:13:20Z
    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }

    #[rstest]
    #[case::span(json!(3600), json!(null), Some(3600))]
    #[case::span_as_text(json!("3600"), json!(null), Some(3600))]
    #[case::span_as_float(json!(3600.0), json!(null), Some(3600))]
    #[case::moment(json!(null), json!("2026-09-21T15:13:20Z"), Some(3600))]
    #[case::moment_with_fraction(json!(null), json!("2026-09-21T15:13:20.000Z"), Some(3600))]
    #[case::moment_with_offset(json!(null), json!("2026-09-21T10:13:20-05:00"), Some(3600))]
    #[case::moment_without_offset(json!(null), json!("2026-09-21T15:13:20"), Some(3600))]
    #[case::moment_with_space(json!(null), json!("2026-09-21 15:13:20"), Some(3600))]
    #[case::seconds(json!(null), json!(1_790_003_600), Some(3600))]
    #[case::milliseconds(json!(null), json!(1_790_003_600_000_u64), Some(3600))]
    #[case::digits(json!(null), json!("1790003600"), Some(3600))]
    #[case::both(json!(3600), json!("2026-09-21T14:43:20Z"), Some(1800))]
    #[case::both_the_other_way(json!(900), json!("2026-09-21T14:43:20Z"), Some(900))]
    #[case::one_of_them_past(json!(3600), json!("2026-09-21T14:00:00Z"), Some(3600))]
    #[case::neither(json!(null), json!(null), None)]
    #[case::past(json!(null), json!("2026-09-21T14:00:00Z"), None)]
    #[case::zero(json!(0), json!(null), None)]
    #[case::negative(json!(-5), json!(null), None)]
    #[case::absurd(json!(99_999_999_999_u64), json!("9999-01-01T00:00:00Z"), None)]
    #[case::words(json!("soon"), json!("later"), None)]
    #[case::other_things(json!([3600]), json!({"at": 1}), None)]
    fn the_end_of_a_token_is_read_in_every_spelling(
        #[case] span: Value,
        #[case] moment: Value,
        #[case] expected: Option<u64>,
    ) {
        let life = life(&span, &moment, now());
        assert_eq!(life, expected.map(Duration::from_secs));
    }

    proptest! {
        #[test]
        fn any_text_and_number_give_a_year_at_most(text in ".{0,40}", number in any::<f64>(), whole in any::<u64>()) {
            for said in [json!(text), json!(number), json!(whole), json!(whole.to_string())] {
                for life in [life(&said, &Value::Null, now()), life(&Value::Null, &said, now())] {
                    prop_assert!(life.is_none_or(|it| !it.is_zero() && it <= ABSURD));
                }
            }
        }
    }
}
