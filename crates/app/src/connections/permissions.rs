//! What Lever lets a connection do: an application asks for permissions, and a Super Admin may have granted fewer.

use ats::lever::Lack;
use domain::{ConnectionKind, OrganizationId};
use lever::scope::CONFIDENTIAL_ACCESS;
use storage::{connections, jobs};

use super::EnsureWebhook;
use crate::{AnyConnection, App, Result};

/// Does the operator ask for confidential opportunities too?
pub(crate) fn asks_for_confidential(app: &App) -> bool {
    let ours = app.config().lever.oauth.as_ref();
    ours.is_some_and(|ours| ours.scopes.iter().any(|scope| scope == CONFIDENTIAL_ACCESS))
}

/// Lever has let us do what the connection was said to lack: that is said no longer, and what waits for it goes on.
///
/// # Errors
/// Those of the database.
pub(crate) fn found_allowed(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    lack: Lack,
) -> Result<()> {
    let mut record = connections::hold(conn, organization, ConnectionKind::Lever, app.draw())?;
    if record.detail != Some(lack.to_string()) {
        return Ok(());
    }
    record.detail = None;
    connections::save(conn, &record)?;
    let job = EnsureWebhook::job(app, &record);
    Ok(jobs::enqueue(conn, &[job], app.now())?)
}
