//! Connections that work.

use std::time::Duration;

use domain::{ConnectionKind, OrganizationId, Standing};
use storage::connections::{self, ConnectionRecord};

use super::facts::facts;
use crate::{AnyConnection, Error, Result};

/// How long jobs are parked under a connection where nobody wakes them, such as one that was parked at the very moment of a
/// connection.
pub(crate) const PARKED_FOR: Duration = Duration::from_secs(4 * 60 * 60);

/// An organization's connection of a kind that has grants, if it works.
///
/// # Errors
/// [`Error::Conflict`] `not_connected` or `needs_attention` where it does not.
pub(super) fn working(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<ConnectionRecord> {
    let found = connections::find(conn, organization, kind)?;
    match found {
        Some(record) if record.standing == Standing::Connected => Ok(record),
        Some(record) if record.standing == Standing::NeedsAttention => Err(lost(kind)),
        _ => {
            let message = match kind {
                ConnectionKind::Lever => "Lever is not connected; log in to Lever first",
                _ => "Greenhouse is not connected; connect to Greenhouse first",
            };
            Err(Error::conflict("not_connected", message))
        }
    }
}

/// The grant is dead, and a person has to give a new one.
pub(super) fn lost(kind: ConnectionKind) -> Error {
    let facts = facts(kind);
    let message = format!(
        "{} no longer accepts our access; {}",
        facts.people, facts.again
    );
    Error::conflict("needs_attention", message)
}
