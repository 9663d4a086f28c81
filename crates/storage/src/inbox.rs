//! Deliveries of webhooks from an ATS: each is taken once, however often it comes.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionId, OrganizationId};

use crate::arrays::insert_by_arrays;
use crate::schema::inbox as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

/// So many are forgotten in one unit of work.
const SLICE: i64 = 500;

#[derive(Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    connection_id: Id,
    token_hash: Vec<u8>,
    received_at: At,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        connection_id,
        token_hash,
        received_at
    },
    "INSERT INTO inbox",
    ""
);

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeliveryKey {
    /// Whose.
    pub organization: OrganizationId,
    /// To which connection.
    pub connection: ConnectionId,
    /// SHA-256 of the token that the ATS gave it.
    pub token_hash: [u8; 32],
}

/// Those of `wanted` that were taken before.
///
/// # Errors
/// Those of the database.
pub fn known(conn: &mut AnyConnection, wanted: &[DeliveryKey]) -> Result<HashSet<DeliveryKey>> {
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let organizations: HashSet<Id> = wanted.iter().map(|it| id(it.organization)).collect();
    let connections: HashSet<Id> = wanted.iter().map(|it| id(it.connection)).collect();
    let hashes: Vec<&[u8]> = wanted.iter().map(|it| &it.token_hash[..]).collect();
    let rows: Vec<(Id, Id, Vec<u8>)> = t::table
        .filter(t::organization_id.eq_any(organizations))
        .filter(t::connection_id.eq_any(connections))
        .filter(t::token_hash.eq_any(hashes))
        .select((t::organization_id, t::connection_id, t::token_hash))
        .load(conn)?;
    let keys = rows
        .into_iter()
        .filter_map(|(organization, connection, hash)| {
            Some(DeliveryKey {
                organization: organization.to(),
                connection: connection.to(),
                token_hash: hash.try_into().ok()?,
            })
        });
    Ok(keys.collect())
}

/// Notes deliveries as taken.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) where one was taken meanwhile.
pub fn insert(
    conn: &mut AnyConnection,
    deliveries: &[DeliveryKey],
    now: DateTime<Utc>,
) -> Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<Row> = deliveries
        .iter()
        .map(|delivery| Row {
            organization_id: id(delivery.organization),
            connection_id: id(delivery.connection),
            token_hash: delivery.token_hash.to_vec(),
            received_at: at(now),
        })
        .collect();
    // Always in the same order, so that two transactions with the same deliveries cannot wait for each other.
    rows.sort_by(|one, other| one.token_hash.cmp(&other.token_hash));
    match conn {
        AnyConnection::Postgres(c) => {
            InsertRows::of(&rows).execute(c)?;
        }
        AnyConnection::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(t::table).values(row).execute(c)?;
            }
        }
    }
    Ok(())
}

/// Forgets a slice of the deliveries that came in before `before`, oldest first; answers whether there may be more.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut AnyConnection, before: DateTime<Utc>) -> Result<bool> {
    let end: Option<At> = t::table
        .filter(t::received_at.lt(at(before)))
        .order(t::received_at)
        .offset(SLICE)
        .select(t::received_at)
        .first(conn)
        .optional()?;
    let old = t::table
        .filter(t::received_at.lt(at(before)))
        .filter(t::received_at.le(end.unwrap_or(at(before))));
    diesel::delete(old).execute(conn)?;
    Ok(end.is_some())
}
