//! Periodic work that is done once per slot of time, however many workers there are.

use diesel::prelude::*;

use crate::connection::native;
use crate::schema::schedules as t;
use crate::{AnyConnection, Result};

/// Takes a slot of the work `name`; answers false where somebody else has taken it, or a later one.
///
/// # Errors
/// Those of the database.
pub fn take(conn: &mut AnyConnection, name: &str, slot: i64) -> Result<bool> {
    let earlier = t::table.filter(t::name.eq(name)).filter(t::slot.lt(slot));
    let moved = diesel::update(earlier)
        .set(t::slot.eq(slot))
        .execute(conn)?;
    if moved == 1 {
        return Ok(true);
    }
    let first = (t::name.eq(name), t::slot.eq(slot));
    let made = native!(conn, c => diesel::insert_into(t::table).values(first).on_conflict_do_nothing().execute(c))?;
    Ok(made == 1)
}
