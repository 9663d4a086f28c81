//! How the queue stands, for metrics.

use std::time::Duration;

use chrono::{DateTime, Utc};
use storage::{Db, circuits, jobs, workers};

/// How often the gauges are set.
pub(crate) const PERIOD: Duration = Duration::from_secs(10);

/// Sets `baton_jobs{state}`, `baton_jobs_oldest_seconds` (the age of what has been due longest), `baton_workers`, and
/// `baton_circuits_open` (connections that are left alone since they keep failing).
pub(crate) async fn measure(db: Db, now: DateTime<Utc>) -> storage::Result<()> {
    let (counts, due, workers, open) = db
        .read(|conn| {
            let counts = jobs::count_by_state(conn)?;
            let workers = workers::beats(conn)?.len();
            Ok((
                counts,
                jobs::next_due(conn)?,
                workers,
                circuits::count_open(conn)?,
            ))
        })
        .await?;
    metrics::gauge!("baton_circuits_open").set(u32::try_from(open).unwrap_or(u32::MAX));
    for (state, count) in counts {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        metrics::gauge!("baton_jobs", "state" => state).set(count);
    }
    // On SQLite the one worker is in the api, and beats for nobody.
    let workers = if db.is_sqlite() { 1 } else { workers };
    metrics::gauge!("baton_workers").set(u32::try_from(workers).unwrap_or(u32::MAX));
    let age = due.map_or(Duration::ZERO, |due| {
        (now - due).to_std().unwrap_or_default()
    });
    metrics::gauge!("baton_jobs_oldest_seconds").set(age);
    Ok(())
}
