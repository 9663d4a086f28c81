//! Stages of jobs in Greenhouse whose newcomers are invited, and to which assessment.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AssessmentId, OrganizationId, StageMappingId};

use crate::schema::stage_mappings as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    stage_id: String,
    stage_name: String,
    job_id: String,
    job_name: String,
    assessment_id: Id,
    configured_at: At,
}

/// One stage, and what it invites to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageMapping {
    /// Its id with us.
    pub id: StageMappingId,
    /// Whose.
    pub organization: OrganizationId,
    /// The stage's id there.
    pub stage: String,
    /// Its name there when it was chosen.
    pub stage_name: String,
    /// The id of its job there.
    pub job: String,
    /// The name of that job when it was chosen.
    pub job_name: String,
    /// What newcomers are invited to.
    pub assessment: AssessmentId,
    /// By Greenhouse's clock: only who enters after it counts.
    pub configured_at: DateTime<Utc>,
}

impl From<Row> for StageMapping {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            stage: row.stage_id,
            stage_name: row.stage_name,
            job: row.job_id,
            job_name: row.job_name,
            assessment: row.assessment_id.to(),
            configured_at: row.configured_at.moment(),
        }
    }
}

/// Stores one.
///
/// # Errors
/// [`crate::Error::Taken`] where the stage invites to the assessment already.
pub fn insert(conn: &mut AnyConnection, mapping: &StageMapping) -> Result<()> {
    let row = Row {
        organization_id: id(mapping.organization),
        id: id(mapping.id),
        stage_id: mapping.stage.clone(),
        stage_name: mapping.stage_name.clone(),
        job_id: mapping.job.clone(),
        job_name: mapping.job_name.clone(),
        assessment_id: id(mapping.assessment),
        configured_at: at(mapping.configured_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// All of an organization, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<StageMapping>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Removes one; answers whether it was there.
///
/// # Errors
/// Those of the database.
pub fn remove(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    mapping: StageMappingId,
) -> Result<bool> {
    let there = t::table.find((id(organization), id(mapping)));
    Ok(diesel::delete(there).execute(conn)? == 1)
}
