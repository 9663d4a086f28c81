//! How a worker comes by work.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use uuid::Uuid;

use super::{ClaimedJob, IsAgain, IsClaimed, IsFresh, IsSuspect};
use crate::connection::native;
use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{At, Id, at};
use crate::{AnyConnection, Result};

/// How long a claim holds without being given back: longer than an attempt may take.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);

literal!(
    /// NOT IN, for NOT EXISTS becomes a join that may read and sort the whole queue before it finds the first.
    HasNoClaimedTwin,
    "(organization_id, kind, dedupe_key) NOT IN (SELECT twin.organization_id, twin.kind, twin.dedupe_key \
     FROM jobs AS twin WHERE twin.state = 'claimed')"
);

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    dedupe_key: String,
    ordering_key: Option<String>,
    strict: bool,
    payload: String,
    attempt: i32,
    first_tried_at: Option<At>,
    crashes: i32,
    traceparent: Option<String>,
}

/// Ready jobs that are due and whose key nobody works on. The predicates on `state` are literals: a bound one hides the
/// partial index.
macro_rules! due {
    ($conn:expr, $class:ident, $now:expr, $most:expr) => {{
        let query = t::table
            .filter($class)
            .filter(t::run_at.le(at($now)))
            .filter(HasNoClaimedTwin)
            .order((t::run_at, t::id))
            .limit($most)
            .select(t::id);
        match $conn {
            AnyConnection::Postgres(c) => query.for_update().skip_locked().load::<Id>(c)?,
            AnyConnection::Sqlite(c) => query.load::<Id>(c)?,
        }
    }};
}

/// Claims up to `most` jobs that are due, oldest first. Claims whose lease ran out come first: their worker is gone.
///
/// # Errors
/// Those of the database.
pub fn claim(
    conn: &mut AnyConnection,
    now: DateTime<Utc>,
    most: i64,
    claim_token: Uuid,
) -> Result<Vec<ClaimedJob>> {
    let mut ids = lapsed(conn, now, most)?;
    note_crashes(conn, &ids)?;
    let found = i64::try_from(ids.len()).unwrap_or(most);
    ids.extend(due!(conn, IsFresh, now, most - found));
    let found = i64::try_from(ids.len()).unwrap_or(most);
    ids.extend(due!(conn, IsAgain, now, most - found));
    let found = i64::try_from(ids.len()).unwrap_or(most);
    ids.extend(due!(conn, IsSuspect, now, most - found));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = take(conn, &ids, now, claim_token)?;
    rows.sort_by_key(|row| row.id);
    Ok(rows
        .into_iter()
        .map(|row| claimed(row, now, claim_token))
        .collect())
}

/// Claims whose lease ran out. Rows that another worker is claiming or finishing at this moment are passed over.
fn lapsed(conn: &mut AnyConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<Id>> {
    let query = t::table
        .filter(IsClaimed)
        .filter(t::claimed_until.le(at(now)))
        .order(t::claimed_until)
        .limit(most)
        .select(t::id);
    match conn {
        AnyConnection::Postgres(c) => Ok(query.for_update().skip_locked().load(c)?),
        // SQLite's write transaction is exclusive: nobody else can claim the same.
        AnyConnection::Sqlite(c) => Ok(query.load(c)?),
    }
}

fn note_crashes(conn: &mut AnyConnection, lapsed: &[Id]) -> Result<()> {
    if lapsed.is_empty() {
        return Ok(());
    }
    diesel::update(t::table.filter(t::id.eq_any(lapsed)))
        .set(t::crashes.eq(t::crashes + 1))
        .execute(conn)?;
    Ok(())
}

fn take(
    conn: &mut AnyConnection,
    ids: &[Id],
    now: DateTime<Utc>,
    claim_token: Uuid,
) -> Result<Vec<Row>> {
    let first_tried_at = sql::<Nullable<BigInt>>("coalesce(first_tried_at, ")
        .bind::<BigInt, _>(at(now))
        .sql(")");
    let changes = (
        t::state.eq("claimed"),
        t::attempt.eq(t::attempt + 1),
        t::first_tried_at.eq(first_tried_at),
        t::claim_token.eq(Id(claim_token)),
        t::claimed_until.eq(at(now + LEASE)),
    );
    let taken = diesel::update(t::table.filter(t::id.eq_any(ids))).set(changes);
    native!(conn, c => taken.returning(Row::as_returning()).get_results(c)).map_err(Into::into)
}

fn claimed(row: Row, now: DateTime<Utc>, claim_token: Uuid) -> ClaimedJob {
    ClaimedJob {
        id: row.id.to(),
        organization: row.organization_id.to(),
        kind: row.kind,
        dedupe_key: row.dedupe_key,
        ordering_key: row.ordering_key,
        strict: row.strict,
        payload: row.payload,
        attempt: row.attempt,
        first_tried_at: row.first_tried_at.map_or(now, At::moment),
        claimed_at: now,
        crashes: row.crashes,
        claim_token,
        traceparent: row.traceparent,
    }
}

/// Gives every claim back: for the one process on SQLite at its start, when whoever held them is gone.
///
/// # Errors
/// Those of the database.
pub fn take_back_claims(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::update(t::table.filter(IsClaimed))
        .set(t::claimed_until.eq(at(now)))
        .execute(conn)?)
}
