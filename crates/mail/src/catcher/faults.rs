//! What may go wrong with the next deliveries.

use std::collections::VecDeque;

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
}

/// Faults that wait for their deliveries, first come first served.
#[derive(Debug, Default)]
pub(super) struct Faults(VecDeque<(Fault, u32)>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault, deliveries: u32) {
        if deliveries > 0 {
            self.0.push_back((fault, deliveries));
        }
    }

    /// The fault of the delivery that begins now.
    pub(super) fn take(&mut self) -> Option<Fault> {
        let (fault, left) = self.0.front_mut()?;
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            self.0.pop_front();
        }
        Some(fault)
    }
}
