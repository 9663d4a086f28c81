//! Assessments, and the versions that running invites keep.

use diesel::prelude::*;
use domain::{Assessment, AssessmentId, OrganizationId, fold};

use crate::arrays::{one_by_one, select_among};
use crate::connection::native;
use crate::literal::literal;
use crate::schema::{assessment_versions, assessments as t};
use crate::value::{At, Id, at, from_json, id, to_json};
use crate::{AnyConnection, Error, Page, Result};

literal!(IsPublished, "status = 'published'");

select_among!(PublishedById<'k>, Definition, id: Binary = Id as "bytea[]", "assessments", " AND assessments.status = 'published'");

/// All there is of an assessment, in one text.
#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Definition {
    definition: String,
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    status: String,
    version: i32,
    title: String,
    title_key: String,
    definition: String,
}

impl Row {
    fn of(assessment: &Assessment) -> Result<Self> {
        Ok(Self {
            organization_id: id(assessment.organization),
            id: id(assessment.id),
            status: assessment.status.as_str().to_owned(),
            version: assessment.version,
            title: assessment.title.clone(),
            title_key: fold(&assessment.title),
            definition: to_json(assessment)?,
        })
    }
}

/// Stores a new assessment.
///
/// # Errors
/// Those of the database.
pub fn insert(
    conn: &mut AnyConnection,
    assessment: &Assessment,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let created: At = at(now);
    diesel::insert_into(t::table)
        .values((Row::of(assessment)?, t::created_at.eq(created)))
        .execute(conn)?;
    keep_version(conn, assessment)
}

/// Replaces an assessment, found by [`find_to_change`] in the same unit of work, and keeps the version it now has.
///
/// # Errors
/// [`Error::Taken`] where another published one has the title, [`Error::Stale`] where there is no such assessment.
pub fn save(conn: &mut AnyConnection, assessment: &Assessment) -> Result<()> {
    let same = t::table.find((id(assessment.organization), id(assessment.id)));
    let changed = diesel::update(same)
        .set(Row::of(assessment)?)
        .execute(conn)?;
    if changed != 1 {
        return Err(Error::Stale);
    }
    keep_version(conn, assessment)
}

fn keep_version(conn: &mut AnyConnection, assessment: &Assessment) -> Result<()> {
    use assessment_versions as v;
    let definition = to_json(assessment)?;
    native!(conn, c => diesel::insert_into(v::table)
        .values((
            v::organization_id.eq(id(assessment.organization)),
            v::assessment_id.eq(id(assessment.id)),
            v::version.eq(assessment.version),
            v::definition.eq(&definition),
        ))
        .on_conflict((v::organization_id, v::assessment_id, v::version))
        .do_update()
        .set(v::definition.eq(&definition))
        .execute(c))?;
    Ok(())
}

/// One assessment as it now is.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Option<Assessment>> {
    let text: Option<String> = t::table
        .find((id(organization), id(assessment)))
        .select(t::definition)
        .get_result(conn)
        .optional()?;
    text.map(|text| from_json(&text, "assessments", "definition"))
        .transpose()
}

/// One assessment that this unit of work is about to change: nobody else changes it until the unit is over, so that two
/// changes become two versions.
///
/// # Errors
/// Those of the database.
pub fn find_to_change(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Option<Assessment>> {
    let definition = t::table
        .find((id(organization), id(assessment)))
        .select(t::definition);
    let text: Option<String> = match conn {
        AnyConnection::Postgres(c) => definition.for_update().get_result(c).optional()?,
        // SQLite's write transaction is exclusive.
        AnyConnection::Sqlite(c) => definition.get_result(c).optional()?,
    };
    text.map(|text| from_json(&text, "assessments", "definition"))
        .transpose()
}

/// One assessment as it was at a version.
///
/// # Errors
/// Those of the database.
pub fn at_version(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
    version: i32,
) -> Result<Option<Assessment>> {
    use assessment_versions as v;
    let text: Option<String> = v::table
        .find((id(organization), id(assessment), version))
        .select(v::definition)
        .get_result(conn)
        .optional()?;
    text.map(|text| from_json(&text, "assessment_versions", "definition"))
        .transpose()
}

/// The titles that an assessment has had, in its versions' order; the present one among them.
///
/// # Errors
/// Those of the database.
pub fn titles(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Vec<String>> {
    use assessment_versions as v;
    let texts: Vec<String> = v::table
        .filter(v::organization_id.eq(id(organization)))
        .filter(v::assessment_id.eq(id(assessment)))
        .order(v::version.asc())
        .select(v::definition)
        .load(conn)?;
    let mut titles = Vec::new();
    for text in texts {
        let version: Assessment = from_json(&text, "assessment_versions", "definition")?;
        if !titles.contains(&version.title) {
            titles.push(version.title);
        }
    }
    Ok(titles)
}

/// Those of `wanted` (organization and assessment) that are published.
///
/// # Errors
/// Those of the database.
pub fn published_among(
    conn: &mut AnyConnection,
    wanted: &[(OrganizationId, AssessmentId)],
) -> Result<Vec<Assessment>> {
    let pairs = wanted
        .iter()
        .map(|(organization, assessment)| (*organization, id(*assessment)));
    let found: Vec<Definition> = match conn {
        AnyConnection::Postgres(c) => PublishedById::of(pairs).load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(pairs, |(organization, assessment)| {
            t::table
                .find((id(organization), assessment))
                .filter(IsPublished)
                .select(Definition::as_select())
                .get_result(c)
        })?,
    };
    found
        .iter()
        .map(|found| from_json(&found.definition, "assessments", "definition"))
        .collect()
}

/// Organization, id and title of the published assessments of `organizations`, by title.
///
/// # Errors
/// Those of the database.
pub fn published(
    conn: &mut AnyConnection,
    organizations: &[OrganizationId],
) -> Result<Vec<(OrganizationId, AssessmentId, String)>> {
    let wanted = organizations.iter().map(|organization| id(*organization));
    let mut rows: Vec<(Id, Id, String)> = match conn {
        AnyConnection::Postgres(c) => t::table
            .filter(t::organization_id.eq_any(wanted.collect::<Vec<_>>()))
            .filter(IsPublished)
            .select((t::organization_id, t::id, t::title))
            .load(c)?,
        AnyConnection::Sqlite(c) => {
            let mut rows = Vec::new();
            for organization in wanted {
                let those = t::table
                    .filter(t::organization_id.eq(organization))
                    .filter(IsPublished)
                    .select((t::organization_id, t::id, t::title));
                rows.extend(those.load(c)?);
            }
            rows
        }
    };
    rows.sort_by(|a, b| a.2.cmp(&b.2).then(a.1.cmp(&b.1)));
    Ok(rows
        .into_iter()
        .map(|(organization, assessment, title)| (organization.to(), assessment.to(), title))
        .collect())
}

/// One page of an organization's assessments, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<Assessment>> {
    let texts: Vec<String> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(t::definition)
        .load(conn)?;
    texts
        .iter()
        .map(|text| from_json(text, "assessments", "definition"))
        .collect()
}

/// The published assessment, other than `but`, whose title reads the same.
///
/// # Errors
/// Those of the database.
pub fn published_alike(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    title: &str,
    but: AssessmentId,
) -> Result<Option<Assessment>> {
    let text: Option<String> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::title_key.eq(fold(title)))
        .filter(IsPublished)
        .filter(t::id.ne(id(but)))
        .select(t::definition)
        .first(conn)
        .optional()?;
    text.map(|text| from_json(&text, "assessments", "definition"))
        .transpose()
}
