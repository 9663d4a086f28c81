//! The work that waits, and the work that was given up.

use app::App;
use chrono::TimeDelta;
use storage::inspection;

use super::{Finding, failed};

/// Work that has been due for longer has nobody who does it.
const LONG: TimeDelta = TimeDelta::minutes(5);

/// The queue.
pub(super) async fn queue(app: &App) -> Vec<Finding> {
    let found = app.read(|_, conn| {
        Ok((
            storage::jobs::next_due(conn)?,
            inspection::dead_by_kind(conn)?,
        ))
    });
    let (longest, dead) = match found.await {
        Ok(found) => found,
        Err(error) => return failed("queue", &error),
    };
    let mut findings: Vec<Finding> = dead
        .iter()
        .map(|(kind, many)| given_up(kind, *many))
        .collect();
    let late = longest
        .map(|due| app.now() - due)
        .filter(|late| *late > LONG);
    findings.push(match late {
        Some(late) => Finding::warning(
            "queue",
            format!("A job has been due for {} minutes.", late.num_minutes()),
            "See that a worker runs (on SQLite: `worker.embedded` of baton-api), and what its log says.",
        ),
        None => Finding::fine("queue", "Nothing is late."),
    });
    findings
}

fn given_up(kind: &str, many: i64) -> Finding {
    Finding::warning(
        "queue",
        format!("{many} jobs of kind {kind} were given up."),
        format!(
            "See why: baton-admin jobs list --kind {kind}. Once the cause is mended: baton-admin jobs replay --kind {kind}"
        ),
    )
}

/// People who are still to be erased.
pub(super) async fn erasures(app: &App) -> Vec<Finding> {
    let open = app.read(|_, conn| Ok(storage::erasures::unfinished(conn, 1000)?));
    let open = match open.await {
        Ok(open) => open,
        Err(error) => return failed("erasures", &error),
    };
    let late = open
        .iter()
        .filter(|one| app.now() - one.asked_at > LONG)
        .count();
    if late == 0 {
        return vec![Finding::fine("erasures", "Whoever asked to be erased is.")];
    }
    vec![Finding::error(
        "erasures",
        format!("{late} people who asked to be erased are not erased to the end."),
        "See that a worker runs: it goes on with them every minute, and its log says what is in the way.",
    )]
}
