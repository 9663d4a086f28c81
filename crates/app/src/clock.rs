//! What time alone brings about.

use domain::Command;
use storage::invites;

use crate::idempotency;
use crate::invites::{hand_in, record};
use crate::{App, Error, Result};

/// How many invites one visit of the clock ends.
const MOST: i64 = 200;

/// Ends the invites and sittings whose time is over; answers how many. Several workers may do it at once.
///
/// # Errors
/// Those of the database.
pub async fn end_overdue(app: &App) -> Result<usize> {
    let due = app
        .read(|app, conn| Ok(invites::due(conn, app.now(), MOST)?))
        .await?;
    let many = due.len();
    for (organization, invite) in due {
        let ended = app
            .write(move |app, conn| {
                let record = record(conn, organization, invite)?;
                hand_in(app, conn, record, |result| Command::Tick { result })
            })
            .await;
        match ended {
            // Somebody else was first.
            Ok(_) | Err(Error::Conflict { .. } | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(many)
}

/// Forgets answers to repeated calls, and the secrets in them, once nobody may repeat them.
///
/// # Errors
/// Those of the database.
pub async fn forget_answers(app: &App) -> Result<()> {
    while app.write(idempotency::forget).await? {}
    Ok(())
}
