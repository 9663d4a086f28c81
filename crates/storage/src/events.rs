//! Timelines: each thing received, decided, sent and answered.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{EventId, InviteId, OrganizationId};
use serde_json::Value;

use crate::arrays::insert_by_arrays;
use crate::schema::events as t;
use crate::value::{At, Id, at, from_json, id};
use crate::{AnyConnection, Page, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    invite_id: Option<Id>,
    name: String,
    detail: String,
    at: At,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        id,
        invite_id,
        name,
        detail,
        at
    },
    "INSERT INTO events",
    ""
);

/// One fact on a timeline.
#[derive(Debug, Clone)]
pub struct EventRecord {
    /// Its id; later facts have later ids.
    pub id: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// Of which invite, if of one.
    pub invite: Option<InviteId>,
    /// Such as `invite.created`.
    pub name: String,
    /// Without personal data.
    pub detail: Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds facts.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, records: &[EventRecord]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = records
        .iter()
        .map(|record| Row {
            organization_id: id(record.organization),
            id: id(record.id),
            invite_id: record.invite.map(id),
            name: record.name.clone(),
            detail: record.detail.to_string(),
            at: at(record.at),
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

/// One page of an invite's timeline, newest first.
///
/// # Errors
/// Those of the database.
pub fn of_invite(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    page: Page,
) -> Result<Vec<EventRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(record).collect()
}

/// One page of an organization's facts of one name, newest first.
///
/// # Errors
/// Those of the database.
pub fn named(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    page: Page,
) -> Result<Vec<EventRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(record).collect()
}

fn record(row: Row) -> Result<EventRecord> {
    Ok(EventRecord {
        id: row.id.to(),
        organization: row.organization_id.to(),
        invite: row.invite_id.map(Id::to),
        name: row.name,
        detail: from_json(&row.detail, "events", "detail")?,
        at: row.at.moment(),
    })
}
