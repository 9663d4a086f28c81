//! Grants that nobody uses are refreshed before the ATS lets them end.

use domain::ConnectionKind;
use storage::grants;

use super::facts::{GRANTED, keep_alive_after};
use super::tokens::GrantTokens;
use crate::{App, Result};

/// How many are looked up at a time.
const SLICE: i64 = 50;

/// Refreshes each grant that was idle for as long as the settings say; answers how many were. One that cannot be is tried again
/// after a while of its own.
///
/// # Errors
/// Those of the database.
pub async fn keep_alive(app: &App) -> Result<u32> {
    let mut refreshed = 0;
    for kind in GRANTED {
        refreshed += keep_alive_of(app, kind).await?;
    }
    Ok(refreshed)
}

async fn keep_alive_of(app: &App, kind: ConnectionKind) -> Result<u32> {
    let idle = keep_alive_after(app, kind);
    let mut refreshed = 0;
    loop {
        let found = app
            .read(move |app, conn| {
                let (before, now) = (app.now() - idle, app.now());
                Ok(grants::idle(conn, kind, before, now, SLICE)?)
            })
            .await?;
        let mut now = 0;
        for grant in &found {
            let tokens = GrantTokens::of(app, grant.organization, grant.connection, kind);
            now += u32::from(tokens.keep_alive(grant).await);
        }
        refreshed += now;
        // Those that failed are put off, so a slice that moved nothing is the last one.
        if now == 0 {
            return Ok(refreshed);
        }
    }
}
