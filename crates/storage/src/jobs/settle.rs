//! What becomes of a claimed job. Each of these names the claim's token, and answers false where the claim was lost.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::order::promote;
use super::{ClaimedJob, IsPending};
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

/// Ends a job that is done.
///
/// # Errors
/// Those of the database.
pub fn finish(conn: &mut AnyConnection, job: &ClaimedJob) -> Result<bool> {
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    if diesel::delete(held).execute(conn)? == 0 {
        return Ok(false);
    }
    promote_behind(conn, job)
}

/// Puts a job back until `run_at`; it stays the head of its ordering key. With `spent` false the attempt does not count, nor
/// does the time from its claim to `run_at` (the job's first try moves on by as much). Without an `error` the last one stays.
/// Where the same work was asked for again meanwhile, that one stays and this one ends.
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
            t::crashes.eq(0),
            t::run_at.eq(at(run_at)),
            t::first_tried_at.eq(at(job.first_tried_at + uncounted)),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::worker_id.eq(None::<Id>),
            error.map(|error| t::last_error.eq(error)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

fn asked_again(conn: &mut AnyConnection, job: &ClaimedJob) -> Result<bool> {
    let twins: i64 = t::table
        .filter(IsPending)
        .filter(t::organization_id.eq(id(job.organization)))
        .filter(t::kind.eq(&job.kind))
        .filter(t::dedupe_key.eq(&job.dedupe_key))
        .count()
        .get_result(conn)?;
    Ok(twins > 0)
}

/// Gives a job up at `now` and keeps it with the reason. Those behind it go on, unless it is strict.
///
/// # Errors
/// Those of the database.
pub fn bury(
    conn: &mut AnyConnection,
    job: &ClaimedJob,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    let changed = diesel::update(held)
        .set((
            t::state.eq("dead"),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::worker_id.eq(None::<Id>),
            t::last_error.eq(reason),
            t::died_at.eq(at(now)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    if job.strict {
        return Ok(true);
    }
    promote_behind(conn, job)
}

fn promote_behind(conn: &mut AnyConnection, job: &ClaimedJob) -> Result<bool> {
    if let Some(key) = &job.ordering_key {
        promote(conn, job.organization, key)?;
    }
    Ok(true)
}
