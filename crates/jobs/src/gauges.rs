//! How the queue stands, for metrics.

use std::time::Duration;

use chrono::{DateTime, Utc};
use storage::{Db, jobs};

/// How often the gauges are set.
pub(crate) const PERIOD: Duration = Duration::from_secs(10);

/// Sets `baton_jobs{state}` and `baton_jobs_oldest_seconds`, the age of what has been due longest.
pub(crate) async fn measure(db: Db, now: DateTime<Utc>) -> storage::Result<()> {
    let (counts, due) = db
        .read(|conn| Ok((jobs::count_by_state(conn)?, jobs::next_due(conn)?)))
        .await?;
    for (state, count) in counts {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        metrics::gauge!("baton_jobs", "state" => state).set(count);
    }
    let age = due.map_or(Duration::ZERO, |due| {
        (now - due).to_std().unwrap_or_default()
    });
    metrics::gauge!("baton_jobs_oldest_seconds").set(age);
    Ok(())
}
