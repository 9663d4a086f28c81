//! Moments: relative where they are history, exact with their zone where they are a deadline.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::words;

/// A moment of the past or the near future: "3 h ago", with the exact one on hover. Renders as `<time>`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/when.html")]
pub struct When {
    /// RFC 3339, for machines and the script that keeps it fresh.
    pub iso: String,
    /// "25 Nov 2026, 13:04 UTC".
    pub exact: String,
    /// "3 h ago", "in 2 days", "just now".
    pub relative: String,
}

impl HtmlSafe for When {}

impl When {
    /// `at` as it reads at `now`.
    pub fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            iso: iso(at),
            exact: at.format("%-d %b %Y, %H:%M UTC").to_string(),
            relative: relative(at, now),
        }
    }
}

/// A moment that must not be missed: day, date, time and zone. Renders as `<time>`; the script adds the reader's own zone.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/deadline.html")]
pub struct Deadline {
    /// RFC 3339, for the script.
    pub iso: String,
    /// "Friday 5 December 2026, 17:00 UTC".
    pub exact: String,
    /// "in 9 days".
    pub relative: String,
}

impl HtmlSafe for Deadline {}

impl Deadline {
    /// `at` as it reads at `now`.
    pub fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            iso: iso(at),
            exact: at.format("%A %-d %B %Y, %H:%M UTC").to_string(),
            relative: relative(at, now),
        }
    }
}

/// RFC 3339 in UTC, to the second.
pub fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = now - at;
    if passed.abs() < TimeDelta::seconds(10) {
        "just now".to_owned()
    } else if passed > TimeDelta::days(60) {
        at.format("%-d %b %Y").to_string()
    } else if passed > TimeDelta::zero() {
        format!("{} ago", words::span(passed))
    } else {
        format!("in {}", words::span(-passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a good time")
    }

    #[test]
    fn a_moment_is_relative_with_the_exact_one_on_hover() {
        let when = When::new(at("2026-11-25T10:04:00Z"), at("2026-11-25T13:10:00Z"));
        assert_eq!(
            when.render().expect("renders").trim(),
            r#"<time datetime="2026-11-25T10:04:00Z" title="25 Nov 2026, 10:04 UTC" data-relative>3 h ago</time>"#
        );
    }

    #[test]
    fn both_sides_of_now_read_naturally() {
        let now = at("2026-11-25T13:00:00Z");
        for (moment, text) in [
            ("2026-11-25T13:00:05Z", "just now"),
            ("2026-11-25T12:59:20Z", "40 s ago"),
            ("2026-11-27T13:00:00Z", "in 2 days"),
            ("2026-08-01T13:00:00Z", "1 Aug 2026"),
        ] {
            assert_eq!(When::new(at(moment), now).relative, text);
        }
    }

    #[test]
    fn a_deadline_names_its_zone() {
        let now = at("2026-11-25T13:00:00Z");
        let deadline = Deadline::new(at("2026-12-04T17:00:00Z"), now);
        assert_eq!(deadline.exact, "Friday 4 December 2026, 17:00 UTC");
        assert_eq!(deadline.relative, "in 9 days");
    }
}
