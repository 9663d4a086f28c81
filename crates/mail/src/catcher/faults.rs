//! What may go wrong with the next deliveries.

use std::collections::VecDeque;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How one delivery goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The recipient is answered 451: try again later.
    Temporary,
    /// The recipient is answered 550: no such mailbox.
    Permanent,
    /// The mail is taken and kept, but the connection ends before the answer: the sender can't know.
    Cut,
    /// The connection ends in the midst of the mail, and nothing is kept.
    Interrupted,
    /// The mail is taken and kept, but the answer comes only after so long.
    Slow {
        /// How long.
        milliseconds: u64,
    },
}

/// Says of each delivery how it goes wrong, if it does.
pub(super) type Chance = Box<dyn FnMut() -> Option<Fault> + Send>;

/// Faults that wait for their deliveries, first come first served; after them, what chance brings.
#[derive(Default)]
pub(super) struct Faults {
    ordered: VecDeque<(Fault, u32)>,
    chance: Option<Chance>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Faults");
        shown
            .field("ordered", &self.ordered)
            .finish_non_exhaustive()
    }
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault, deliveries: u32) {
        if deliveries > 0 {
            self.ordered.push_back((fault, deliveries));
        }
    }

    pub(super) fn come_by(&mut self, chance: Option<Chance>) {
        self.chance = chance;
    }

    /// The fault of the delivery that begins now.
    pub(super) fn take(&mut self) -> Option<Fault> {
        let Some((fault, left)) = self.ordered.front_mut() else {
            return self.chance.as_mut().and_then(|chance| chance());
        };
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            self.ordered.pop_front();
        }
        Some(fault)
    }
}
