//! How the queue stands.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{IsAgain, IsFresh, IsSuspect};
use crate::schema::jobs as t;
use crate::value::At;
use crate::{AnyConnection, Result};

const STATES: [&str; 5] = ["ready", "waiting", "parked", "claimed", "dead"];

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

/// How many jobs are in each state: for metrics. Each number comes from its own partial index.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    STATES
        .into_iter()
        .map(|state| {
            let those = t::table.filter(sql::<Bool>(&format!("state = '{state}'")));
            Ok((state.to_owned(), those.count().get_result(conn)?))
        })
        .collect()
}
