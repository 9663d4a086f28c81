//! Where invites are shown in an ATS, and how far each showing has come.

use diesel::prelude::*;
use domain::{InviteId, OrganizationId, Place, PlaceId, Target, Writeback, WritebackState};

use crate::connection::native;
use crate::schema::places as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    invite_id: Id,
    id: Id,
    target: String,
    subject: String,
    state: Option<String>,
    revision: Option<i32>,
    at: Option<At>,
    detail: Option<String>,
}

/// A place with the write-back that shows the invite there, once one is called for.
#[derive(Debug, Clone)]
pub struct PlaceRecord {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which invite.
    pub invite: InviteId,
    /// Where.
    pub place: Place,
    /// How far it has come.
    pub writeback: Option<Writeback>,
}

impl TryFrom<Row> for PlaceRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let target = named(Target::parse(&row.target), "places", "target")?;
        let writeback = match (row.state, row.at) {
            (Some(state), Some(at)) => Some(Writeback {
                target,
                state: named(WritebackState::parse(&state), "places", "state")?,
                revision: row.revision.unwrap_or(0),
                at: at.moment(),
                detail: row.detail,
            }),
            _ => None,
        };
        Ok(Self {
            organization: row.organization_id.to(),
            invite: row.invite_id.to(),
            place: Place {
                id: row.id.to(),
                target,
                subject: row.subject,
            },
            writeback,
        })
    }
}

/// Stores new places.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, records: &[PlaceRecord]) -> Result<()> {
    let rows: Vec<Row> = records
        .iter()
        .map(|record| Row {
            organization_id: id(record.organization),
            invite_id: id(record.invite),
            id: id(record.place.id),
            target: record.place.target.as_str().to_owned(),
            subject: record.place.subject.clone(),
            state: record
                .writeback
                .as_ref()
                .map(|w| w.state.as_str().to_owned()),
            revision: record.writeback.as_ref().map(|w| w.revision),
            at: record.writeback.as_ref().map(|w| at(w.at)),
            detail: record.writeback.as_ref().and_then(|w| w.detail.clone()),
        })
        .collect();
    native!(conn, c => diesel::insert_into(t::table).values(rows).execute(c))?;
    Ok(())
}

/// The places of one invite.
///
/// # Errors
/// Those of the database.
pub fn of_invite(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Vec<PlaceRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The places of several invites of one organization.
///
/// # Errors
/// Those of the database.
pub fn of_invites(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invites: &[InviteId],
) -> Result<Vec<PlaceRecord>> {
    let ids: Vec<Id> = invites.iter().map(|invite| id(*invite)).collect();
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq_any(ids))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Writes down how far a write-back has come, unless it has changed since `before` was read; answers whether it was so.
///
/// # Errors
/// Those of the database.
pub fn set_writeback(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
    before: Option<&Writeback>,
    after: &Writeback,
) -> Result<bool> {
    let same = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .filter(t::id.eq(id(place)));
    let change = (
        t::state.eq(after.state.as_str()),
        t::revision.eq(after.revision),
        t::at.eq(at(after.at)),
        t::detail.eq(&after.detail),
    );
    let changed = match before {
        Some(before) => diesel::update(same.filter(t::state.eq(before.state.as_str())))
            .set(change)
            .execute(conn)?,
        None => diesel::update(same.filter(t::state.is_null()))
            .set(change)
            .execute(conn)?,
    };
    Ok(changed == 1)
}

/// The invites of an organization with a blocked write-back of one kind.
///
/// # Errors
/// Those of the database.
pub fn blocked(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    target: Target,
) -> Result<Vec<PlaceRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::state.eq(WritebackState::Blocked.as_str()))
        .filter(t::target.eq(target.as_str()))
        .order(t::id)
        .limit(1000)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
