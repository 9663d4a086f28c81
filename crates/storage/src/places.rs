//! Where invites are shown in an ATS, and how far each showing has come.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{InviteId, OrganizationId, Place, PlaceId, Target, Writeback, WritebackState};

use crate::arrays::{insert_by_arrays, one_by_one, select_among};
use crate::literal::literal;
use crate::schema::places as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Result};

literal!(IsBlocked, "state = 'blocked'");

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
    seen_at: Option<At>,
    detail: Option<String>,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        invite_id,
        id,
        target,
        subject,
        state,
        revision,
        at,
        seen_at,
        detail,
    },
    "INSERT INTO places",
    ""
);
select_among!(Unseen<'k>, Holder, invite_id: Binary = Id as "bytea[]", "places", " AND places.state IS NOT NULL AND places.at IS NOT NULL AND places.seen_at IS NULL");

/// Whose place it is.
#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Holder {
    invite_id: Id,
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
                progress: named(WritebackState::parse(&state), "places", "state")?,
                revision: row.revision.unwrap_or(0),
                at: at.moment(),
                seen_at: row.seen_at.map(At::moment),
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
    if records.is_empty() {
        return Ok(());
    }
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
                .map(|w| w.progress.as_str().to_owned()),
            revision: record.writeback.as_ref().map(|w| w.revision),
            at: record.writeback.as_ref().map(|w| at(w.at)),
            seen_at: record.writeback.as_ref().and_then(|w| w.seen_at.map(at)),
            detail: record.writeback.as_ref().and_then(|w| w.detail.clone()),
        })
        .collect();
    match conn {
        AnyConnection::Postgres(c) => {
            InsertRows::of(&rows).execute(c)?;
        }
        AnyConnection::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(t::table).values(row).execute(c)?;
            }
        }
    }
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

/// One place, which nobody else changes before this transaction ends.
///
/// # Errors
/// Those of the database.
pub fn find_to_change(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
) -> Result<Option<PlaceRecord>> {
    let row: Option<Row> = match conn {
        AnyConnection::Postgres(c) => t::table
            .find((id(organization), id(invite), id(place)))
            .select(Row::as_select())
            .for_update()
            .get_result(c)
            .optional()?,
        // SQLite's write transaction is exclusive.
        AnyConnection::Sqlite(c) => t::table
            .find((id(organization), id(invite), id(place)))
            .select(Row::as_select())
            .get_result(c)
            .optional()?,
    };
    row.map(TryInto::try_into).transpose()
}

/// Those of `wanted` (organization and invite) with a write-back that nobody has fetched yet.
///
/// # Errors
/// Those of the database.
pub fn unseen_among(
    conn: &mut AnyConnection,
    wanted: &[(OrganizationId, InviteId)],
) -> Result<Vec<InviteId>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let pairs = wanted
        .iter()
        .map(|(organization, invite)| (*organization, id(*invite)));
    let holders: Vec<Holder> = match conn {
        AnyConnection::Postgres(c) => Unseen::of(pairs).load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(pairs, |(organization, invite)| {
            t::table
                .filter(t::organization_id.eq(id(organization)))
                .filter(t::invite_id.eq(invite))
                .filter(t::state.is_not_null())
                .filter(t::at.is_not_null())
                .filter(t::seen_at.is_null())
                .select(Holder::as_select())
                .get_result(c)
        })?,
    };
    Ok(holders
        .into_iter()
        .map(|holder| holder.invite_id.to())
        .collect())
}

/// Are any write-backs of an organization's blocked?
///
/// # Errors
/// Those of the database.
pub fn any_blocked(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    target: Target,
) -> Result<bool> {
    let first: Option<Id> = t::table
        .filter(IsBlocked)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::target.eq(target.as_str()))
        .select(t::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
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

/// Writes down how far a write-back has come. What the ATS has fetched is not touched: see [`note_seen`].
///
/// # Errors
/// Those of the database.
pub fn set_writeback(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
    writeback: &Writeback,
) -> Result<()> {
    let change = (
        t::state.eq(writeback.progress.as_str()),
        t::revision.eq(writeback.revision),
        t::at.eq(at(writeback.at)),
        t::detail.eq(&writeback.detail),
    );
    diesel::update(t::table.find((id(organization), id(invite), id(place))))
        .set(change)
        .execute(conn)?;
    Ok(())
}

/// Keeps what is known of a place from now on.
///
/// # Errors
/// Those of the database.
pub fn set_subject(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
    subject: &str,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(invite), id(place))))
        .set(t::subject.eq(subject))
        .execute(conn)?;
    Ok(())
}

/// Notes that the ATS has fetched what an invite's places of one kind show; the first time counts. Answers whether this
/// was the first time.
///
/// # Errors
/// Those of the database.
pub fn note_seen(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    target: Target,
    now: DateTime<Utc>,
) -> Result<bool> {
    let unseen = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .filter(t::target.eq(target.as_str()))
        .filter(t::state.is_not_null())
        .filter(t::seen_at.is_null());
    let changed = diesel::update(unseen)
        .set(t::seen_at.eq(at(now)))
        .execute(conn)?;
    Ok(changed > 0)
}

/// What is to be shown at a place from now on has not been seen there.
///
/// # Errors
/// Those of the database.
pub fn forget_seen(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(invite), id(place))))
        .set(t::seen_at.eq(None::<At>))
        .execute(conn)?;
    Ok(())
}

/// Forgets the write-backs of an invite: a new attempt calls for its own.
///
/// # Errors
/// Those of the database.
pub fn forget_writebacks(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    let of_invite = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)));
    diesel::update(of_invite)
        .set((
            t::state.eq(None::<String>),
            t::revision.eq(None::<i32>),
            t::at.eq(None::<At>),
            t::seen_at.eq(None::<At>),
            t::detail.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(())
}
