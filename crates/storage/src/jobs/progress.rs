//! How far one worker's claims have come: whose turn was last, and before which moment they found nothing.
//!
//! A job that is claimed leaves a dead entry in the index it was found by. While somebody holds an old snapshot, PostgreSQL
//! cannot clean these away, and a claim that begins at the front reads all of them. So a claim begins where the last one
//! found its first. What is ready before that (a job whose turn in its order came late, one whose twin has ended, one that
//! another worker let go of) is found by a look at the whole: once a second, and whenever there is nothing else to do.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::turns::Class;
use crate::value::{At, Id, at};

/// A look at the whole is due so long after the last.
const WHOLE_EVERY: Duration = Duration::from_secs(1);
/// Where looks at the whole are dear, so many times their length lies between two.
const REST: u32 = 20;
/// A look at the whole that takes no longer is made whenever nothing else was found.
const CHEAP: Duration = Duration::from_millis(5);
/// So much of the past is always looked at: jobs are committed after the moment they are due from, and clocks differ.
const LATE: TimeDelta = TimeDelta::seconds(1);

/// What a worker's next claim needs to know of those before it. A new worker's looks at the whole first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    fresh: Stand,
    again: Stand,
    whole: Option<Whole>,
}

/// How it stands with first tries, or with later ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    /// Whose turn was last.
    pub(super) turn: Option<Id>,
    /// From when on claims look.
    pub(super) from: At,
}

/// The last look at the whole.
#[derive(Debug, Clone, Copy)]
struct Whole {
    ended: Instant,
    took: Duration,
}

impl Default for Stand {
    fn default() -> Self {
        Self {
            turn: None,
            from: At::EARLIEST,
        }
    }
}

impl Stand {
    /// A claim's first look found a job due from `first` on, or none.
    pub(super) fn found(&mut self, first: Option<At>, now: DateTime<Utc>) {
        let settled = at(now - LATE);
        self.from = first.map_or(settled, |first| first.min(settled));
    }
}

impl Progress {
    pub(super) fn of(&mut self, class: Class) -> &mut Stand {
        match class {
            Class::Fresh => &mut self.fresh,
            Class::Again => &mut self.again,
        }
    }

    /// Has so much time passed that the next claim has to look at the whole?
    pub(super) fn is_whole_due(&self, now: Instant) -> bool {
        self.whole
            .is_none_or(|last| now - last.ended >= WHOLE_EVERY.max(last.took * REST))
    }

    /// May a claim that found nothing look at the whole?
    pub(super) fn may_look_at_whole(&self, now: Instant) -> bool {
        self.whole
            .is_none_or(|last| last.took <= CHEAP || now - last.ended >= last.took * REST)
    }

    /// The next look is one at the whole.
    pub(super) fn start_over(&mut self) {
        self.fresh.from = At::EARLIEST;
        self.again.from = At::EARLIEST;
    }

    /// The look at the whole that began then has ended.
    pub(super) fn looked_at_whole(&mut self, begun: Instant, ended: Instant) {
        let took = ended - begun;
        self.whole = Some(Whole { ended, took });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(took: Duration) -> (Progress, Instant) {
        let begun = Instant::now();
        let mut progress = Progress::default();
        progress.looked_at_whole(begun, begun + took);
        (progress, begun + took)
    }

    #[test]
    fn a_new_worker_looks_at_the_whole() {
        assert!(Progress::default().is_whole_due(Instant::now()));
    }

    #[test]
    fn a_cheap_look_is_due_each_second_and_made_whenever_there_is_nothing_else() {
        let (progress, ended) = looked(Duration::from_millis(2));
        assert!(progress.may_look_at_whole(ended));
        assert!(!progress.is_whole_due(ended + Duration::from_millis(999)));
        assert!(progress.is_whole_due(ended + Duration::from_secs(1)));
    }

    #[test]
    fn dear_looks_take_a_twentieth_of_the_time_at_most() {
        let (progress, ended) = looked(Duration::from_millis(500));
        assert!(!progress.may_look_at_whole(ended + Duration::from_secs(9)));
        assert!(!progress.is_whole_due(ended + Duration::from_secs(9)));
        assert!(progress.may_look_at_whole(ended + Duration::from_secs(10)));
        assert!(progress.is_whole_due(ended + Duration::from_secs(10)));
    }

    #[test]
    fn the_last_second_is_always_looked_at() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        let mut stand = Stand::default();
        stand.found(Some(at(now)), now);
        assert_eq!(stand.from, at(now - LATE));
        stand.found(Some(at(now - TimeDelta::minutes(5))), now);
        assert_eq!(stand.from, at(now - TimeDelta::minutes(5)));
        stand.found(None, now);
        assert_eq!(stand.from, at(now - LATE));
    }
}
