//! What becomes of a job after an attempt: decided purely, then stored by the token of the claim.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use storage::AnyConnection;
use storage::jobs::{self, ClaimedJob};

use crate::retry::next_wait;
use crate::{Held, Verdict};

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The handler said.
    Said(Verdict),
    /// The handler panicked.
    Panicked,
    /// The handler took too long and was cut off.
    TimedOut(Duration),
    /// The worker is stopping and cut it off.
    CutShort,
    /// Three workers in a row went away over it: it was not run.
    Crashed,
    /// No handler has this kind: it was not run.
    UnknownKind,
    /// The payload is none of its kind's: it was not run.
    Unreadable {
        /// Where reading failed, in the payload's only line, from 1.
        column: usize,
    },
}

/// What is to be stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing: the handler has done so.
    Nothing,
    /// The job ends.
    End,
    /// The job waits until then.
    PutBack {
        run_at: DateTime<Utc>,
        spent: bool,
        error: Option<String>,
    },
    /// The job waits under a name.
    Park {
        under: &'static str,
        until: DateTime<Utc>,
        why: String,
    },
    /// The job is given up and kept.
    Bury(String),
}

/// A change, and the word for it in logs and metrics.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settlement {
    pub(crate) word: &'static str,
    pub(crate) why: Option<String>,
    pub(crate) change: Change,
}

/// The most characters of a reason that are kept.
const LONGEST_REASON: usize = 1_000;

/// A reason as it can be stored: it may come from the far side, which may send anything. PostgreSQL refuses a NUL.
fn reason(why: &str) -> String {
    let clean = why.chars().filter(|c| !c.is_control() || *c == '\n');
    clean.take(LONGEST_REASON).collect()
}

/// Decides. `jitter` is a random number in `0.0..=1.0`.
pub(crate) fn settle(outcome: Outcome, held: &Held, now: DateTime<Utc>, jitter: f64) -> Settlement {
    let again = |why: String, floor| fail(why, floor, held, now, jitter);
    match outcome {
        Outcome::Said(Verdict::Done) => ended("done", None, Change::End),
        Outcome::Said(Verdict::Finished) => ended("done", None, Change::Nothing),
        Outcome::Said(Verdict::Discard { why }) => {
            ended("discard", Some(reason(&why)), Change::End)
        }
        Outcome::Said(Verdict::Retry { why, not_before }) => again(reason(&why), not_before),
        Outcome::Said(Verdict::RetryIn { why, .. }) if held.is_last_attempt() => bury(reason(&why)),
        Outcome::Said(Verdict::RetryIn { why, delay }) => put_back(reason(&why), now, delay),
        Outcome::Said(Verdict::Wait { why, delay }) => {
            postpone("wait", Some(reason(&why)), now, delay)
        }
        Outcome::Said(Verdict::Park { under, why, delay }) => park(under, reason(&why), now, delay),
        Outcome::Panicked => again("the handler panicked".into(), None),
        Outcome::TimedOut(limit) => again(
            format!("the attempt took longer than {} s", limit.as_secs_f64()),
            None,
        ),
        Outcome::CutShort => postpone("returned", None, now, Duration::ZERO),
        Outcome::Crashed => bury("crashed".into()),
        Outcome::UnknownKind => bury("no handler knows this kind of job".into()),
        Outcome::Unreadable { column } => {
            bury(format!("the payload cannot be read (at column {column})"))
        }
    }
}

fn ended(word: &'static str, why: Option<String>, change: Change) -> Settlement {
    Settlement { word, why, change }
}

fn fail(
    why: String,
    floor: Option<Duration>,
    held: &Held,
    now: DateTime<Utc>,
    jitter: f64,
) -> Settlement {
    match next_wait(held.attempt, held.elapsed, jitter, floor) {
        Some(wait) => put_back(why, now, wait),
        None => bury(why),
    }
}

/// It failed, and is tried again.
fn put_back(why: String, now: DateTime<Utc>, wait: Duration) -> Settlement {
    let change = Change::PutBack {
        run_at: now + delta(wait),
        spent: true,
        error: Some(why.clone()),
    };
    ended("retry", Some(why), change)
}

fn postpone(
    word: &'static str,
    why: Option<String>,
    now: DateTime<Utc>,
    delay: Duration,
) -> Settlement {
    let change = Change::PutBack {
        run_at: now + delta(delay),
        spent: false,
        error: why.clone(),
    };
    Settlement { word, why, change }
}

fn park(under: &'static str, why: String, now: DateTime<Utc>, delay: Duration) -> Settlement {
    let change = Change::Park {
        under,
        until: now + delta(delay),
        why: why.clone(),
    };
    ended("parked", Some(why), change)
}

fn bury(why: String) -> Settlement {
    Settlement {
        word: "dead",
        change: Change::Bury(why.clone()),
        why: Some(why),
    }
}

/// At most a year, so that no sum leaves the calendar.
fn delta(wait: Duration) -> TimeDelta {
    let longest = TimeDelta::days(365);
    TimeDelta::from_std(wait).unwrap_or(longest).min(longest)
}

impl Change {
    /// Stores the change. Answers false where the claim was lost: then nothing changes.
    pub(crate) fn store(
        &self,
        conn: &mut AnyConnection,
        claim: &ClaimedJob,
        now: DateTime<Utc>,
    ) -> storage::Result<bool> {
        match self {
            Self::Nothing => Ok(true),
            Self::End => jobs::finish(conn, claim),
            Self::PutBack {
                run_at,
                spent,
                error,
            } => jobs::put_back(conn, claim, *run_at, *spent, error.as_deref()),
            Self::Park { under, until, why } => jobs::park(conn, claim, under, *until, why),
            Self::Bury(reason) => jobs::bury(conn, claim, reason, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{JobId, OrganizationId};
    use rstest::rstest;
    use uuid::Uuid;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn held(attempt: i32, elapsed: TimeDelta) -> Held {
        let now = DateTime::UNIX_EPOCH;
        let claim = ClaimedJob {
            id: JobId(Uuid::nil()),
            organization: OrganizationId(Uuid::nil()),
            kind: "test".into(),
            dedupe_key: "key".into(),
            ordering_key: None,
            strict: false,
            payload: "{}".into(),
            attempt,
            first_tried_at: now - elapsed,
            claimed_at: now,
            crashes: 0,
            claim_token: Uuid::nil(),
            traceparent: None,
        };
        Held::new(claim, now)
    }

    fn settled(outcome: Outcome, held: &Held) -> Settlement {
        settle(outcome, held, DateTime::UNIX_EPOCH, 1.0)
    }

    fn waits(run_at: i64, spent: bool, error: Option<&str>) -> Change {
        Change::PutBack {
            run_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(run_at),
            spent,
            error: error.map(Into::into),
        }
    }

    #[rstest]
    #[case(Outcome::Said(Verdict::Done), "done", Change::End)]
    #[case(Outcome::Said(Verdict::Finished), "done", Change::Nothing)]
    #[case(Outcome::Said(Verdict::discard("no use")), "discard", Change::End)]
    #[case(
        Outcome::Said(Verdict::retry("down")),
        "retry",
        waits(30, true, Some("down"))
    )]
    #[case(
        Outcome::Said(Verdict::RetryIn { why: "down".into(), delay: HOUR }),
        "retry",
        waits(3_600, true, Some("down"))
    )]
    #[case(
        Outcome::Said(Verdict::wait("throttled", HOUR)),
        "wait",
        waits(3_600, false, Some("throttled"))
    )]
    #[case(
        Outcome::Said(Verdict::park("a connection", "no key", HOUR)),
        "parked",
        Change::Park { under: "a connection", until: DateTime::UNIX_EPOCH + HOUR, why: "no key".into() }
    )]
    #[case(
        Outcome::Panicked,
        "retry",
        waits(30, true, Some("the handler panicked"))
    )]
    #[case(
        Outcome::TimedOut(Duration::from_secs(25)),
        "retry",
        waits(30, true, Some("the attempt took longer than 25 s"))
    )]
    #[case(Outcome::CutShort, "returned", waits(0, false, None))]
    #[case(Outcome::Crashed, "dead", Change::Bury("crashed".into()))]
    #[case(Outcome::UnknownKind, "dead", Change::Bury("no handler knows this kind of job".into()))]
    #[case(Outcome::Unreadable { column: 7 }, "dead", Change::Bury("the payload cannot be read (at column 7)".into()))]
    fn every_outcome_of_a_third_attempt_has_its_change(
        #[case] outcome: Outcome,
        #[case] word: &str,
        #[case] change: Change,
    ) {
        let settlement = settled(outcome, &held(3, TimeDelta::minutes(1)));
        assert_eq!((settlement.word, settlement.change), (word, change));
    }

    #[test]
    fn a_failure_after_three_days_is_the_last_and_a_wait_is_not() {
        let late = held(25, TimeDelta::hours(72));
        assert!(late.is_last_attempt());
        let failed = settled(Outcome::Said(Verdict::retry("down")), &late);
        assert_eq!(failed.change, Change::Bury("down".into()));
        let why = "down".to_owned();
        let failed = settled(Outcome::Said(Verdict::RetryIn { why, delay: HOUR }), &late);
        assert_eq!(failed.change, Change::Bury("down".into()));
        let waiting = settled(Outcome::Said(Verdict::wait("blocked", HOUR)), &late);
        assert_eq!(waiting.change, waits(3_600, false, Some("blocked")));
    }

    #[test]
    fn the_far_sides_floor_is_kept() {
        let retry = Verdict::Retry {
            why: "busy".into(),
            not_before: Some(HOUR),
        };
        let settlement = settled(Outcome::Said(retry), &held(1, TimeDelta::zero()));
        assert_eq!(settlement.change, waits(3_600, true, Some("busy")));
    }

    #[test]
    fn a_wait_beyond_the_calendar_is_a_year() {
        let settlement = settled(
            Outcome::Said(Verdict::wait("for ever", Duration::MAX)),
            &held(1, TimeDelta::zero()),
        );
        assert_eq!(
            settlement.change,
            waits(365 * 86_400, false, Some("for ever"))
        );
    }
}
