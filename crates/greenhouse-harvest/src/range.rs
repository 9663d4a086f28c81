//! Spans of time, as filters take them.

use crate::Timestamp;

/// A span of time for a filter, open at one end or closed at both.
///
/// ```
/// use greenhouse_harvest::{TimeRange, Timestamp};
///
/// let monday = Timestamp::parse("2026-11-23").expect("a day");
/// assert_eq!(TimeRange::since(monday).to_string(), "gte|2026-11-23T00:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    first: (&'static str, Timestamp),
    second: Option<(&'static str, Timestamp)>,
}

impl TimeRange {
    /// At that moment or later.
    pub const fn since(moment: Timestamp) -> Self {
        Self::of("gte", moment)
    }

    /// Later than that moment.
    pub const fn after(moment: Timestamp) -> Self {
        Self::of("gt", moment)
    }

    /// At that moment or earlier.
    pub const fn until(moment: Timestamp) -> Self {
        Self::of("lte", moment)
    }

    /// Earlier than that moment.
    pub const fn before(moment: Timestamp) -> Self {
        Self::of("lt", moment)
    }

    /// From one moment to another, both included.
    pub const fn between(from: Timestamp, to: Timestamp) -> Self {
        Self {
            first: ("gte", from),
            second: Some(("lte", to)),
        }
    }

    const fn of(operator: &'static str, moment: Timestamp) -> Self {
        Self {
            first: (operator, moment),
            second: None,
        }
    }
}

/// As it stands in a query, before it is encoded.
impl std::fmt::Display for TimeRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (operator, moment) = self.first;
        write!(f, "{operator}|{moment}")?;
        match self.second {
            Some((operator, moment)) => write!(f, "|{operator}|{moment}"),
            None => Ok(()),
        }
    }
}
