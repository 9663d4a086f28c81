//! What was answered to those who called: it has to be true in the end.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::rig::{Copy, Heard};

/// A `send_test` that was answered 200.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Which customer's.
    pub(crate) customer: usize,
    /// Greenhouse's id of the test: the end of `url`.
    pub(crate) test: u64,
    /// The id that was answered.
    pub(crate) interview: String,
    /// Is its candidate to take it?
    pub(crate) goes_on: bool,
    /// Which choice its candidate picks: 0 is right, 1 is wrong.
    pub(crate) choice: usize,
}

impl Entry {
    /// What Greenhouse has to show, of 100.
    pub(crate) fn score(&self) -> f64 {
        if self.choice == 0 { 100.0 } else { 0.0 }
    }
}

/// Everything that those around Baton saw.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Mutex<BTreeMap<String, Entry>>,
    handed_in: Mutex<Vec<String>>,
    copies: Mutex<Vec<Copy>>,
    heard: Mutex<Vec<Heard>>,
}

impl Ledger {
    /// Notes a send that was answered, by the candidate's address.
    pub(crate) fn acknowledge(&self, email: String, entry: Entry) {
        lock(&self.entries).insert(email, entry);
    }

    /// The send to this address, if it was answered.
    pub(crate) fn entry(&self, email: &str) -> Option<Entry> {
        lock(&self.entries).get(email).cloned()
    }

    /// Notes that a candidate was told that the test is handed in.
    pub(crate) fn hand_in(&self, email: String) {
        lock(&self.handed_in).push(email);
    }

    pub(crate) fn receive(&self, copies: Vec<Copy>) {
        lock(&self.copies).extend(copies);
    }

    /// Notes calls, oldest first. Who listens all along and who listens once more at the end may bring the same ones.
    pub(crate) fn hear(&self, calls: Vec<Heard>) {
        let mut heard = lock(&self.heard);
        let last = heard.last().map_or(0, |call| call.sequence);
        heard.extend(calls.into_iter().filter(|call| call.sequence > last));
    }

    pub(crate) fn entries(&self) -> BTreeMap<String, Entry> {
        lock(&self.entries).clone()
    }

    pub(crate) fn copies(&self) -> Vec<Copy> {
        lock(&self.copies).clone()
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        lock(&self.heard).clone()
    }

    /// How many sends were answered, how many of them are to be taken, and how many of those were handed in.
    pub(crate) fn count(&self) -> [usize; 3] {
        let entries = lock(&self.entries);
        let going_on = entries.values().filter(|entry| entry.goes_on).count();
        [entries.len(), going_on, lock(&self.handed_in).len()]
    }

    /// The sequence number of the last call that was heard of.
    pub(crate) fn last_heard(&self) -> u64 {
        lock(&self.heard).last().map_or(0, |call| call.sequence)
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use domain::{Clock, SystemClock};

    use super::*;

    fn call(sequence: u64) -> Heard {
        Heard {
            sequence,
            call: "patch".to_owned(),
            at: SystemClock.now(),
            status: Some(200),
            note: None,
            test: None,
            partner_status: None,
            complaints: Vec::new(),
        }
    }

    #[test]
    fn what_two_heard_at_the_same_moment_is_one_call() {
        let ledger = Ledger::default();
        ledger.hear(vec![call(1), call(2)]);
        ledger.hear(vec![call(1), call(2), call(3)]);
        let heard: Vec<u64> = ledger.heard().iter().map(|it| it.sequence).collect();
        assert_eq!(heard, [1, 2, 3]);
    }
}
