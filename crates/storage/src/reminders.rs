//! Reminders: one for each deadline of an invite that was mailed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{InviteId, OrganizationId};

use crate::connection::native;
use crate::literal::literal;
use crate::schema::reminders as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

literal!(IsToCome, "remind_at IS NOT NULL");

/// When one candidate is reminded of one deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Whose invite.
    pub organization: OrganizationId,
    /// Which invite.
    pub invite: InviteId,
    /// Which attempt of it.
    pub attempt: i32,
    /// The deadline it is about.
    pub deadline: DateTime<Utc>,
    /// When; none where that is done with.
    pub remind_at: Option<DateTime<Utc>>,
}

/// The reminder of an invite's present deadline, done with or to come.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Option<Reminder>> {
    let row: Option<(i32, At, Option<At>)> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .select((t::attempt, t::deadline, t::remind_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(attempt, deadline, remind_at)| Reminder {
        organization,
        invite,
        attempt,
        deadline: deadline.moment(),
        remind_at: remind_at.map(At::moment),
    }))
}

/// Keeps an invite's one reminder as it now is.
///
/// # Errors
/// Those of the database.
pub fn keep(conn: &mut AnyConnection, reminder: &Reminder) -> Result<()> {
    let changes = || {
        (
            t::attempt.eq(reminder.attempt),
            t::deadline.eq(at(reminder.deadline)),
            t::remind_at.eq(reminder.remind_at.map(at)),
        )
    };
    native!(conn, c => diesel::insert_into(t::table)
        .values((
            t::organization_id.eq(id(reminder.organization)),
            t::invite_id.eq(id(reminder.invite)),
            changes(),
        ))
        .on_conflict((t::organization_id, t::invite_id))
        .do_update()
        .set(changes())
        .execute(c))?;
    Ok(())
}

/// Notes that nobody is to be reminded of this invite's deadline (any more); answers false where that is so already.
///
/// # Errors
/// Those of the database.
pub fn end(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<bool> {
    let ended = diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::invite_id.eq(id(invite)))
            .filter(IsToCome),
    )
    .set(t::remind_at.eq(None::<At>))
    .execute(conn)?;
    Ok(ended == 1)
}

/// Invites whose candidates are to be reminded by `now`, of any organization, the longest due first.
///
/// # Errors
/// Those of the database.
pub fn due(
    conn: &mut AnyConnection,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(OrganizationId, InviteId)>> {
    let rows: Vec<(Id, Id)> = t::table
        .filter(IsToCome)
        .filter(t::remind_at.le(at(now)))
        .order(t::remind_at)
        .limit(most)
        .select((t::organization_id, t::invite_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(organization, invite)| (organization.to(), invite.to()))
        .collect())
}
