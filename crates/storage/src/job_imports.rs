//! Which jobs in Greenhouse were imported, and as which assessment: each job once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AssessmentId, OrganizationId};

use crate::schema::job_imports as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    job_id: String,
    assessment_id: Id,
    post_id: Option<String>,
    description_hash: Vec<u8>,
    imported_at: At,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// Whose.
    pub organization: OrganizationId,
    /// The job's id there.
    pub job: String,
    /// What it became.
    pub assessment: AssessmentId,
    /// The post whose text was taken; none where the job had none.
    pub post: Option<String>,
    /// SHA-256 of the description as it was taken last.
    pub description_hash: Vec<u8>,
    /// When.
    pub imported_at: DateTime<Utc>,
}

impl From<Row> for ImportRecord {
    fn from(row: Row) -> Self {
        Self {
            organization: row.organization_id.to(),
            job: row.job_id,
            assessment: row.assessment_id.to(),
            post: row.post_id,
            description_hash: row.description_hash,
            imported_at: row.imported_at.moment(),
        }
    }
}

/// Notes an import.
///
/// # Errors
/// [`crate::Error::Taken`] where the job was imported before.
pub fn insert(conn: &mut AnyConnection, import: &ImportRecord) -> Result<()> {
    let row = Row {
        organization_id: id(import.organization),
        job_id: import.job.clone(),
        assessment_id: id(import.assessment),
        post_id: import.post.clone(),
        description_hash: import.description_hash.clone(),
        imported_at: at(import.imported_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// Of the jobs `wanted` those that were imported.
///
/// # Errors
/// Those of the database.
pub fn among(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    wanted: &[String],
) -> Result<Vec<ImportRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::job_id.eq_any(wanted))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The import that an assessment came of.
///
/// # Errors
/// Those of the database.
pub fn of_assessment(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Option<ImportRecord>> {
    let row: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::assessment_id.eq(id(assessment)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Notes which post's description was taken last.
///
/// # Errors
/// Those of the database.
pub fn take_description(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: &str,
    post: Option<&str>,
    hash: &[u8],
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::job_id.eq(job));
    diesel::update(mine)
        .set((t::post_id.eq(post), t::description_hash.eq(hash)))
        .execute(conn)?;
    Ok(())
}
