//! Deliveries of webhooks, the same for every system that has them: what is to be sent, when, and what came of it.

pub(crate) mod actions;
pub(crate) mod delivery;
pub(crate) mod sender;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::delivery::{Delivery, State};
use crate::refusal::Refusal;

/// Deliveries kept; the oldest go first.
const KEPT: usize = 5_000;

/// A system's deliveries.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Outbox {
    deliveries: BTreeMap<u64, Delivery>,
    last_id: u64,
    /// Attempts to come: when, and of which delivery.
    due: BTreeSet<(i64, u64)>,
}

impl Outbox {
    /// An empty one whose numbers go on where those of this one are.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            last_id: self.last_id,
            ..Self::default()
        }
    }

    /// Puts a delivery into the log, where it gets its number. With a time it is also to be attempted then.
    pub(crate) fn add(&mut self, mut delivery: Delivery, at: Option<i64>) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        delivery.id = id;
        delivery.next_attempt_at = at;
        if let Some(at) = at {
            self.due.insert((at, id));
        }
        self.deliveries.insert(id, delivery);
        if self.deliveries.len() > KEPT
            && let Some((oldest, _)) = self.deliveries.pop_first()
        {
            self.due.retain(|(_, id)| *id != oldest);
        }
        id
    }

    /// One delivery.
    pub(crate) fn delivery(&self, id: u64) -> Result<&Delivery, Refusal> {
        let found = self.deliveries.get(&id);
        found.ok_or_else(|| Refusal::unknown("delivery", id))
    }

    /// One delivery, to change it.
    pub(crate) fn delivery_mut(&mut self, id: u64) -> Option<&mut Delivery> {
        self.deliveries.get_mut(&id)
    }

    /// All of them, oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.values()
    }

    /// When the next attempt is to come.
    fn first_due(&self) -> Option<i64> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Attempts that are due, which are taken out.
    fn take_due(&mut self, now: i64) -> Vec<u64> {
        let later = self.due.split_off(&(now + 1, 0));
        let due = std::mem::replace(&mut self.due, later);
        due.into_iter().map(|(_, id)| id).collect()
    }

    /// Has a delivery attempted once more.
    fn put_off(&mut self, id: u64, at: i64) {
        if let Some(delivery) = self.deliveries.get_mut(&id) {
            delivery.state = State::Waiting;
            delivery.next_attempt_at = Some(at);
            self.due.insert((at, id));
        }
    }

    /// Attempts that were under way when the sandbox stopped are made again.
    fn requeue(&mut self, now: i64) {
        let waiting = self.deliveries.values_mut();
        for delivery in waiting.filter(|delivery| delivery.state == State::Waiting) {
            let at = delivery.next_attempt_at.unwrap_or(now);
            delivery.next_attempt_at = Some(at);
            self.due.insert((at, delivery.id));
        }
    }

    /// The held deliveries of an owner, which are from now on in another state.
    fn end_holding(&mut self, owner_id: &str, to: State) -> Vec<u64> {
        let all = self.deliveries.values_mut();
        let held =
            all.filter(|delivery| delivery.owner_id == owner_id && delivery.state == State::Held);
        held.map(|delivery| {
            delivery.state = to;
            delivery.id
        })
        .collect()
    }

    /// Loses the held deliveries of an owner; how many.
    pub(crate) fn lose(&mut self, owner_id: &str) -> usize {
        self.end_holding(owner_id, State::Dropped).len()
    }
}
