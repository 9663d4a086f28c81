//! What an ATS that counts calls in windows of time still allows, counted by all processes together.

use diesel::prelude::*;
use domain::{CallWindow, OrganizationId};

use crate::connection::native;
use crate::schema::call_windows as t;
use crate::value::{At, at, id};
use crate::{AnyConnection, Result};

/// An organization's window `name`, held until the transaction ends; `first` where none was known.
///
/// # Errors
/// Those of the database.
pub fn hold(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    first: CallWindow,
) -> Result<CallWindow> {
    let row = (
        t::organization_id.eq(id(organization)),
        t::name.eq(name),
        t::call_limit.eq(stored(first.limit)),
        t::calls_left.eq(stored(first.left)),
        t::ends_at.eq(at(first.ends_at)),
    );
    let (limit, left, ends_at): (i32, i32, At) = native!(conn, c => diesel::insert_into(t::table)
        .values(row)
        .on_conflict((t::organization_id, t::name))
        .do_update()
        .set(t::ends_at.eq(t::ends_at))
        .returning((t::call_limit, t::calls_left, t::ends_at))
        .get_result(c))?;
    Ok(CallWindow {
        limit: limit.unsigned_abs(),
        left: left.unsigned_abs(),
        ends_at: ends_at.moment(),
    })
}

/// Stores what became of a window that is held.
///
/// # Errors
/// Those of the database.
pub fn keep(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    window: CallWindow,
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name));
    diesel::update(mine)
        .set((
            t::call_limit.eq(stored(window.limit)),
            t::calls_left.eq(stored(window.left)),
            t::ends_at.eq(at(window.ends_at)),
        ))
        .execute(conn)?;
    Ok(())
}

fn stored(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
