//! Faults that come by chance.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Faults that come by chance. The same seed draws the same faults for the same calls in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chance<F> {
    /// Of a hundred calls so many meet a fault.
    pub(crate) percent: u8,
    /// One of these, each as often as the others.
    pub(crate) faults: Vec<F>,
    /// Where chance begins; it moves on with each draw.
    #[serde(default)]
    pub(crate) seed: u64,
    /// Only to these calls; none: to every usual call.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
}

impl<F: Clone> Chance<F> {
    /// The fault of the next call, if it meets one.
    pub(crate) fn draw(&mut self) -> Option<F> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        self.seed = random.u64(..);
        let strikes = random.u8(..100) < self.percent;
        strikes
            .then(|| random.choice(&self.faults).cloned())
            .flatten()
    }
}

impl<F> Chance<F> {
    /// Refuses what chance cannot decide. `narrowed` says whether a fault is for some calls only, `check` whether it can be
    /// played.
    ///
    /// # Errors
    /// A percentage over 100, no faults, a fault that is narrowed, or one that cannot be played.
    pub(crate) fn check(
        &self,
        narrowed: impl Fn(&F) -> bool,
        check: impl Fn(&F) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::field("chance", message));
        if self.percent > 100 {
            return refuse("Of a hundred calls at most 100 meet a fault.");
        }
        if self.percent > 0 && self.faults.is_empty() {
            return refuse("Faults that come by chance have to be listed.");
        }
        if self.faults.iter().any(narrowed) {
            return refuse(
                "Chance decides how often and for whom: a fault of it has a play and takes_effect alone.",
            );
        }
        self.faults.iter().try_for_each(check)
    }
}
