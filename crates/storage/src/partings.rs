//! Accounts that a connection has left for another one, with the tokens to remove there what was ours.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionId, ConnectionKind, GrantId, OrganizationId};

use crate::schema::partings as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    connection_id: Id,
    kind: String,
    account_id: Option<String>,
    tokens: String,
    access_ends_at: At,
    begun_at: At,
}

/// An account that is being left.
#[derive(Debug, Clone)]
pub struct PartingRecord {
    /// The id of the grant that was used there.
    pub id: GrantId,
    /// Whose.
    pub organization: OrganizationId,
    /// Which connection.
    pub connection: ConnectionId,
    /// To which ATS.
    pub kind: ConnectionKind,
    /// The account, where it was told.
    pub account_id: Option<String>,
    /// Access and refresh token, encrypted together.
    pub tokens: String,
    /// When the first of them is over.
    pub access_ends_at: DateTime<Utc>,
    /// Since when it is being left.
    pub begun_at: DateTime<Utc>,
}

impl TryFrom<Row> for PartingRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            connection: row.connection_id.to(),
            kind: named(ConnectionKind::parse(&row.kind), "partings", "kind")?,
            account_id: row.account_id,
            tokens: row.tokens,
            access_ends_at: row.access_ends_at.moment(),
            begun_at: row.begun_at.moment(),
        })
    }
}

/// Keeps that an account is to be left.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, parting: &PartingRecord) -> Result<()> {
    let row = Row {
        organization_id: id(parting.organization),
        id: id(parting.id),
        connection_id: id(parting.connection),
        kind: parting.kind.as_str().to_owned(),
        account_id: parting.account_id.clone(),
        tokens: parting.tokens.clone(),
        access_ends_at: at(parting.access_ends_at),
        begun_at: at(parting.begun_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// One account that is to be left, unless that is done.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
) -> Result<Option<PartingRecord>> {
    let row: Option<Row> = t::table
        .find((id(organization), id(grant)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// The accounts that a connection is still to leave.
///
/// # Errors
/// Those of the database.
pub fn of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<Vec<PartingRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Keeps the tokens that follow those of before.
///
/// # Errors
/// Those of the database.
pub fn renew(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    tokens: &str,
    access_ends_at: DateTime<Utc>,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(grant))))
        .set((
            t::tokens.eq(tokens),
            t::access_ends_at.eq(at(access_ends_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets an account that was left, with its tokens; answers whether it was still to be left.
///
/// # Errors
/// Those of the database.
pub fn forget(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
) -> Result<bool> {
    let gone = diesel::delete(t::table.find((id(organization), id(grant)))).execute(conn)?;
    Ok(gone == 1)
}
