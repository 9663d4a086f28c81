//! Up to where connections were looked through for what webhooks missed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionId, OrganizationId};

use crate::connection::native;
use crate::schema::sweeps as t;
use crate::value::{At, at, id};
use crate::{AnyConnection, Result};

/// Up to where, by the clock of the ATS; none before the first sweep has ended.
///
/// # Errors
/// Those of the database.
pub fn swept_to(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<Option<DateTime<Utc>>> {
    let found: Option<At> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)))
        .select(t::swept_to)
        .first(conn)
        .optional()?;
    Ok(found.map(At::moment))
}

/// Notes that everything up to `swept_to` was looked through; a later moment stands.
///
/// # Errors
/// Those of the database.
pub fn set(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
    swept_to: DateTime<Utc>,
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)));
    let earlier = mine.filter(t::swept_to.lt(at(swept_to)));
    let change = t::swept_to.eq(at(swept_to));
    if diesel::update(earlier).set(change).execute(conn)? == 1 {
        return Ok(());
    }
    let row = (
        t::organization_id.eq(id(organization)),
        t::connection_id.eq(id(connection)),
        change,
    );
    native!(conn, c => diesel::insert_into(t::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
