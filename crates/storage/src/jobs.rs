//! The queue: work that a committed change calls for, claimed with a token and finished by that token.
//!
//! A job is `ready`, `claimed` or `dead`; one that is done is gone. Work still to be done is there once per
//! organization, kind and dedupe key; work that is being done may be asked for again meanwhile, since what it reads may
//! have changed under it. That second job waits until the first is over: one key is never worked on twice at a time.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::upsert::excluded;
use domain::{JobId, OrganizationId};
use uuid::Uuid;

use crate::connection::native;
use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Page, Result};

/// How long a claim holds without being given back: longer than an attempt may take.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);

/// What `last_error` says of a job whose workers went away without a word, once, twice and three times in a row. Any word
/// of a worker replaces it, so that the count starts anew.
const CRASHED: [&str; 3] = ["crashed once", "crashed twice", "crashed three times"];

literal!(IsReady, "state = 'ready'");
literal!(IsClaimed, "state = 'claimed'");
literal!(
    /// NOT IN, for NOT EXISTS becomes a join that may read and sort the whole queue before it finds the first.
    HasNoClaimedTwin,
    "(organization_id, kind, dedupe_key) NOT IN (SELECT twin.organization_id, twin.kind, twin.dedupe_key \
     FROM jobs AS twin WHERE twin.state = 'claimed')"
);

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
    /// When it was first tried; waits that spent no attempt are not counted, they move it on.
    pub first_tried_at: DateTime<Utc>,
    /// When this claim was made.
    pub claimed_at: DateTime<Utc>,
    /// How many workers went away over it in a row, just before this claim: 0 to 3.
    pub crashes: usize,
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
    last_error: Option<String>,
    traceparent: Option<String>,
}

impl NewJob {
    fn key(&self) -> (OrganizationId, &str, &str) {
        (self.organization, self.kind, &self.dedupe_key)
    }
}

/// Queues work; what waits already under the same key stays as it is.
///
/// On PostgreSQL the waiting twin is written to all the same: that keeps its row locked until the caller's change is
/// committed, so that no worker can run it before, see the old state, and leave the change unseen.
///
/// # Errors
/// Those of the database.
pub fn enqueue(conn: &mut AnyConnection, jobs: &[NewJob], now: DateTime<Utc>) -> Result<()> {
    let rows: Vec<_> = in_one_order(jobs)
        .into_iter()
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
    if rows.is_empty() {
        return Ok(());
    }
    let insert = diesel::insert_into(t::table).values(rows);
    match conn {
        AnyConnection::Postgres(c) => insert
            .on_conflict((t::organization_id, t::kind, t::dedupe_key))
            .filter_target(sql::<Bool>("state = 'ready'"))
            .do_update()
            .set(t::dedupe_key.eq(excluded(t::dedupe_key)))
            .execute(c)?,
        // Nobody else can claim before this transaction ends.
        AnyConnection::Sqlite(c) => insert.on_conflict_do_nothing().execute(c)?,
    };
    Ok(())
}

/// Each key once, and always in the same order, so that two transactions which queue the same keys cannot wait for each other.
fn in_one_order(jobs: &[NewJob]) -> Vec<&NewJob> {
    let mut ordered: Vec<_> = jobs.iter().collect();
    ordered.sort_by(|one, other| one.key().cmp(&other.key()));
    ordered.dedup_by(|one, other| one.key() == other.key());
    ordered
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
    ids.extend(due(conn, now, most - found)?);
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

/// Waiting jobs that are due and whose key nobody works on. The predicates on `state` are literals: a bound one hides the
/// partial index.
fn due(conn: &mut AnyConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<Id>> {
    let query = t::table
        .filter(IsReady)
        .filter(t::run_at.le(at(now)))
        .filter(HasNoClaimedTwin)
        .order((t::run_at, t::id))
        .limit(most)
        .select(t::id);
    match conn {
        AnyConnection::Postgres(c) => Ok(query.for_update().skip_locked().load(c)?),
        AnyConnection::Sqlite(c) => Ok(query.load(c)?),
    }
}

fn note_crashes(conn: &mut AnyConnection, lapsed: &[Id]) -> Result<()> {
    if lapsed.is_empty() {
        return Ok(());
    }
    let [once, twice, thrice] = CRASHED;
    let one_more = sql::<Nullable<Text>>("CASE last_error WHEN ")
        .bind::<Text, _>(once)
        .sql(" THEN ")
        .bind::<Text, _>(twice)
        .sql(" WHEN ")
        .bind::<Text, _>(twice)
        .sql(" THEN ")
        .bind::<Text, _>(thrice)
        .sql(" ELSE ")
        .bind::<Text, _>(once)
        .sql(" END");
    diesel::update(t::table.filter(t::id.eq_any(lapsed)))
        .set(t::last_error.eq(one_more))
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
    let crashes = CRASHED
        .iter()
        .position(|text| row.last_error.as_deref() == Some(text));
    ClaimedJob {
        id: row.id.to(),
        organization: row.organization_id.to(),
        kind: row.kind,
        payload: row.payload,
        attempt: row.attempt,
        first_tried_at: row.first_tried_at.map_or(now, At::moment),
        claimed_at: now,
        crashes: crashes.map_or(0, |index| index + 1),
        claim_token,
        traceparent: row.traceparent,
    }
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

/// Puts a job back until `run_at`. With `spent` false the attempt does not count, nor does the time from its claim to
/// `run_at` (the job's first try moves on by as much). Without an `error` the last one stays. Where the same work was asked for again
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
    let uncounted = if spent {
        TimeDelta::zero()
    } else {
        run_at - job.claimed_at
    };
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    let changed = diesel::update(held)
        .set((
            t::state.eq("ready"),
            t::attempt.eq(job.attempt - i32::from(!spent)),
            t::run_at.eq(at(run_at)),
            t::first_tried_at.eq(at(job.first_tried_at + uncounted)),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            error.map(|error| t::last_error.eq(error)),
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
        .filter(sql::<Bool>("state = 'ready'"))
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

/// Lets waiting work of one kind and key run now: what it waited for has come. Work that is being done at this moment is
/// not touched, though it may have read the old state: [`enqueue`] it again first.
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
            .filter(sql::<Bool>("state = 'ready'")),
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
        .filter(sql::<Bool>("state = 'ready'"))
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
    let claimed = sql::<Bool>("state = 'claimed'");
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
        .filter(sql::<Bool>("state = 'dead'"))
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

/// How many jobs are ready, claimed and dead: for metrics. Each number comes from its own partial index.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    ["ready", "claimed", "dead"]
        .into_iter()
        .map(|state| {
            let those = t::table.filter(sql::<Bool>(&format!("state = '{state}'")));
            Ok((state.to_owned(), those.count().get_result(conn)?))
        })
        .collect()
}
