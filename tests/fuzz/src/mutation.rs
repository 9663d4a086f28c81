//! Makes inputs of inputs.

/// Longer ones are cut: what is wrong with long texts is wrong with these.
const LONGEST: usize = 8 * 1024;

/// Bytes that mean something to most parsers.
const SHARP: &[u8] = b"\0\t\r\n \"'%&()+,-./:;<=>?@[\\]_{}~\x7f\x80\xbf\xc3\xe2\xff";

/// Changes by chance, the same again for the same seed.
#[derive(Debug)]
pub(crate) struct Mutation {
    state: u64,
    words: &'static [&'static str],
}

impl Mutation {
    /// Changes that put in `words` now and then.
    pub(crate) fn new(seed: u64, words: &'static [&'static str]) -> Self {
        Self { state: seed, words }
    }

    /// One of the pool, changed one to four times.
    pub(crate) fn change(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut input = pool[self.below(pool.len())].clone();
        for _ in 0..=self.below(4) {
            self.step(&mut input, pool);
        }
        input.truncate(LONGEST);
        input
    }

    fn step(&mut self, input: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let end = (at + 1 + self.below(16)).min(input.len());
        match self.below(9) {
            0 => drop(input.drain(at.min(end)..end)),
            1 => input.truncate(at),
            2 if at < input.len() => input[at] ^= 1 << self.below(8),
            3 if at < input.len() => input[at] = SHARP[self.below(SHARP.len())],
            4 => input.insert(at, SHARP[self.below(SHARP.len())]),
            5 if !self.words.is_empty() => {
                let word = self.words[self.below(self.words.len())];
                drop(input.splice(at..end.max(at), word.bytes()));
            }
            6 => {
                let again = input[at.min(end)..end].repeat(1 + self.below(40));
                drop(input.splice(at..at, again));
            }
            7 => {
                let other = &pool[self.below(pool.len())];
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            _ => {
                let more = self.roll().to_le_bytes();
                input.splice(at..at, more.into_iter().take(1 + self.below(8)));
            }
        }
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("64 bits hold a length");
        usize::try_from(self.roll() % end).expect("it is below a length")
    }

    /// SplitMix64.
    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
