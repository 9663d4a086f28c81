//! API keys: what is kept of them, never the key itself in clear.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ApiKeyId, ApiKeyKind, ApiKeyScope, OrganizationId};

use crate::arrays::one_by_one;
use crate::literal::literal;
use crate::schema::api_keys as t;
use crate::value::{At, Id, at, from_json, id, named, to_json};
use crate::{AnyConnection, Page, Result};

literal!(
    HasBlockedPlaces,
    "EXISTS (SELECT 1 FROM places WHERE places.organization_id = api_keys.organization_id AND places.state = 'blocked')"
);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    name: String,
    scopes: String,
    public_id: String,
    secret_hash: Vec<u8>,
    encrypted_key: Option<String>,
    created_at: At,
    ends_at: Option<At>,
    last_used_at: Option<At>,
}

/// One API key.
#[derive(Debug, Clone)]
pub struct ApiKeyRecord {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose.
    pub organization: OrganizationId,
    /// Which door it opens.
    pub kind: ApiKeyKind,
    /// What people call it.
    pub name: String,
    /// What it may do behind its door.
    pub scopes: Vec<ApiKeyScope>,
    /// The part that may be shown.
    pub public_id: String,
    /// SHA-256 of the secret part.
    pub secret_hash: Vec<u8>,
    /// The whole key, encrypted: Greenhouse keys only, for the completion PATCH.
    pub encrypted_key: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was last called with.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiKeyRecord {
    /// Does it open its door at `now`?
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.ends_at.is_none_or(|end| end > now)
    }
}

impl TryFrom<Row> for ApiKeyRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            kind: named(ApiKeyKind::parse(&row.kind), "api_keys", "kind")?,
            name: row.name,
            scopes: from_json(&row.scopes, "api_keys", "scopes")?,
            public_id: row.public_id,
            secret_hash: row.secret_hash,
            encrypted_key: row.encrypted_key,
            created_at: row.created_at.moment(),
            ends_at: row.ends_at.map(At::moment),
            last_used_at: row.last_used_at.map(At::moment),
        })
    }
}

/// Stores a new key.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, key: &ApiKeyRecord) -> Result<()> {
    let row = Row {
        id: id(key.id),
        organization_id: id(key.organization),
        kind: key.kind.as_str().to_owned(),
        name: key.name.clone(),
        scopes: to_json(&key.scopes)?,
        public_id: key.public_id.clone(),
        secret_hash: key.secret_hash.clone(),
        encrypted_key: key.encrypted_key.clone(),
        created_at: at(key.created_at),
        ends_at: key.ends_at.map(at),
        last_used_at: key.last_used_at.map(at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// The keys with these public ids, each with whether write-backs of its organization are blocked. Before a key is known no
/// organization is: this is the one look-up that names none.
///
/// # Errors
/// Those of the database.
pub fn by_public_ids(
    conn: &mut AnyConnection,
    public_ids: &[&str],
) -> Result<Vec<(ApiKeyRecord, bool)>> {
    // Asked along with the key, since each of Greenhouse's calls wants to know, and a second statement would cost as much.
    let found: Vec<(Row, bool)> = match conn {
        AnyConnection::Postgres(c) => t::table
            .filter(t::public_id.eq_any(public_ids))
            .select((Row::as_select(), HasBlockedPlaces))
            .load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(public_ids, |public_id| {
            t::table
                .filter(t::public_id.eq(public_id))
                .select((Row::as_select(), HasBlockedPlaces))
                .get_result(c)
        })?,
    };
    found
        .into_iter()
        .map(|(row, blocked)| Ok((row.try_into()?, blocked)))
        .collect()
}

/// One key of an organization.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
) -> Result<Option<ApiKeyRecord>> {
    let row: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.eq(id(key)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// One page of an organization's keys, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<ApiKeyRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// An organization's keys of one kind that are active at `now`, newest first.
///
/// # Errors
/// Those of the database.
pub fn active(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ApiKeyKind,
    now: DateTime<Utc>,
) -> Result<Vec<ApiKeyRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::ends_at.is_null().or(t::ends_at.gt(at(now))))
        .order(t::id.desc())
        .limit(20)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Sets from when on a key opens nothing; an earlier end stays. Answers whether the key is there.
///
/// # Errors
/// Those of the database.
pub fn end(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
    ends_at: DateTime<Utc>,
) -> Result<bool> {
    // One statement that looks and writes: a key that somebody revokes at this moment must not live on.
    diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.eq(id(key)))
            .filter(t::ends_at.is_null().or(t::ends_at.gt(at(ends_at)))),
    )
    .set(t::ends_at.eq(at(ends_at)))
    .execute(conn)?;
    Ok(find(conn, organization, key)?.is_some())
}

/// Notes that a key was called with.
///
/// # Errors
/// Those of the database.
pub fn touch(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.eq(id(key))),
    )
    .set(t::last_used_at.eq(at(now)))
    .execute(conn)?;
    Ok(())
}
