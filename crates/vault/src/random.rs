//! Where randomness comes from.

use zeroize::Zeroizing;

/// A source of random bytes that nobody can foretell (in tests: that the test can).
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Fills `bytes` to the last.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    /// # Panics
    /// Where the operating system has no randomness to give: nothing secret can be made then.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// 32 random bytes, wiped when dropped.
pub(crate) fn draw_key(random: &dyn Random) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut());
    bytes
}

/// Bytes that follow from a seed: SHA-256 over seed and a counter. For tests only.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    drawn: std::sync::atomic::AtomicU64,
}

#[cfg(any(test, feature = "testing"))]
impl SeededRandom {
    /// The same seed gives the same bytes in the same order.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: std::sync::atomic::AtomicU64::new(0),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let counter = self.drawn.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let block = crate::digest::sha256(&[&self.seed.to_be_bytes(), &counter.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}
