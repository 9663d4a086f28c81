//! Until when work under a name (a connection) is to be left alone, such as when an ATS asked to wait.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use crate::connection::native;
use crate::schema::parkings as t;
use crate::value::{At, at, id};
use crate::{AnyConnection, Result};

/// A name that is to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parking {
    /// Until then.
    pub until: DateTime<Utc>,
    /// For people.
    pub why: String,
}

/// Has an organization's work under `name` left alone; a later end stands.
///
/// # Errors
/// Those of the database.
pub fn set(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    parking: &Parking,
) -> Result<()> {
    let end = (t::until.eq(at(parking.until)), t::why.eq(&parking.why));
    let there = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name));
    let earlier = there.filter(t::until.lt(at(parking.until)));
    if diesel::update(earlier).set(end).execute(conn)? == 1 {
        return Ok(());
    }
    let row = (
        t::organization_id.eq(id(organization)),
        t::name.eq(name),
        end,
    );
    native!(conn, c => diesel::insert_into(t::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Is an organization's work under `name` to be left alone at `now`?
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Option<Parking>> {
    let found: Option<(At, String)> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name))
        .filter(t::until.gt(at(now)))
        .select((t::until, t::why))
        .first(conn)
        .optional()?;
    Ok(found.map(|(until, why)| Parking {
        until: until.moment(),
        why,
    }))
}
