//! Jobs that wait under a name for what they need: a key, or the end of a throttle.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use super::ClaimedJob;
use super::order::hold_head;
use super::settle::{Standing, end, finish, is_asked_again};
use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

/// So many are woken in one unit of work.
const SLICE: i64 = 100;

literal!(
    /// Waits under a name.
    IsParked,
    "state = 'parked'"
);

type Parked = (Id, Id, Option<String>);

/// Parks a job under a name until it is woken, at the latest at `until`; those behind it go on. Spends no attempt and none of
/// its time. Where the same work was asked for again meanwhile, that one stays and this one ends. Answers false where the
/// claim was lost.
///
/// # Errors
/// Those of the database.
pub fn park(
    conn: &mut AnyConnection,
    job: &ClaimedJob,
    under: &str,
    until: DateTime<Utc>,
    why: &str,
) -> Result<bool> {
    if is_asked_again(conn, &Standing::of(job))? {
        return finish(conn, job);
    }
    let held = t::table
        .filter(t::id.eq(id(job.id)))
        .filter(t::claim_token.eq(Id(job.claim_token)));
    let changed = diesel::update(held)
        .set((
            t::state.eq("parked"),
            t::parked_under.eq(under),
            t::attempt.eq(job.attempt - 1),
            t::run_at.eq(at(until)),
            t::first_tried_at.eq(at(job.first_tried_at + (until - job.claimed_at))),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::worker_id.eq(None::<Id>),
            t::last_error.eq(why),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    end(conn, &Standing::of(job))?;
    Ok(true)
}

/// Lets up to a slice of what an organization has parked under a name go on; answers whether there is more.
///
/// # Errors
/// Those of the database.
pub fn unpark(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    under: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let query = t::table
        .filter(IsParked)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::parked_under.eq(under))
        .order(t::id)
        .limit(SLICE)
        .select((t::id, t::organization_id, t::ordering_key));
    let parked: Vec<Parked> = match conn {
        AnyConnection::Postgres(c) => query.for_update().load(c)?,
        AnyConnection::Sqlite(c) => query.load(c)?,
    };
    let_go(conn, &parked, now)?;
    Ok(is_full(&parked))
}

/// Lets up to a slice of what has been parked for long enough go on; answers whether there was any.
///
/// # Errors
/// Those of the database.
pub fn unpark_due(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<bool> {
    let query = t::table
        .filter(IsParked)
        .filter(t::run_at.le(at(now)))
        .order(t::run_at)
        .limit(SLICE)
        .select((t::id, t::organization_id, t::ordering_key));
    let parked: Vec<Parked> = match conn {
        AnyConnection::Postgres(c) => query.for_update().skip_locked().load(c)?,
        AnyConnection::Sqlite(c) => query.load(c)?,
    };
    let_go(conn, &parked, now)?;
    Ok(!parked.is_empty())
}

/// Has any been parked for long enough?
///
/// # Errors
/// Those of the database.
pub fn parked_is_due(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<bool> {
    let first: Option<Id> = t::table
        .filter(IsParked)
        .filter(t::run_at.le(at(now)))
        .order(t::run_at)
        .select(t::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

fn is_full(parked: &[Parked]) -> bool {
    i64::try_from(parked.len()).is_ok_and(|many| many == SLICE)
}

/// Each becomes the head of its key, or goes behind the head that the key has by now.
fn let_go(conn: &mut AnyConnection, parked: &[Parked], now: DateTime<Utc>) -> Result<()> {
    for (job, organization, key) in parked {
        let head = match key {
            Some(key) => hold_head(conn, organization.to(), key)?,
            None => None,
        };
        let state = if head.is_some() { "waiting" } else { "ready" };
        diesel::update(t::table.find(*job))
            .set((
                t::state.eq(state),
                t::run_at.eq(at(now)),
                t::parked_under.eq(None::<String>),
            ))
            .execute(conn)?;
    }
    Ok(())
}
