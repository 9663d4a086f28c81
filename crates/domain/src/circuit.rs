//! When to leave a far side alone that fails again and again, and when to try it once more.

use chrono::{DateTime, TimeDelta, Utc};

/// So many failures in a row open a circuit.
const FAILURES: u32 = 10;
/// How long it is open before the first try.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// Each try that fails doubles the wait, up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);
/// A try of which nothing was heard for so long counts for nothing: another may be made.
const TRIAL: TimeDelta = TimeDelta::seconds(60);

/// What calls to one far side have come to lately. One that has not failed lately has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circuit {
    /// How many calls in a row have failed.
    pub failures: u32,
    /// Where it is open: until when, and how it came to that.
    pub open: Option<Open>,
}

/// An open circuit: nothing is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Until then. Afterwards one call is made, to see.
    pub until: DateTime<Utc>,
    /// How long it was to stay open, this time.
    pub wait: TimeDelta,
    /// Is that one call being made?
    pub trial: bool,
}

/// May a call be made?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Yes, any.
    Free,
    /// One, to see; whoever makes it says so first, by [`Circuit::on_trial`].
    Trial,
    /// None before then.
    Shut(DateTime<Utc>),
}

impl Circuit {
    /// Nothing has failed.
    pub const CLOSED: Self = Self {
        failures: 0,
        open: None,
    };

    /// The longest that a circuit stays open before the next try.
    pub const LONGEST_WAIT: TimeDelta = LONGEST_WAIT;

    /// May a call be made at `now`?
    pub fn way(&self, now: DateTime<Utc>) -> Way {
        match self.open {
            None => Way::Free,
            Some(open) if now < open.until => Way::Shut(open.until),
            Some(_) => Way::Trial,
        }
    }

    /// The one call, to see, begins at `now`.
    #[must_use]
    pub fn on_trial(&self, now: DateTime<Utc>) -> Self {
        let open = self.open.map(|open| Open {
            until: now + TRIAL,
            trial: true,
            ..open
        });
        Self { open, ..*self }
    }

    /// A call has failed by `now`. One that was under way when the circuit opened changes nothing more.
    #[must_use]
    pub fn failed(&self, now: DateTime<Utc>) -> Self {
        let failures = self.failures.saturating_add(1);
        let opened = |wait| {
            Some(Open {
                until: now + wait,
                wait,
                trial: false,
            })
        };
        let open = match self.open {
            None if failures < FAILURES => None,
            None => opened(FIRST_WAIT),
            Some(open) if !open.trial && now < open.until => Some(open),
            Some(open) => opened((open.wait * 2).min(LONGEST_WAIT)),
        };
        Self { failures, open }
    }
}
