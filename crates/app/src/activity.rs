//! What came in over a connection, what was decided, and why nothing was sent.

use domain::{ConnectionKind, OrganizationId};
use storage::activities::{self, ActivityRecord};

use crate::{AnyConnection, Page, Result};

pub use storage::activities::{ActivityRecord as Activity, Decision, Wanted};

/// One page of an organization's entries about one connection, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    wanted: Wanted,
    page: Page,
) -> Result<Vec<ActivityRecord>> {
    Ok(activities::list(conn, organization, kind, wanted, page)?)
}
