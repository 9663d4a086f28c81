//! Stages of an organization's pipeline in Lever: whoever is moved into one is invited.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{OrganizationId, TriggerStageId};

use crate::schema::trigger_stages as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    stage_id: String,
    name: String,
    missing: bool,
    configured_at: At,
    checked_at: At,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerStage {
    /// Its id here.
    pub id: TriggerStageId,
    /// Whose.
    pub organization: OrganizationId,
    /// Its id in Lever: a UUID or a word.
    pub stage_id: String,
    /// Its name there when that was last looked at.
    pub name: String,
    /// Was it gone from Lever then?
    pub missing: bool,
    /// When it was chosen, by Lever's clock: the end of that second. Only moves after it count.
    pub configured_at: DateTime<Utc>,
    /// When name and presence were last looked at.
    pub checked_at: DateTime<Utc>,
}

impl From<Row> for TriggerStage {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            stage_id: row.stage_id,
            name: row.name,
            missing: row.missing,
            configured_at: row.configured_at.moment(),
            checked_at: row.checked_at.moment(),
        }
    }
}

/// Stores a new stage.
///
/// # Errors
/// [`crate::Error::Taken`] where the organization has chosen it already.
pub fn insert(conn: &mut AnyConnection, stage: &TriggerStage) -> Result<()> {
    let row = Row {
        organization_id: id(stage.organization),
        id: id(stage.id),
        stage_id: stage.stage_id.clone(),
        name: stage.name.clone(),
        missing: stage.missing,
        configured_at: at(stage.configured_at),
        checked_at: at(stage.checked_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// An organization's stages, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<TriggerStage>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Removes a stage; answers whether it was there.
///
/// # Errors
/// Those of the database.
pub fn remove(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    stage: TriggerStageId,
) -> Result<bool> {
    let mine = t::table.find((id(organization), id(stage)));
    Ok(diesel::delete(mine).execute(conn)? == 1)
}

/// Keeps how a stage was found in Lever: its `name`, or none where it is gone from there.
///
/// # Errors
/// Those of the database.
pub fn note_found(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    stage: TriggerStageId,
    name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mine = t::table.find((id(organization), id(stage)));
    diesel::update(mine)
        .set((t::missing.eq(name.is_none()), t::checked_at.eq(at(now))))
        .execute(conn)?;
    if let Some(name) = name {
        diesel::update(t::table.find((id(organization), id(stage))))
            .set(t::name.eq(name))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that a stage was looked at, without having found out anything.
///
/// # Errors
/// Those of the database.
pub fn note_checked(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    stage: TriggerStageId,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(stage))))
        .set(t::checked_at.eq(at(now)))
        .execute(conn)?;
    Ok(())
}

/// Up to `most` organizations with a stage that was not looked at since `before`. For the worker.
///
/// # Errors
/// Those of the database.
pub fn unchecked(
    conn: &mut AnyConnection,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<OrganizationId>> {
    let found: Vec<Id> = t::table
        .filter(t::checked_at.lt(at(before)))
        .select(t::organization_id)
        .distinct()
        .limit(most)
        .load(conn)?;
    Ok(found.into_iter().map(Id::to).collect())
}
