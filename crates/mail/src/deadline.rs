//! Times in words that a person reads the same way anywhere.

use chrono::{DateTime, Utc};

/// A moment with its weekday and its zone named: "Wednesday 9 December 2026, 14:00 UTC".
pub fn deadline_words(moment: DateTime<Utc>) -> String {
    moment.format("%A %-d %B %Y, %H:%M UTC").to_string()
}

/// A length of time in minutes: "1 minute", "90 minutes".
pub fn minutes_words(minutes: u32) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        many => format!("{many} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_deadline_names_its_weekday_and_its_zone() {
        let moment = Utc.with_ymd_and_hms(2026, 12, 9, 14, 0, 59).unwrap();
        assert_eq!(
            deadline_words(moment),
            "Wednesday 9 December 2026, 14:00 UTC"
        );
    }

    #[test]
    fn one_minute_is_not_plural() {
        assert_eq!(minutes_words(1), "1 minute");
        assert_eq!(minutes_words(90), "90 minutes");
    }
}
