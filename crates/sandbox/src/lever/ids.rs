//! Lever's identifiers: strings that look like UUIDs.

use serde::{Deserialize, Serialize};

/// The smallest number of twelve digits.
const FIRST: u64 = 100_000_000_000;

/// Gives out identifiers that rise in the order in which they were given and never come again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Ids(u64);

impl Ids {
    /// Begins at a place chosen by `seed`, so that a client which outlives the sandbox never meets an id twice.
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(FIRST + seed % (8 * FIRST))
    }

    /// The next identifier.
    pub(crate) fn draw(&mut self) -> String {
        self.0 += 1;
        let mut random = fastrand::Rng::with_seed(self.0);
        let head = ((self.0 << 8) | random.u64(..=0xff)) & 0xffff_ffff_ffff;
        let (left, right) = (random.u64(..=0xfff), random.u64(..=0xfff));
        let tail = random.u64(..=0xffff_ffff_ffff);
        format!(
            "{:08x}-{:04x}-4{left:03x}-8{right:03x}-{tail:012x}",
            head >> 16,
            head & 0xffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_look_like_uuids_and_rise() {
        let mut ids = Ids::from_seed(7);
        let drawn: Vec<String> = (0..600).map(|_| ids.draw()).collect();
        assert!(drawn.is_sorted());
        assert!(drawn.iter().all(|id| id.len() == 36));
    }
}
