//! Organizations.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{NoteVisibility, Organization, OrganizationId};

use crate::schema::organizations as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Page, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    name: String,
    logo_url: Option<String>,
    privacy_url: Option<String>,
    reply_to: Option<String>,
    link_key: String,
    signing_secret: String,
    created_at: At,
    note_visibility: String,
}

/// An organization with what storage keeps beside it.
#[derive(Debug, Clone)]
pub struct OrganizationRecord {
    /// The organization.
    pub organization: Organization,
    /// The key of its candidate links, encrypted.
    pub link_key: String,
    /// What signs launch links, encrypted.
    pub signing_secret: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl From<Row> for OrganizationRecord {
    fn from(row: Row) -> Self {
        Self {
            organization: Organization {
                id: row.id.to(),
                name: row.name,
                logo_url: row.logo_url,
                privacy_url: row.privacy_url,
                reply_to: row.reply_to,
                // One of a later release is as strict as the strictest.
                note_visibility: NoteVisibility::parse(&row.note_visibility)
                    .unwrap_or(NoteVisibility::AdminOnly),
            },
            link_key: row.link_key,
            signing_secret: row.signing_secret,
            created_at: row.created_at.moment(),
        }
    }
}

/// Stores a new organization.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, record: &OrganizationRecord) -> Result<()> {
    let organization = record.organization.clone();
    let row = Row {
        id: id(organization.id),
        name: organization.name,
        logo_url: organization.logo_url,
        privacy_url: organization.privacy_url,
        reply_to: organization.reply_to,
        link_key: record.link_key.clone(),
        signing_secret: record.signing_secret.clone(),
        created_at: at(record.created_at),
        note_visibility: organization.note_visibility.as_str().to_owned(),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// One organization.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<OrganizationRecord>> {
    let row: Option<Row> = t::table
        .find(id(organization))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Those of `wanted` that are there.
///
/// # Errors
/// Those of the database.
pub fn among(
    conn: &mut AnyConnection,
    wanted: &[OrganizationId],
) -> Result<Vec<OrganizationRecord>> {
    let ids: Vec<Id> = wanted
        .iter()
        .map(|organization| id(*organization))
        .collect();
    let rows: Vec<Row> = t::table
        .filter(t::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One page of all organizations: for operators.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut AnyConnection, page: Page) -> Result<Vec<OrganizationRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Replaces what people may change of an organization; answers whether it is there.
///
/// # Errors
/// Those of the database.
pub fn update(conn: &mut AnyConnection, organization: &Organization) -> Result<bool> {
    let changed = diesel::update(t::table.find(id(organization.id)))
        .set((
            t::name.eq(&organization.name),
            t::logo_url.eq(&organization.logo_url),
            t::privacy_url.eq(&organization.privacy_url),
            t::reply_to.eq(&organization.reply_to),
            t::note_visibility.eq(organization.note_visibility.as_str()),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Replaces what signs an organization's launch links (encrypted); answers whether it is there.
///
/// # Errors
/// Those of the database.
pub fn set_signing_secret(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    signing_secret: &str,
) -> Result<bool> {
    let changed = diesel::update(t::table.find(id(organization)))
        .set(t::signing_secret.eq(signing_secret))
        .execute(conn)?;
    Ok(changed == 1)
}
