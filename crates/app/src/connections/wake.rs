//! Work that waited for a connection goes on.

use storage::connections::ConnectionRecord;
use storage::jobs;

use super::facts::facts;
use crate::{App, Result};

/// Wakes all jobs that are parked under a connection that works again.
///
/// # Errors
/// Those of the database.
pub(super) async fn wake_parked(app: &App, record: &ConnectionRecord) -> Result<()> {
    let (organization, parked) = (record.organization, facts(record.kind).parked);
    let mut more = true;
    while more {
        more = app
            .write(move |app, conn| Ok(jobs::unpark(conn, organization, parked, app.now())?))
            .await?;
    }
    Ok(())
}
