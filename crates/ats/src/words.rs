//! How numbers and moments are written for people, where an ATS shows texts as they are.

use chrono::{DateTime, Utc};

/// "25 Nov 2026, 19:54 UTC": a moment with its zone.
pub(crate) fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%-d %b %Y, %H:%M UTC").to_string()
}
