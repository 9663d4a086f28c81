//! Claims whose worker went away without a word, and orders that lost their head.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::order::{IsBehind, hold_head, promote};
use super::settle::{Standing, end, is_asked_again};
use super::{IsClaimed, IsPending};
use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{At, Id, at};
use crate::{AnyConnection, Result};

literal!(
    /// Its worker was struck off the list of those alive.
    HasNoWorker,
    "worker_id IS NOT NULL AND worker_id NOT IN (SELECT id FROM workers)"
);
literal!(
    /// The release before gave its claims a lease and named no worker.
    IsLeased,
    "worker_id IS NULL"
);

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    dedupe_key: String,
    ordering_key: Option<String>,
    crashes: i32,
}

impl Row {
    fn standing(&self) -> Standing<'_> {
        Standing {
            organization: self.organization_id,
            kind: &self.kind,
            dedupe_key: &self.dedupe_key,
            ordering_key: self.ordering_key.as_deref(),
        }
    }
}

/// Are there claims whose worker is gone?
///
/// # Errors
/// Those of the database.
pub fn any_lost(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<bool> {
    let abandoned: i64 = t::table
        .filter(IsClaimed)
        .filter(HasNoWorker)
        .count()
        .get_result(conn)?;
    let lapsed: i64 = t::table
        .filter(IsClaimed)
        .filter(IsLeased)
        .filter(t::claimed_until.le(at(now)))
        .count()
        .get_result(conn)?;
    Ok(abandoned + lapsed > 0)
}

/// Puts back what workers had that are gone, and notes the crash; answers how many.
///
/// # Errors
/// Those of the database.
pub fn take_back_lost(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<usize> {
    macro_rules! claims {
        ($which:expr) => {
            t::table
                .filter(IsClaimed)
                .filter($which)
                .select(Row::as_select())
        };
    }
    let lapsed = IsLeased.and(t::claimed_until.le(at(now)));
    let lost: Vec<Row> = match conn {
        // What its worker is finishing at this very moment is not lost.
        AnyConnection::Postgres(c) => {
            let mut lost = claims!(HasNoWorker).for_update().skip_locked().load(c)?;
            lost.extend(claims!(lapsed).for_update().skip_locked().load(c)?);
            lost
        }
        AnyConnection::Sqlite(c) => {
            let mut lost = claims!(HasNoWorker).load(c)?;
            lost.extend(claims!(lapsed).load(c)?);
            lost
        }
    };
    take_back(conn, &lost, now)
}

/// Puts back every claim: for the one process on SQLite at its start, when whoever held them is gone.
///
/// # Errors
/// Those of the database.
pub fn take_back_all(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<usize> {
    let claimed: Vec<Row> = t::table
        .filter(IsClaimed)
        .select(Row::as_select())
        .load(conn)?;
    take_back(conn, &claimed, now)
}

/// Puts back what was claimed under `claim_token`: the answer to that claim never came, so nobody works on it. The attempt is
/// not counted, nor is it a crash. Answers how many.
///
/// # Errors
/// Those of the database.
pub fn disclaim(conn: &mut AnyConnection, claim_token: Uuid, now: DateTime<Utc>) -> Result<usize> {
    let unheard: Vec<Row> = t::table
        .filter(IsClaimed)
        .filter(t::claim_token.eq(Id(claim_token)))
        .select(Row::as_select())
        .load(conn)?;
    for row in &unheard {
        if is_asked_again(conn, &row.standing())? {
            diesel::delete(t::table.find(row.id)).execute(conn)?;
            end(conn, &row.standing())?;
        } else {
            diesel::update(t::table.find(row.id))
                .set((
                    t::state.eq("ready"),
                    t::run_at.eq(at(now)),
                    t::attempt.eq(t::attempt - 1),
                    t::claim_token.eq(None::<Id>),
                    t::claimed_until.eq(None::<At>),
                    t::worker_id.eq(None::<Id>),
                ))
                .execute(conn)?;
        }
    }
    Ok(unheard.len())
}

fn take_back(conn: &mut AnyConnection, lost: &[Row], now: DateTime<Utc>) -> Result<usize> {
    for row in lost {
        if is_asked_again(conn, &row.standing())? {
            blame_twin(conn, row)?;
            diesel::delete(t::table.find(row.id)).execute(conn)?;
            end(conn, &row.standing())?;
        } else {
            put_back(conn, row, now)?;
        }
    }
    Ok(lost.len())
}

fn put_back(conn: &mut AnyConnection, row: &Row, now: DateTime<Utc>) -> Result<()> {
    diesel::update(t::table.find(row.id))
        .set((
            t::state.eq("ready"),
            t::run_at.eq(at(now)),
            t::crashes.eq(row.crashes + 1),
            t::claim_token.eq(None::<Id>),
            t::claimed_until.eq(None::<At>),
            t::worker_id.eq(None::<Id>),
            t::last_error.eq("its worker went away"),
        ))
        .execute(conn)?;
    Ok(())
}

/// The same work, asked for again meanwhile, takes over; and what is known of it.
fn blame_twin(conn: &mut AnyConnection, row: &Row) -> Result<()> {
    let twin = t::table
        .filter(IsPending)
        .filter(t::organization_id.eq(row.organization_id))
        .filter(t::kind.eq(&row.kind))
        .filter(t::dedupe_key.eq(&row.dedupe_key));
    // One that was tried is no fresh one: only then is it looked for among the suspects.
    diesel::update(twin)
        .set((t::crashes.eq(row.crashes + 1), t::attempt.eq(1)))
        .execute(conn)?;
    Ok(())
}

/// Gives orders that lost their head a new one: a worker of the release before ends a head without a look at what waits behind
/// it. Looks at up to `most` that wait, after the one that `after` names; answers the last it looked at, none at the end.
///
/// # Errors
/// Those of the database.
pub fn mend_orders(
    conn: &mut AnyConnection,
    after: Option<Uuid>,
    most: i64,
) -> Result<Option<Uuid>> {
    let start = Id(after.unwrap_or(Uuid::nil()));
    let behind: Vec<(Id, Id, Option<String>)> = t::table
        .filter(IsBehind)
        .filter(t::id.gt(start))
        .order(t::id)
        .limit(most)
        .select((t::id, t::organization_id, t::ordering_key))
        .load(conn)?;
    for (_, organization, key) in &behind {
        let Some(key) = key else { continue };
        if hold_head(conn, organization.to(), key)?.is_none() {
            promote(conn, organization.to(), key)?;
        }
    }
    let full = i64::try_from(behind.len()).is_ok_and(|many| many == most);
    Ok(behind.last().filter(|_| full).map(|(last, ..)| last.0))
}
