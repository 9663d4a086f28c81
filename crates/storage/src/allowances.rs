//! How much of what an ATS allows has been used, by all processes together: one moment per allowance, up to which it is used
//! up. Each call moves it on by the time that one call may take; how far it may run ahead is the burst.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use crate::connection::native;
use crate::schema::allowances as t;
use crate::value::{At, at, id};
use crate::{AnyConnection, Result};

/// How fast calls may follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two calls, in the long run.
    pub interval: TimeDelta,
    /// How many may be made at once after a rest.
    pub burst: i32,
    /// No call is planned further ahead.
    pub ahead: TimeDelta,
}

/// What a process may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// When each of its calls may be made, earliest first; as many as were wanted, or fewer.
    pub slots: Vec<DateTime<Utc>>,
    /// When the next call after them could be made.
    pub next: DateTime<Utc>,
}

/// Takes up to `wanted` calls out of an organization's allowance `name`; nobody else is given the same ones.
///
/// # Errors
/// Those of the database.
pub fn lease(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    pace: Pace,
    wanted: usize,
    now: DateTime<Utc>,
) -> Result<Leased> {
    let mut used_up_to = lock(conn, organization, name, now)?.max(now);
    let mut slots = Vec::new();
    while slots.len() < wanted && pace.slot(used_up_to, now) <= now + pace.ahead {
        slots.push(pace.slot(used_up_to, now));
        used_up_to += pace.interval;
    }
    set(conn, organization, name, used_up_to)?;
    Ok(Leased {
        slots,
        next: pace.slot(used_up_to, now),
    })
}

/// Has nobody use an allowance before `until`, and then without a burst: the ATS said so.
///
/// # Errors
/// Those of the database.
pub fn use_up(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    pace: Pace,
    until: DateTime<Utc>,
) -> Result<()> {
    let used_up_to = until + pace.run_up();
    let before = lock(conn, organization, name, used_up_to)?;
    set(conn, organization, name, before.max(used_up_to))
}

impl Pace {
    /// How far ahead of the time an allowance may be used up while calls are still made at once.
    fn run_up(self) -> TimeDelta {
        self.interval * (self.burst - 1)
    }

    fn slot(self, used_up_to: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        (used_up_to - self.run_up()).max(now)
    }
}

/// Up to when it is used up; locked until the transaction ends.
fn lock(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    first: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let row = (
        t::organization_id.eq(id(organization)),
        t::name.eq(name),
        t::used_up_to.eq(at(first)),
    );
    let found: At = native!(conn, c => diesel::insert_into(t::table)
        .values(row)
        .on_conflict((t::organization_id, t::name))
        .do_update()
        .set(t::used_up_to.eq(t::used_up_to))
        .returning(t::used_up_to)
        .get_result(c))?;
    Ok(found.moment())
}

fn set(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    used_up_to: DateTime<Utc>,
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name));
    diesel::update(mine)
        .set(t::used_up_to.eq(at(used_up_to)))
        .execute(conn)?;
    Ok(())
}
