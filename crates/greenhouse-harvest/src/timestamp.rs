//! Greenhouse's times: ISO 8601, UTC.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment by Greenhouse's clock. Read with any offset or none, which means UTC; a date alone is its first moment.
///
/// ```
/// use greenhouse_harvest::Timestamp;
///
/// let at = Timestamp::parse("2026-11-22T10:00:00.250Z").expect("a time");
/// assert_eq!(at.to_string(), "2026-11-22T10:00:00.250Z");
/// assert_eq!(Timestamp::parse("2026-11-22T12:00:00.25+02:00"), Some(at));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Reads an ISO 8601 time; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let with_offset = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
        let time = with_offset.ok().or_else(|| without_offset(text))?;
        // Other years have more digits or a sign, which not everybody reads.
        (0..=9999).contains(&time.year()).then_some(Self(time))
    }

    /// The same for programs that use `chrono`.
    pub const fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

fn without_offset(text: &str) -> Option<DateTime<Utc>> {
    let time = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let time = time.or_else(|| Some(day()?.and_time(NaiveTime::MIN)))?;
    Some(time.and_utc())
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(time.into())
    }
}

impl From<Timestamp> for SystemTime {
    fn from(Timestamp(time): Timestamp) -> Self {
        time.into()
    }
}

/// As it is sent: with a fraction only where there is one.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an ISO 8601 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-22T10:00:00Z")]
    #[case("2026-11-22T10:00:00.000Z")]
    #[case("2026-11-22T10:00:00+00:00")]
    #[case("2026-11-22T05:00:00-05:00")]
    #[case("2026-11-22T10:00:00")]
    #[case("2026-11-22 10:00:00.0")]
    #[case(" 2026-11-22T10:00:00z ")]
    fn the_same_moment_has_many_spellings(#[case] text: &str) {
        let time = Timestamp::parse(text).expect("a time");
        assert_eq!(time.to_string(), "2026-11-22T10:00:00Z");
    }

    #[rstest]
    #[case("2026-11-22", Some("2026-11-22T00:00:00Z"))]
    #[case("", None)]
    #[case("soon", None)]
    #[case("1790000000", None)]
    #[case("2026-13-01T00:00:00Z", None)]
    fn a_date_is_its_first_moment_and_the_rest_is_nothing(
        #[case] text: &str,
        #[case] expected: Option<&str>,
    ) {
        let time = Timestamp::parse(text).map(|time| time.to_string());
        assert_eq!(time.as_deref(), expected);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[0-9TZtz:.+ -]{0,40}") {
            if let Some(time) = Timestamp::parse(&text) {
                prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
            }
        }

        #[test]
        fn what_is_written_is_read(seconds in 0..4_000_000_000_u64, nanos in 0..1_000_000_000_u32) {
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::new(seconds, nanos);
            let time = Timestamp::from(time);
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }
    }
}
