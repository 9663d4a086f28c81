//! Numbers and spans of time as people read them.

use chrono::TimeDelta;
use domain::{Origin, Target};

/// "1 question", "3 questions": the count with the right form of the word.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{count} {word}")
}

/// A score or points with at most one decimal, and none where it is whole: "80", "81.5".
pub fn score(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// "1 point", "2.5 points".
pub fn points(value: f64) -> String {
    let word = if value == 1.0 { "point" } else { "points" };
    format!("{} {word}", score(value))
}

/// "45 minutes", "1 hour", "1 hour 30 minutes".
pub fn minutes(count: u32) -> String {
    let (hours, rest) = ((count / 60) as usize, (count % 60) as usize);
    match (hours, rest) {
        (0, rest) => plural(rest, "minute", "minutes"),
        (hours, 0) => plural(hours, "hour", "hours"),
        (hours, rest) => format!(
            "{} {}",
            plural(hours, "hour", "hours"),
            plural(rest, "minute", "minutes")
        ),
    }
}

/// "14 days", "1 day", "12 hours": a span given in days.
pub fn days(days: f64) -> String {
    let (count, one, many) = match days {
        days if days < 1.0 => (days * 24.0, "hour", "hours"),
        days => (days, "day", "days"),
    };
    let text = score(count);
    let word = if text == "1" { one } else { many };
    format!("{text} {word}")
}

/// A span of time in its largest unit, short: "40 s", "5 min", "3 h", "12 days".
pub fn span(length: TimeDelta) -> String {
    let seconds = length.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => plural(
            usize::try_from(seconds / 86_400).unwrap_or(usize::MAX),
            "day",
            "days",
        ),
    }
}

/// Whose place it is that a write-back goes to.
pub fn ats(target: Target) -> &'static str {
    match target {
        Target::GreenhouseStatus | Target::GreenhouseNote => "Greenhouse",
        Target::LeverTags | Target::LeverNote => "Lever",
    }
}

/// What is shown at the place that a write-back goes to.
pub fn place(target: Target) -> &'static str {
    match target {
        Target::GreenhouseStatus => "Greenhouse",
        Target::GreenhouseNote => "Note in Greenhouse",
        Target::LeverTags => "Tag in Lever",
        Target::LeverNote => "Note in Lever",
    }
}

/// Where an invite came from.
pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Greenhouse => "Greenhouse",
        Origin::Lever => "Lever",
        Origin::Api => "API",
        Origin::Dashboard => "Dashboard",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_show_one_decimal_only_where_it_says_something() {
        for (value, text) in [
            (80.0, "80"),
            (81.5, "81.5"),
            (33.33, "33.3"),
            (99.96, "100"),
            (0.0, "0"),
            (-0.01, "0"),
        ] {
            assert_eq!(score(value), text);
        }
    }

    #[test]
    fn counts_take_the_right_form_of_the_word() {
        assert_eq!(plural(1, "question", "questions"), "1 question");
        assert_eq!(plural(0, "question", "questions"), "0 questions");
        assert_eq!(points(1.0), "1 point");
        assert_eq!(points(2.5), "2.5 points");
    }

    #[test]
    fn time_limits_read_as_hours_and_minutes() {
        assert_eq!(minutes(1), "1 minute");
        assert_eq!(minutes(60), "1 hour");
        assert_eq!(minutes(90), "1 hour 30 minutes");
        assert_eq!(minutes(125), "2 hours 5 minutes");
    }

    #[test]
    fn days_read_as_hours_where_they_are_less_than_one() {
        for (value, text) in [
            (14.0, "14 days"),
            (1.0, "1 day"),
            (0.5, "12 hours"),
            (2.5, "2.5 days"),
        ] {
            assert_eq!(days(value), text);
        }
    }

    #[test]
    fn spans_use_their_largest_unit() {
        assert_eq!(span(TimeDelta::seconds(59)), "59 s");
        assert_eq!(span(TimeDelta::minutes(61)), "1 h");
        assert_eq!(span(TimeDelta::hours(30)), "1 day");
        assert_eq!(span(TimeDelta::seconds(-5)), "0 s");
    }
}
