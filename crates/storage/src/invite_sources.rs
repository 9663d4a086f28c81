//! Which invites came of what in an ATS: of Lever's opportunities.

use diesel::prelude::*;
use domain::{ConnectionId, InviteId, OrganizationId};

use crate::schema::invite_sources as t;
use crate::value::{Id, id};
use crate::{AnyConnection, Result};

/// Notes of what an invite came.
///
/// # Errors
/// Those of the database.
pub fn insert(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
    source: &str,
    invite: InviteId,
) -> Result<()> {
    let row = (
        t::organization_id.eq(id(organization)),
        t::connection_id.eq(id(connection)),
        t::source.eq(source),
        t::invite_id.eq(id(invite)),
    );
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// The invites that came of `source`, oldest first.
///
/// # Errors
/// Those of the database.
pub fn invites_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
    source: &str,
) -> Result<Vec<InviteId>> {
    let found: Vec<Id> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)))
        .filter(t::source.eq(source))
        .order(t::invite_id)
        .select(t::invite_id)
        .load(conn)?;
    Ok(found.into_iter().map(Id::to).collect())
}
