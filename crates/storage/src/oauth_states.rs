//! Ways back from an ATS that are open, each under the SHA-256 of its `state`. Whoever takes one ends it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionKind, GrantId, OrganizationId};

use crate::schema::oauth_states as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    state_hash: Vec<u8>,
    organization_id: Id,
    kind: String,
    purpose: String,
    session_hash: Option<Vec<u8>>,
    link_hash: Option<Vec<u8>>,
    grant_id: Option<Id>,
    ends_at: At,
}

/// One way back.
#[derive(Debug, Clone)]
pub struct StateRecord {
    /// SHA-256 of the `state`.
    pub hash: Vec<u8>,
    /// For whom.
    pub organization: OrganizationId,
    /// To which ATS.
    pub kind: ConnectionKind,
    /// What it leads to.
    pub purpose: Purpose,
    /// SHA-256 of the session's token, where it was made in the dashboard.
    pub session: Option<Vec<u8>>,
    /// SHA-256 of the connect link's token, where it was made by one.
    pub link: Option<Vec<u8>>,
    /// From when on it leads nowhere.
    pub ends_at: DateTime<Utc>,
}

/// What a way back leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new grant.
    Connect,
    /// The end of this one, which is wrong.
    Undo(GrantId),
}

impl TryFrom<Row> for StateRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let purpose = match (row.purpose.as_str(), row.grant_id) {
            ("connect", None) => Some(Purpose::Connect),
            ("undo", Some(grant)) => Some(Purpose::Undo(grant.to())),
            _ => None,
        };
        Ok(Self {
            hash: row.state_hash,
            organization: row.organization_id.to(),
            kind: named(ConnectionKind::parse(&row.kind), "oauth_states", "kind")?,
            purpose: named(purpose, "oauth_states", "purpose")?,
            session: row.session_hash,
            link: row.link_hash,
            ends_at: row.ends_at.moment(),
        })
    }
}

/// Opens a way back.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, state: &StateRecord) -> Result<()> {
    let (purpose, grant) = match state.purpose {
        Purpose::Connect => ("connect", None),
        Purpose::Undo(grant) => ("undo", Some(id(grant))),
    };
    let row = Row {
        state_hash: state.hash.clone(),
        organization_id: id(state.organization),
        kind: state.kind.as_str().to_owned(),
        purpose: purpose.to_owned(),
        session_hash: state.session.clone(),
        link_hash: state.link.clone(),
        grant_id: grant,
        ends_at: at(state.ends_at),
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// The way back under this SHA-256, which is all that comes back of it.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut AnyConnection, hash: &[u8]) -> Result<Option<StateRecord>> {
    let row: Option<Row> = t::table
        .filter(t::state_hash.eq(hash))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// Ends a way back; answers false where somebody else has.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut AnyConnection, state: &StateRecord) -> Result<bool> {
    let open = t::table
        .filter(t::organization_id.eq(id(state.organization)))
        .filter(t::state_hash.eq(&state.hash));
    Ok(diesel::delete(open).execute(conn)? == 1)
}

/// Ends all ways to connect an organization to one ATS.
///
/// # Errors
/// Those of the database.
pub fn end_all(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    let open = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::kind.eq(kind.as_str()));
    diesel::delete(open).execute(conn)?;
    Ok(())
}

/// Forgets ways back that have led nowhere since `before`.
///
/// # Errors
/// Those of the database.
pub fn forget_old(conn: &mut AnyConnection, before: DateTime<Utc>) -> Result<()> {
    diesel::delete(t::table.filter(t::ends_at.lt(at(before)))).execute(conn)?;
    Ok(())
}
