//! What becomes of a claimed job. Each of these names the claim's token, and answers false where the claim was lost.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use super::order::promote;
use super::{ClaimedJob, IsPending};
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

/// Where a job stands among the others.
pub(super) struct Standing<'a> {
    pub(super) organization: Id,
    pub(super) kind: &'a str,
    pub(super) dedupe_key: &'a str,
    pub(super) ordering_key: Option<&'a str>,
}

impl<'a> Standing<'a> {
    pub(super) fn of(job: &'a ClaimedJob) -> Self {
        Self {
            organization: id(job.organization),
            kind: &job.kind,
            dedupe_key: &job.dedupe_key,
            ordering_key: job.ordering_key.as_deref(),
        }
    }
}

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
    end(conn, &Standing::of(job))?;
    Ok(true)
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
    if is_asked_again(conn, &Standing::of(job))? {
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
            // A wait says nothing of what the job does to its worker.
            spent.then(|| t::crashes.eq(0)),
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

/// Does the same work wait already?
pub(super) fn is_asked_again(conn: &mut AnyConnection, job: &Standing<'_>) -> Result<bool> {
    let twin: Option<Id> = t::table
        .filter(IsPending)
        .filter(t::organization_id.eq(job.organization))
        .filter(t::kind.eq(job.kind))
        .filter(t::dedupe_key.eq(job.dedupe_key))
        .select(t::id)
        .get_result(conn)
        .optional()?;
    Ok(twin.is_some())
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
    if changed == 1 && !job.strict {
        end(conn, &Standing::of(job))?;
    }
    Ok(changed == 1)
}

/// The job is no longer the head of its ordering key: the next one is.
pub(super) fn end(conn: &mut AnyConnection, job: &Standing<'_>) -> Result<()> {
    let organization: OrganizationId = job.organization.to();
    job.ordering_key
        .map_or(Ok(()), |key| promote(conn, organization, key))
}
