//! What is done from time to time: looking for what webhooks missed, and forgetting what is old.

use chrono::TimeDelta;
use domain::ConnectionKind;
use storage::connections::{self, ConnectionRecord};
use storage::{activities, inbox};

use crate::jobs::{HarvestSweep, LeverSweep};
use crate::{App, Result};

/// So many connections are looked up at once.
const SLICE: i64 = 100;
/// So long a delivery may come again: Lever's reruns reach back two weeks.
const DELIVERIES_KEPT: TimeDelta = TimeDelta::days(30);
/// So long an admin can read what was decided.
const ACTIVITY_KEPT: TimeDelta = TimeDelta::days(90);

/// Has each connection of a kind swept; answers how many there are.
///
/// # Errors
/// Those of the database.
pub async fn sweep_all(app: &App, kind: ConnectionKind) -> Result<usize> {
    let (mut many, mut after) = (0, None);
    loop {
        let slice = app
            .write(move |app, conn| {
                let found = connections::connected(conn, kind, after, SLICE)?;
                let now = app.now();
                let jobs: Vec<_> = found
                    .iter()
                    .map(|connection| match kind {
                        ConnectionKind::Lever => LeverSweep::job(app, connection, now),
                        _ => HarvestSweep::job(app, connection, now),
                    })
                    .collect();
                storage::jobs::enqueue(conn, &jobs, now)?;
                Ok(found)
            })
            .await?;
        many += slice.len();
        let last = slice.last().map(|it: &ConnectionRecord| it.organization);
        if last.is_none() {
            return Ok(many);
        }
        after = last;
    }
}

/// Forgets deliveries that can no longer come again, and activity that nobody looks at any more.
///
/// # Errors
/// Those of the database.
pub async fn forget(app: &App) -> Result<()> {
    while app
        .write(|app, conn| Ok(inbox::forget(conn, app.now() - DELIVERIES_KEPT)?))
        .await?
    {}
    while app
        .write(|app, conn| Ok(activities::forget(conn, app.now() - ACTIVITY_KEPT)?))
        .await?
    {}
    Ok(())
}
