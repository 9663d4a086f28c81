//! The queue: work that a committed change calls for, claimed with a token and finished by that token.
//!
//! A job is `ready`, `claimed` or `dead`; one that is done is gone. Work still to be done is there once per
//! organization, kind and dedupe key; work that is being done may be asked for again meanwhile, since what it reads may
//! have changed under it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{JobId, OrganizationId};
use uuid::Uuid;

use crate::connection::native;
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Page, Result};

/// How long a claim holds without being given back: longer than an attempt may take.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Work to be queued.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: &'static str,
    /// Two with the same key are one, while they wait.
    pub dedupe_key: String,
    /// What the handler reads: ids, not copies.
    pub payload: String,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
}

/// A job as a worker holds it.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: String,
    /// What the handler reads.
    pub payload: String,
    /// The how-manieth try this is, from 1. Raised at the claim, so that a job that kills its worker uses them up too.
    pub attempt: i32,
    /// When it was first tried.
    pub first_tried_at: DateTime<Utc>,
    /// What every later write has to name.
    pub claim_token: Uuid,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    payload: String,
    attempt: i32,
    first_tried_at: Option<At>,
    traceparent: Option<String>,
}

/// Queues work; what is waiting already stays as it is.
///
/// # Errors
/// Those of the database.
pub fn enqueue(conn: &mut AnyConnection, jobs: &[NewJob], now: DateTime<Utc>) -> Result<()> {
    let rows: Vec<_> = jobs
        .iter()
        .map(|job| {
            (
                t::id.eq(id(job.id)),
                t::organization_id.eq(id(job.organization)),
                t::kind.eq(job.kind),
                t::dedupe_key.eq(job.dedupe_key.clone()),
                t::payload.eq(job.payload.clone()),
                t::state.eq("ready"),
                t::attempt.eq(0),
                t::run_at.eq(at(job.run_at)),
                t::traceparent.eq(job.traceparent.clone()),
                t::created_at.eq(at(now)),
            )
        })
        .collect();
    native!(conn, c => diesel::insert_into(t::table).values(rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
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
    let ids = claimable(conn, now, most)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    diesel::update(t::table.filter(t::id.eq_any(&ids)))
        .set((
            t::state.eq("claimed"),
            t::attempt.eq(t::attempt + 1),
            t::claim_token.eq(Id(claim_token)),
            t::claimed_until.eq(at(now + LEASE)),
        ))
        .execute(conn)?;
    diesel::update(
        t::table
            .filter(t::id.eq_any(&ids))
            .filter(t::first_tried_at.is_null()),
    )
    .set(t::first_tried_at.eq(at(now)))
    .execute(conn)?;
    let rows: Vec<Row> = t::table
        .filter(t::id.eq_any(&ids))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| claimed(row, now, claim_token))
        .collect())
}

fn claimed(row: Row, now: DateTime<Utc>, claim_token: Uuid) -> ClaimedJob {
    ClaimedJob {
        id: row.id.to(),
        organization: row.organization_id.to(),
        kind: row.kind,
        payload: row.payload,
        attempt: row.attempt,
        first_tried_at: row.first_tried_at.map_or(now, At::moment),
        claim_token,
        traceparent: row.traceparent,
    }
}

/// The ids to claim. The predicates on `state` are literals: a bound one hides the partial index.
fn claimable(conn: &mut AnyConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<Id>> {
    use diesel::dsl::sql;
    use diesel::sql_types::Bool;
    let lapsed = t::table
        .filter(sql::<Bool>("state = 'claimed'"))
        .filter(t::claimed_until.le(at(now)))
        .order(t::claimed_until)
        .limit(most)
        .select(t::id);
    let ready = t::table
        .filter(sql::<Bool>("state = 'ready'"))
        .filter(t::run_at.le(at(now)))
        .order((t::run_at, t::id))
        .limit(most)
        .select(t::id);
    let mut ids: Vec<Id> = match conn {
        AnyConnection::Postgres(c) => lapsed.for_update().skip_locked().load(c)?,
        AnyConnection::Sqlite(c) => lapsed.load(c)?,
    };
    let more: Vec<Id> = match conn {
        AnyConnection::Postgres(c) => ready.for_update().skip_locked().load(c)?,
        // SQLite's write transaction is exclusive: nobody else can claim the same.
        AnyConnection::Sqlite(c) => ready.load(c)?,
    };
    ids.extend(more);
    ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(ids)
}

/// Ends a job that is done. Answers false where the claim was lost.
///
/// # Errors
/// Those of the database.
pub fn finish(conn: &mut AnyConnection, job: &ClaimedJob) -> Result<bool> {
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    Ok(diesel::delete(held).execute(conn)? == 1)
}

/// Puts a job back until `run_at`; with `spent` false the attempt does not count. Where the same work was asked for again
/// meanwhile, that one stays and this one ends. Answers false where the claim was lost.
///
/// # Errors
/// Those of the database.
pub fn put_back(
    conn: &mut AnyConnection,
    job: &ClaimedJob,
    run_at: DateTime<Utc>,
    spent: bool,
    error: Option<&str>,
) -> Result<bool> {
    if asked_again(conn, job)? {
        return finish(conn, job);
    }
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    let changed = diesel::update(held)
        .set((
            t::state.eq("ready"),
            t::attempt.eq(job.attempt - i32::from(!spent)),
            t::run_at.eq(at(run_at)),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::last_error.eq(error),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

fn asked_again(conn: &mut AnyConnection, job: &ClaimedJob) -> Result<bool> {
    let key: Option<String> = t::table
        .find(id(job.id))
        .select(t::dedupe_key)
        .first(conn)
        .optional()?;
    let Some(key) = key else { return Ok(false) };
    let twins: i64 = t::table
        .filter(t::organization_id.eq(id(job.organization)))
        .filter(t::kind.eq(&job.kind))
        .filter(t::dedupe_key.eq(key))
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "state = 'ready'",
        ))
        .count()
        .get_result(conn)?;
    Ok(twins > 0)
}

/// Gives a job up and keeps it with the reason. Answers false where the claim was lost.
///
/// # Errors
/// Those of the database.
pub fn bury(conn: &mut AnyConnection, job: &ClaimedJob, reason: &str) -> Result<bool> {
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    let changed = diesel::update(held)
        .set((
            t::state.eq("dead"),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::last_error.eq(reason),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Lets waiting work of one kind and key run now: what it waited for has come.
///
/// # Errors
/// Those of the database.
pub fn wake(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: &str,
    dedupe_key: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::kind.eq(kind))
            .filter(t::dedupe_key.eq(dedupe_key))
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
                "state = 'ready'",
            )),
    )
    .set(t::run_at.eq(at(now)))
    .execute(conn)?;
    Ok(())
}

/// When the next waiting job is due.
///
/// # Errors
/// Those of the database.
pub fn next_due(conn: &mut AnyConnection) -> Result<Option<DateTime<Utc>>> {
    let next: Option<At> = t::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "state = 'ready'",
        ))
        .order((t::run_at, t::id))
        .select(t::run_at)
        .first(conn)
        .optional()?;
    Ok(next.map(At::moment))
}

/// Gives every claim back: for the one process on SQLite at its start, when whoever held them is gone.
///
/// # Errors
/// Those of the database.
pub fn take_back_claims(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<usize> {
    let claimed = diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'claimed'");
    Ok(diesel::update(t::table.filter(claimed))
        .set(t::claimed_until.eq(at(now)))
        .execute(conn)?)
}

/// A job that was given up.
#[derive(Debug, Clone)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: String,
    /// Why it was given up.
    pub reason: Option<String>,
}

/// One page of the jobs that were given up, newest first: for operators.
///
/// # Errors
/// Those of the database.
pub fn dead(conn: &mut AnyConnection, page: Page) -> Result<Vec<DeadJob>> {
    let rows: Vec<(Id, Id, String, Option<String>)> = t::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "state = 'dead'",
        ))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select((t::id, t::organization_id, t::kind, t::last_error))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(job, organization, kind, reason)| DeadJob {
            id: job.to(),
            organization: organization.to(),
            kind,
            reason,
        })
        .collect())
}

/// How many jobs are ready, claimed and dead: for metrics.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    Ok(t::table
        .group_by(t::state)
        .select((t::state, diesel::dsl::count_star()))
        .load(conn)?)
}
