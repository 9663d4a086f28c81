//! Ordering keys: who is the head, and who comes next.

use diesel::prelude::*;
use domain::OrganizationId;

use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{Id, id};
use crate::{AnyConnection, Result};

literal!(
    /// Is it the one of its key that the others wait for? A unique index sees to it that there is one at most.
    IsHead,
    "ordering_key IS NOT NULL AND (state IN ('ready', 'claimed') OR (state = 'dead' AND strict))"
);
literal!(
    /// Does it wait behind the head of its key?
    IsBehind,
    "state = 'waiting'"
);

/// The place in the order of the key's head; none where there is no head. On PostgreSQL nobody else can take the head away
/// until this transaction ends: whoever finishes it meanwhile waits, and then sees what was put behind it.
///
/// # Errors
/// Those of the database.
pub(super) fn hold_head(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
) -> Result<Option<i64>> {
    let head = t::table
        .filter(IsHead)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::ordering_key.eq(key))
        .select(t::seq);
    let seq = match conn {
        AnyConnection::Postgres(c) => head.for_update().get_result(c),
        AnyConnection::Sqlite(c) => head.get_result(c),
    };
    Ok(seq.optional()?)
}

/// The place behind all that wait for the key's head, which stands at `head` and is held by [`hold_head`].
///
/// # Errors
/// Those of the database.
pub(super) fn place_behind(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
    head: i64,
) -> Result<i64> {
    let last: Option<i64> = t::table
        .filter(IsBehind)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::ordering_key.eq(key))
        .order(t::seq.desc())
        .select(t::seq)
        .first(conn)
        .optional()?;
    Ok(last.map_or(head, |last| last.max(head)) + 1)
}

/// Makes the first that waits under the key its head. To be called once the transaction has taken the head away.
///
/// # Errors
/// Those of the database; [`crate::Error::Taken`] where the key has a head.
pub(super) fn promote(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
) -> Result<()> {
    let next: Option<Id> = t::table
        .filter(IsBehind)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::ordering_key.eq(key))
        .order((t::seq, t::id))
        .select(t::id)
        .first(conn)
        .optional()?;
    if let Some(next) = next {
        // Somebody else may have mended the same order meanwhile: only one that still waits is taken.
        diesel::update(t::table.filter(IsBehind).filter(t::id.eq(next)))
            .set(t::state.eq("ready"))
            .execute(conn)?;
    }
    Ok(())
}
