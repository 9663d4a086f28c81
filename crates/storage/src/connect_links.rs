//! Links with which somebody who has no account connects an organization to ATSs, each kind once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionKind, OrganizationId};

use crate::schema::connect_links as t;
use crate::value::{At, Id, at, from_json, id, to_json};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    link_hash: Vec<u8>,
    organization_id: Id,
    kinds: String,
    made_at: At,
    ends_at: At,
}

/// One link.
#[derive(Debug, Clone)]
pub struct ConnectLinkRecord {
    /// SHA-256 of its token.
    pub hash: Vec<u8>,
    /// Whose.
    pub organization: OrganizationId,
    /// What it still connects to.
    pub kinds: Vec<ConnectionKind>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// From when on it leads nowhere.
    pub ends_at: DateTime<Utc>,
}

impl TryFrom<Row> for ConnectLinkRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            hash: row.link_hash,
            organization: row.organization_id.to(),
            kinds: from_json(&row.kinds, "connect_links", "kinds")?,
            made_at: row.made_at.moment(),
            ends_at: row.ends_at.moment(),
        })
    }
}

/// Stores a new link.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, link: &ConnectLinkRecord) -> Result<()> {
    let row = Row {
        link_hash: link.hash.clone(),
        organization_id: id(link.organization),
        kinds: to_json(&link.kinds)?,
        made_at: at(link.made_at),
        ends_at: at(link.ends_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// The link whose token has this SHA-256: all that its holder has.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut AnyConnection, hash: &[u8]) -> Result<Option<ConnectLinkRecord>> {
    let row: Option<Row> = t::table
        .filter(t::link_hash.eq(hash))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// Keeps what a link still connects to.
///
/// # Errors
/// Those of the database.
pub fn set_kinds(
    conn: &mut AnyConnection,
    link: &ConnectLinkRecord,
    kinds: &[ConnectionKind],
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(link.organization)))
        .filter(t::link_hash.eq(&link.hash));
    diesel::update(mine)
        .set(t::kinds.eq(to_json(&kinds)?))
        .execute(conn)?;
    Ok(())
}

/// Forgets links that have led nowhere since `before`.
///
/// # Errors
/// Those of the database.
pub fn forget_old(conn: &mut AnyConnection, before: DateTime<Utc>) -> Result<()> {
    diesel::delete(t::table.filter(t::ends_at.lt(at(before)))).execute(conn)?;
    Ok(())
}
