//! What was done for a referral at Harvest so far: ids, and what may be on its way.
//!
//! Harvest has no idempotency keys, and shows what is new after some minutes at times. So whoever sets out to make something has
//! written that down before; whoever comes after them looks for it again and again for ten minutes before it is made once more.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// When it is looked for what may have been made, counted from when somebody set out to make it. A dead worker's call may be
/// under way for half a minute.
const LOOKS: [TimeDelta; 5] = [
    TimeDelta::seconds(30),
    TimeDelta::seconds(60),
    TimeDelta::seconds(120),
    TimeDelta::seconds(300),
    TimeDelta::seconds(600),
];

/// Somebody set out to make something, and its id is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// When they did.
    pub begun_at: DateTime<Utc>,
    /// How often it was looked for since, in vain.
    #[serde(default)]
    pub looks: usize,
}

/// What to do about something that may have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Look for it.
    Look,
    /// It is too early for that.
    Wait(Duration),
}

impl Try {
    /// One that begins.
    pub fn begun(now: DateTime<Utc>) -> Self {
        Self {
            begun_at: now,
            looks: 0,
        }
    }

    /// What to do at `now`.
    pub fn plan(&self, now: DateTime<Utc>) -> Plan {
        let after = LOOKS.get(self.looks).copied().unwrap_or_default();
        match (self.begun_at + after - now).to_std() {
            Ok(wait) if !wait.is_zero() => Plan::Wait(wait),
            _ => Plan::Look,
        }
    }

    /// It was looked for once more, in vain; none where that was often enough: it was not made.
    #[must_use]
    pub fn looked(&self) -> Option<Self> {
        let looks = self.looks + 1;
        (looks < LOOKS.len()).then_some(Self { looks, ..*self })
    }
}

/// What is known of a referral at Harvest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Steps {
    /// In which account there: ids of another one mean nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<i64>,
    /// How many persons there had the address, where it was more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namesakes: Option<usize>,
    /// The person may have been made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub making_person: Option<Try>,
    /// Are address and profile known to be there?
    pub complete: bool,
    /// The application that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<i64>,
    /// The application may have been made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub making_application: Option<Try>,
    /// The note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<i64>,
    /// The note may have been made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub making_note: Option<Try>,
}

impl Steps {
    /// From text as it is kept; nothing done yet where there is none.
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As text, to be kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("ids and moments have a JSON form")
    }

    /// The same, for an account: what was done in another one counts for nothing.
    #[must_use]
    pub fn within(self, account: Option<&str>) -> Self {
        if self.account.as_deref() == account {
            return self;
        }
        Self {
            account: account.map(str::to_owned),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a moment") + TimeDelta::seconds(seconds)
    }

    /// When it is looked for something that never shows, and when it is made anew.
    fn moments(begun: &Try) -> (Vec<i64>, i64) {
        let (mut now, mut looks, mut present) = (begun.begun_at, Vec::new(), begun.clone());
        loop {
            match present.plan(now) {
                Plan::Wait(wait) => now += TimeDelta::from_std(wait).expect("a short wait"),
                Plan::Look => {
                    let elapsed = (now - begun.begun_at).num_seconds();
                    looks.push(elapsed);
                    match present.looked() {
                        Some(next) => present = next,
                        None => return (looks, elapsed),
                    }
                }
            }
        }
    }

    #[test]
    fn what_may_have_been_made_is_looked_for_again_and_again_for_ten_minutes() {
        let (looks, anew) = moments(&Try::begun(at(0)));
        assert_eq!(looks, [30, 60, 120, 300, 600]);
        assert_eq!(anew, 600);
    }

    #[test]
    fn another_account_begins_anew_and_the_same_goes_on() {
        let steps = Steps {
            account: Some("a".into()),
            person: Some(7),
            ..Steps::default()
        };
        assert_eq!(steps.clone().within(Some("a")), steps);
        assert_eq!(steps.clone().within(Some("b")).person, None);
        assert_eq!(Steps::parse(&steps.to_text()), steps);
        assert_eq!(Steps::parse(""), Steps::default());
    }

    proptest! {
        #[test]
        fn no_plan_looks_before_a_call_can_have_ended(looks in 0usize..4, elapsed in 0i64..30) {
            let begun = Try { looks, ..Try::begun(at(0)) };
            let waits = matches!(begun.plan(at(elapsed)), Plan::Wait(_));
            prop_assert!(waits);
        }
    }
}
