//! The audit log: who did what. One chain for each organization, and one under the nil id for the operator's own doings.
//!
//! Entries are only ever added. Each one's hash covers the entry and the hash before it, so that none can be changed, taken
//! out or put in between without every later hash giving it away.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AuditEventId, OrganizationId};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::connection::native;
use crate::schema::{audit_chains as chains, audit_events as t};
use crate::value::{At, Id, at, from_json, id};
use crate::{AnyConnection, Page, Result};

/// The hash before the first entry of a chain.
const NOTHING: [u8; 32] = [0; 32];
/// Begins what is hashed, so that a later form can be told apart.
const FORM: &str = "baton audit 1";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    number: i64,
    id: Id,
    actor: String,
    action: String,
    object: String,
    address: Option<String>,
    request: Option<String>,
    detail: String,
    at: At,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditEventId,
    /// In whose chain; the nil id for the operator's own.
    pub organization: OrganizationId,
    /// Who did it, such as `user:0192…`.
    pub actor: String,
    /// What was done, such as `api_key.made`.
    pub action: String,
    /// To what, such as `api_key:0192…`.
    pub object: String,
    /// From which network address, where there is one.
    pub address: Option<String>,
    /// By which request, where there is one.
    pub request: Option<String>,
    /// What else there is to know; without personal data and secrets.
    pub detail: Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds an entry at the end of its organization's chain. Whoever else adds to the same chain waits for the commit: call it
/// late in a unit of work.
///
/// # Errors
/// Those of the database.
pub fn append(conn: &mut AnyConnection, record: &AuditRecord) -> Result<()> {
    let end = hold_end(conn, record.organization)?;
    let mut row = Row {
        organization_id: id(record.organization),
        number: end.number + 1,
        id: id(record.id),
        actor: record.actor.clone(),
        action: record.action.clone(),
        object: record.object.clone(),
        address: record.address.clone(),
        request: record.request.clone(),
        detail: record.detail.to_string(),
        at: at(record.at),
        previous: end.hash,
        hash: Vec::new(),
    };
    row.hash = hash(&row).to_vec();
    diesel::update(chains::table.filter(chains::organization_id.eq(row.organization_id)))
        .set((chains::number.eq(row.number), chains::hash.eq(&row.hash)))
        .execute(conn)?;
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// Locks the end of a chain, which is made where there is none yet.
fn hold_end(conn: &mut AnyConnection, organization: OrganizationId) -> Result<ChainEnd> {
    let first = (
        chains::organization_id.eq(id(organization)),
        chains::number.eq(0_i64),
        chains::hash.eq(NOTHING.to_vec()),
    );
    native!(conn, c => diesel::insert_into(chains::table).values(first).on_conflict_do_nothing().execute(c))?;
    let end = chains::table
        .filter(chains::organization_id.eq(id(organization)))
        .select((chains::number, chains::hash));
    let (number, hash) = match conn {
        AnyConnection::Postgres(c) => end.for_update().first(c)?,
        // SQLite's write transaction is exclusive.
        AnyConnection::Sqlite(c) => end.first(c)?,
    };
    Ok(ChainEnd {
        organization,
        number,
        hash,
    })
}

/// SHA-256 over the hash before and every field, each with its length, so that no two entries read the same.
fn hash(row: &Row) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut add = |bytes: Option<&[u8]>| match bytes {
        Some(bytes) => {
            hasher.update([1]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    };
    add(Some(FORM.as_bytes()));
    add(Some(&row.previous));
    add(Some(row.organization_id.0.as_bytes()));
    add(Some(&row.number.to_be_bytes()));
    add(Some(row.id.0.as_bytes()));
    add(Some(row.actor.as_bytes()));
    add(Some(row.action.as_bytes()));
    add(Some(row.object.as_bytes()));
    add(row.address.as_deref().map(str::as_bytes));
    add(row.request.as_deref().map(str::as_bytes));
    add(Some(row.detail.as_bytes()));
    add(Some(&row.at.moment().timestamp_micros().to_be_bytes()));
    hasher.finalize().into()
}

/// One page of an organization's entries, newest first; the nil id's are the operator's own.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<AuditRecord>> {
    let before: Option<i64> = match page.before {
        Some(last) => t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.eq(Id(last)))
            .select(t::number)
            .first(conn)
            .optional()?,
        None => Some(i64::MAX),
    };
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::number.lt(before.unwrap_or(0)))
        .order(t::number.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(record).collect()
}

/// Who last did `action` to `object` in an organization, such as `user:0192…`; `None` where nobody did. It looks backwards from
/// the newest entry, so it is for what happened lately.
///
/// # Errors
/// Those of the database.
pub fn last_actor(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    action: &str,
    object: &str,
) -> Result<Option<String>> {
    Ok(t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::action.eq(action))
        .filter(t::object.eq(object))
        .order(t::number.desc())
        .select(t::actor)
        .first(conn)
        .optional()?)
}

fn record(row: Row) -> Result<AuditRecord> {
    Ok(AuditRecord {
        id: row.id.to(),
        organization: row.organization_id.to(),
        actor: row.actor,
        action: row.action,
        object: row.object,
        address: row.address,
        request: row.request,
        detail: from_json(&row.detail, "audit_events", "detail")?,
        at: row.at.moment(),
    })
}

/// How far a chain goes: kept elsewhere, it shows later that nothing before it was rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEnd {
    /// Whose; the nil id for the operator's own.
    pub organization: OrganizationId,
    /// How many entries it has.
    pub number: i64,
    /// The last one's hash.
    pub hash: Vec<u8>,
}

/// The ends of all chains: for the operator.
///
/// # Errors
/// Those of the database.
pub fn ends(conn: &mut AnyConnection) -> Result<Vec<ChainEnd>> {
    let rows: Vec<(Id, i64, Vec<u8>)> = chains::table
        .order(chains::organization_id)
        .select((chains::organization_id, chains::number, chains::hash))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(organization, number, hash)| ChainEnd {
            organization: organization.to(),
            number,
            hash,
        })
        .collect())
}

/// What a look at a stretch of a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// Sound as far as this entry; there may be more.
    Sound(ChainEnd),
    /// There is nothing after the entry that was started from.
    End,
    /// The entry of this number is missing, was changed, or does not follow from the one before.
    Broken {
        /// Which.
        number: i64,
    },
}

/// Follows a chain from the entry `from` over up to `most` entries.
///
/// # Errors
/// Those of the database.
pub fn follow(conn: &mut AnyConnection, from: &ChainEnd, most: i64) -> Result<Stretch> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(from.organization)))
        .filter(t::number.gt(from.number))
        .order(t::number)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    if rows.is_empty() {
        return Ok(Stretch::End);
    }
    let mut last = from.clone();
    for row in rows {
        let follows = row.number == last.number + 1 && row.previous == last.hash;
        if !follows || row.hash != hash(&row) {
            return Ok(Stretch::Broken {
                number: last.number + 1,
            });
        }
        last.number = row.number;
        last.hash = row.hash;
    }
    Ok(Stretch::Sound(last))
}

/// The point before the first entry of an organization's chain, to [`follow`] it from.
pub fn beginning(organization: OrganizationId) -> ChainEnd {
    ChainEnd {
        organization,
        number: 0,
        hash: NOTHING.to_vec(),
    }
}
