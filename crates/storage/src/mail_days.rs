//! How many mails an organization sent on a day.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use crate::connection::native;
use crate::schema::mail_days as t;
use crate::value::id;
use crate::{AnyConnection, Result};

/// The day (UTC) of a moment, counted from 1970.
pub fn day_of(moment: DateTime<Utc>) -> i32 {
    let days = moment.timestamp().div_euclid(86_400);
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// How many mails an organization sent on `day`. The day's row stays locked until the transaction ends, so that workers side
/// by side never count past a limit.
///
/// # Errors
/// Those of the database.
pub fn lock(conn: &mut AnyConnection, organization: OrganizationId, day: i32) -> Result<i64> {
    Ok(native!(conn, c => diesel::insert_into(t::table)
        .values((t::organization_id.eq(id(organization)), t::day.eq(day), t::mails.eq(0)))
        .on_conflict((t::organization_id, t::day))
        .do_update()
        .set(t::mails.eq(t::mails))
        .returning(t::mails)
        .get_result(c))?)
}

/// The same, for a look only.
///
/// # Errors
/// Those of the database.
pub fn sent(conn: &mut AnyConnection, organization: OrganizationId, day: i32) -> Result<i64> {
    let sent: Option<i64> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::day.eq(day))
        .select(t::mails)
        .first(conn)
        .optional()?;
    Ok(sent.unwrap_or(0))
}

/// Counts `many` more mails of a day that is locked.
///
/// # Errors
/// Those of the database.
pub fn add(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    day: i32,
    many: i64,
) -> Result<()> {
    diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::day.eq(day)),
    )
    .set(t::mails.eq(t::mails + many))
    .execute(conn)?;
    Ok(())
}
