//! How work comes into the queue.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::order::{hold_head, place_behind};
use super::{IsPending, NewJob};
use crate::arrays::insert_by_arrays;
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Error, Result};

/// How often a job's place is looked for anew because others take and leave theirs at the same moment.
const TRIES: usize = 16;

/// Queues work; what waits already under the same key stays as it is.
///
/// One statement, where nothing of it waits already and nothing is before it in its order. Otherwise one more for each that
/// has to find its place: behind others, or in the job that waits for it already. On PostgreSQL such a job is locked until
/// the caller's change is committed, so that no worker can run it before, see the old state, and leave the change unseen.
///
/// # Errors
/// Those of the database.
pub fn enqueue(conn: &mut AnyConnection, jobs: &[NewJob], now: DateTime<Utc>) -> Result<()> {
    let ordered = in_one_order(jobs);
    if ordered.is_empty() {
        return Ok(());
    }
    let rows = ordered
        .iter()
        .map(|job| row(job, "ready", 0, now))
        .collect();
    if insert(conn, rows)? == ordered.len() {
        return Ok(());
    }
    let there = among(conn, &ordered)?;
    for job in ordered
        .into_iter()
        .filter(|job| !there.contains(&id(job.id)))
    {
        find_place(conn, job, now)?;
    }
    Ok(())
}

/// Each key once, and always in the same order, so that two transactions which queue the same keys cannot wait for each other.
fn in_one_order(jobs: &[NewJob]) -> Vec<&NewJob> {
    let mut known = HashSet::new();
    let mut ordered: Vec<_> = jobs
        .iter()
        .filter(|job| known.insert((job.organization, job.kind, &job.dedupe_key)))
        .collect();
    // Stable: under one ordering key they stay as the caller has them.
    ordered.sort_by_key(|job| {
        let alone = job
            .ordering_key
            .is_none()
            .then_some((job.kind, &job.dedupe_key));
        (job.organization, &job.ordering_key, alone)
    });
    ordered
}

#[derive(Insertable)]
#[diesel(table_name = t, treat_none_as_default_value = false)]
struct Row<'a> {
    id: Id,
    organization_id: Id,
    kind: &'static str,
    dedupe_key: &'a str,
    ordering_key: Option<&'a str>,
    seq: i64,
    strict: bool,
    payload: &'a str,
    state: &'static str,
    attempt: i32,
    run_at: At,
    traceparent: Option<&'a str>,
    created_at: At,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        id,
        organization_id,
        kind,
        dedupe_key,
        ordering_key,
        seq,
        strict,
        payload,
        state,
        attempt,
        run_at,
        traceparent,
        created_at,
    },
    "INSERT INTO jobs",
    "ON CONFLICT DO NOTHING"
);

fn row<'a>(job: &'a NewJob, state: &'static str, seq: i64, now: DateTime<Utc>) -> Row<'a> {
    Row {
        id: id(job.id),
        organization_id: id(job.organization),
        kind: job.kind,
        dedupe_key: &job.dedupe_key,
        ordering_key: job.ordering_key.as_deref(),
        seq,
        strict: job.strict,
        payload: &job.payload,
        state,
        attempt: 0,
        run_at: at(job.run_at),
        traceparent: job.traceparent.as_deref(),
        created_at: at(now),
    }
}

/// Stores what nothing stands against; answers how many.
fn insert(conn: &mut AnyConnection, rows: Vec<Row<'_>>) -> Result<usize> {
    match conn {
        AnyConnection::Postgres(c) => Ok(InsertRows::of(&rows).execute(c)?),
        AnyConnection::Sqlite(c) => {
            let mut stored = 0;
            for row in rows {
                stored += diesel::insert_into(t::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(c)?;
            }
            Ok(stored)
        }
    }
}

fn among(conn: &mut AnyConnection, jobs: &[&NewJob]) -> Result<HashSet<Id>> {
    let ids: Vec<_> = jobs.iter().map(|job| id(job.id)).collect();
    let there: Vec<Id> = t::table
        .filter(t::id.eq_any(ids))
        .select(t::id)
        .load(conn)?;
    Ok(there.into_iter().collect())
}

fn find_place(conn: &mut AnyConnection, job: &NewJob, now: DateTime<Utc>) -> Result<()> {
    for _ in 0..TRIES {
        if hold_twin(conn, job)? {
            return Ok(());
        }
        let row = match place(conn, job)? {
            Some(seq) => row(job, "waiting", seq, now),
            None => row(job, "ready", 0, now),
        };
        if insert(conn, vec![row])? == 1 {
            return Ok(());
        }
    }
    Err(Error::Stale)
}

/// The job's place behind the head of its key; none where there is no head.
fn place(conn: &mut AnyConnection, job: &NewJob) -> Result<Option<i64>> {
    let Some(key) = &job.ordering_key else {
        return Ok(None);
    };
    let head = hold_head(conn, job.organization, key)?;
    head.map(|head| place_behind(conn, job.organization, key, head))
        .transpose()
}

/// Does the same work wait already? Then it is locked.
fn hold_twin(conn: &mut AnyConnection, job: &NewJob) -> Result<bool> {
    let twin = t::table
        .filter(IsPending)
        .filter(t::organization_id.eq(id(job.organization)))
        .filter(t::kind.eq(job.kind))
        .filter(t::dedupe_key.eq(&job.dedupe_key))
        .select(t::id);
    let found: Option<Id> = match conn {
        AnyConnection::Postgres(c) => twin.for_update().get_result(c).optional()?,
        // Nobody else can claim before this transaction ends.
        AnyConnection::Sqlite(c) => twin.get_result(c).optional()?,
    };
    Ok(found.is_some())
}
