//! What came in over a connection, what was decided, and why nothing was sent.

use std::collections::HashMap;

use domain::{ConnectionKind, InviteId, OrganizationId};
use storage::activities::{self, ActivityRecord};
use storage::invites;

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

/// Whom the invites ask that these entries made, by name.
///
/// # Errors
/// Those of the database.
pub fn candidates(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    entries: &[Activity],
) -> Result<HashMap<InviteId, String>> {
    let made = entries.iter().filter_map(|entry| entry.invite);
    let wanted: Vec<_> = made.map(|invite| (organization, invite)).collect();
    let found = invites::among(conn, &wanted)?;
    let named = |record: &invites::InviteRecord| (record.invite.id, record.candidate.full_name());
    Ok(found.iter().map(named).collect())
}
