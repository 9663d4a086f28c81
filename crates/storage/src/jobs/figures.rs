//! How the queue stands.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::order::IsBehind;
use super::parked::IsParked;
use super::{IsAgain, IsClaimed, IsDead, IsFresh, IsSuspect};
use crate::schema::jobs as t;
use crate::value::At;
use crate::{AnyConnection, Result};

/// When the next ready job is due.
///
/// # Errors
/// Those of the database.
pub fn next_due(conn: &mut AnyConnection) -> Result<Option<DateTime<Utc>>> {
    macro_rules! first {
        ($class:ident) => {{
            let first: Option<At> = t::table
                .filter($class)
                .order((t::run_at, t::id))
                .select(t::run_at)
                .first(conn)
                .optional()?;
            first
        }};
    }
    let firsts = [first!(IsFresh), first!(IsAgain), first!(IsSuspect)];
    Ok(firsts.into_iter().flatten().min().map(At::moment))
}

/// How many jobs are in each state: for metrics. Each number comes from its own partial indexes.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    macro_rules! count {
        ($class:ident) => {{
            let count: i64 = t::table.filter($class).count().get_result(conn)?;
            count
        }};
    }
    let ready = count!(IsFresh) + count!(IsAgain) + count!(IsSuspect);
    let counts = [
        ("ready", ready),
        ("waiting", count!(IsBehind)),
        ("parked", count!(IsParked)),
        ("claimed", count!(IsClaimed)),
        ("dead", count!(IsDead)),
    ];
    Ok(counts
        .map(|(state, count)| (state.to_owned(), count))
        .to_vec())
}
