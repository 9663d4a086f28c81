//! Jobs that were given up: kept, listed, and queued again when somebody says so.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{JobId, OrganizationId};

use super::IsDead;
use super::order::{hold_head, place_behind, promote};
use super::settle::{Standing, is_asked_again};
use crate::connection::native;
use crate::schema::jobs as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Page, Result};

/// A job that was given up.
#[derive(Debug, Clone)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: String,
    /// What the handler reads: ids, not copies.
    pub payload: String,
    /// Why it was given up.
    pub reason: Option<String>,
    /// After how many attempts.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was given up; not known of those that an earlier release gave up.
    pub died_at: Option<DateTime<Utc>>,
}

/// Which of the dead.
#[derive(Debug, Clone, Default)]
pub struct DeadFilter {
    /// Only this one.
    pub id: Option<JobId>,
    /// Only of this organization.
    pub organization: Option<OrganizationId>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only with this text in the reason.
    pub reason: Option<String>,
    /// Only those given up at or after then.
    pub since: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    payload: String,
    last_error: Option<String>,
    attempt: i32,
    created_at: At,
    died_at: Option<At>,
    dedupe_key: String,
    ordering_key: Option<String>,
    strict: bool,
}

/// The dead that a filter lets through, as a statement of the connection's own kind.
macro_rules! filtered {
    ($filter:expr) => {{
        let mut query = t::table.filter(IsDead).into_boxed();
        if let Some(job) = $filter.id {
            query = query.filter(t::id.eq(id(job)));
        }
        if let Some(organization) = $filter.organization {
            query = query.filter(t::organization_id.eq(id(organization)));
        }
        if let Some(kind) = &$filter.kind {
            query = query.filter(t::kind.eq(kind));
        }
        if let Some(reason) = &$filter.reason {
            query = query.filter(t::last_error.like(containing(reason)).escape('\\'));
        }
        if let Some(since) = $filter.since {
            query = query.filter(t::died_at.ge(at(since)));
        }
        query
    }};
}

fn containing(text: &str) -> String {
    let plain = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{plain}%")
}

/// One page of the dead, newest first: for operators.
///
/// # Errors
/// Those of the database.
pub fn dead(conn: &mut AnyConnection, filter: &DeadFilter, page: Page) -> Result<Vec<DeadJob>> {
    let rows: Vec<Row> = native!(conn, c => filtered!(filter)
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(dead_job).collect())
}

/// How many dead a filter lets through.
///
/// # Errors
/// Those of the database.
pub fn count_dead(conn: &mut AnyConnection, filter: &DeadFilter) -> Result<i64> {
    Ok(native!(conn, c => filtered!(filter).count().get_result(c))?)
}

/// Queues up to `most` of the dead again, the oldest first and as if never tried, and answers them. One whose work waits
/// already under its key ends instead: the other does it. In its order each goes behind what waits; a strict one, which held
/// that up, goes before it.
///
/// # Errors
/// Those of the database.
pub fn replay(
    conn: &mut AnyConnection,
    filter: &DeadFilter,
    most: i64,
    now: DateTime<Utc>,
) -> Result<Vec<DeadJob>> {
    let rows: Vec<Row> = native!(conn, c => filtered!(filter)
        .order(t::id)
        .limit(most)
        .select(Row::as_select())
        .load(c))?;
    let mut replayed = Vec::new();
    for row in rows {
        if revive(conn, &row, now)? {
            replayed.push(dead_job(row));
        }
    }
    Ok(replayed)
}

/// Answers false where somebody else was first.
fn revive(conn: &mut AnyConnection, row: &Row, now: DateTime<Utc>) -> Result<bool> {
    let standing = Standing {
        organization: row.organization_id,
        kind: &row.kind,
        dedupe_key: &row.dedupe_key,
        ordering_key: row.ordering_key.as_deref(),
    };
    let dead = t::table.filter(IsDead).filter(t::id.eq(row.id));
    if is_asked_again(conn, &standing)? {
        let ended = diesel::delete(dead).execute(conn)? == 1;
        if let (true, true, Some(key)) = (ended, row.strict, &row.ordering_key) {
            promote(conn, row.organization_id.to(), key)?;
        }
        return Ok(ended);
    }
    let place = place(conn, row)?;
    let state = if place.is_some() { "waiting" } else { "ready" };
    let changed = diesel::update(dead)
        .set((
            t::state.eq(state),
            t::seq.eq(place.unwrap_or(0)),
            t::attempt.eq(0),
            t::crashes.eq(0),
            t::run_at.eq(at(now)),
            t::first_tried_at.eq(None::<At>),
            t::last_error.eq(None::<String>),
            t::died_at.eq(None::<At>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Its place behind the head of its key; none where there is no head, or where it is the head itself.
fn place(conn: &mut AnyConnection, row: &Row) -> Result<Option<i64>> {
    let Some(key) = row.ordering_key.as_deref().filter(|_| !row.strict) else {
        return Ok(None);
    };
    let organization = row.organization_id.to();
    let head = hold_head(conn, organization, key)?;
    head.map(|head| place_behind(conn, organization, key, head))
        .transpose()
}

fn dead_job(row: Row) -> DeadJob {
    DeadJob {
        id: row.id.to(),
        organization: row.organization_id.to(),
        kind: row.kind,
        payload: row.payload,
        reason: row.last_error,
        attempts: row.attempt,
        created_at: row.created_at.moment(),
        died_at: row.died_at.map(At::moment),
    }
}
