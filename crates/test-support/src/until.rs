//! Waiting for a condition, not for time.

use std::time::{Duration, Instant};

/// How long a test waits before it says that what it waits for does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until `condition` holds.
///
/// # Panics
/// After 30 seconds, naming `what` was waited for.
pub async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
