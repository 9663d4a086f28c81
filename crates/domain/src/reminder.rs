//! When a candidate is reminded of a deadline.

use chrono::{DateTime, TimeDelta, Utc};

/// How long before the deadline, where there is that much time.
const LEAD: TimeDelta = TimeDelta::days(2);
/// In less time than this nobody is reminded: the first mail is hardly read.
const SHORTEST: TimeDelta = TimeDelta::hours(12);

/// When to remind of `deadline` somebody who is mailed `now`: two days before it; half-way where that is less than two days
/// after this mail; never where less than 12 hours are left.
pub fn remind_at(now: DateTime<Utc>, deadline: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let left = deadline - now;
    (left >= SHORTEST).then(|| deadline - LEAD.min(left / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_two_days_before_the_deadline_half_way_in_short_windows_and_never_in_shorter_ones()
     {
        let now = DateTime::UNIX_EPOCH;
        let hours = TimeDelta::hours;
        for (window, after) in [
            (hours(14 * 24), Some(hours(12 * 24))),
            (hours(4 * 24), Some(hours(2 * 24))),
            (hours(3 * 24), Some(hours(36))),
            (hours(24), Some(hours(12))),
            (hours(12), Some(hours(6))),
            (hours(11), None),
            (hours(0), None),
            (hours(-5), None),
        ] {
            let expected = after.map(|after| now + after);
            assert_eq!(remind_at(now, now + window), expected, "{window}");
        }
        let far = DateTime::<Utc>::MAX_UTC;
        assert_eq!(remind_at(now, far), Some(far - LEAD));
    }
}
