//! Runs one target over inputs that lead from one to the next.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Target;
use crate::mutation::Mutation;

/// How long to go on.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// So many inputs.
    Inputs(usize),
    /// So long.
    Time(Duration),
}

/// Tries every seed of `target`, then what can be made of them, from the random `seed` on. Answers how many inputs were tried,
/// and how many kinds of them there were.
///
/// # Panics
/// Where an input breaks a promise. It is written to `failures/` beside the corpus; copied into the corpus it is tried each time.
pub fn run(target: &Target, effort: Effort, seed: u64) -> (usize, usize) {
    let mut pool = corpus(target.name);
    assert!(!pool.is_empty(), "{} has seeds", target.name);
    let mut kinds = HashSet::new();
    for input in &pool {
        kinds.insert(check(target, input, seed));
    }
    let mut mutation = Mutation::new(seed, target.words);
    let (begun, mut tried) = (Instant::now(), pool.len());
    while effort.goes_on(tried, begun) {
        let input = mutation.change(&pool);
        tried += 1;
        if kinds.insert(check(target, &input, seed)) {
            pool.push(input);
        }
    }
    (tried, kinds.len())
}

impl Effort {
    fn goes_on(self, tried: usize, begun: Instant) -> bool {
        match self {
            Self::Inputs(most) => tried < most,
            Self::Time(most) => begun.elapsed() < most,
        }
    }
}

fn check(target: &Target, input: &[u8], seed: u64) -> String {
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(input)));
    outcome.unwrap_or_else(|_| {
        let kept = keep(target.name, input);
        panic!(
            "{} fails from seed {seed} on: the input is in {}",
            target.name,
            kept.display()
        )
    })
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = root().join("corpus").join(name);
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("there is no {}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a seed"))
        .collect()
}

fn keep(name: &str, input: &[u8]) -> PathBuf {
    let folder = root().join("failures");
    let path = folder.join(name);
    std::fs::create_dir_all(&folder).expect("a folder for failures");
    std::fs::write(&path, input).expect("the failure is kept");
    path
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
