//! Far sides that fail: how often in a row, and until when each is left alone. All workers share what is known here.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Circuit, Open, OrganizationId};

use crate::connection::native;
use crate::literal::literal;
use crate::schema::circuits as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

literal!(IsOpen, "open_until IS NOT NULL");

/// What is known of a far side that has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// How it stands.
    pub circuit: Circuit,
    /// How the last failure read, for people.
    pub why: String,
}

/// One that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCircuit {
    /// Whose.
    pub organization: OrganizationId,
    /// The connection's kind.
    pub name: String,
    /// Until when nothing is sent there.
    pub until: DateTime<Utc>,
    /// How the last failure read, for people.
    pub why: String,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = t, treat_none_as_null = true)]
struct Row {
    failures: i64,
    open_until: Option<At>,
    wait: i64,
    trial: bool,
    why: String,
}

impl From<Row> for Failing {
    fn from(row: Row) -> Self {
        let open = row.open_until.map(|until| Open {
            until: until.moment(),
            wait: TimeDelta::microseconds(row.wait),
            trial: row.trial,
        });
        Self {
            circuit: Circuit {
                failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
                open,
            },
            why: row.why,
        }
    }
}

impl From<&Failing> for Row {
    fn from(failing: &Failing) -> Self {
        let open = failing.circuit.open;
        let wait = open.map_or(TimeDelta::zero(), |open| open.wait);
        Self {
            failures: failing.circuit.failures.into(),
            open_until: open.map(|open| at(open.until)),
            wait: wait.num_microseconds().unwrap_or(i64::MAX),
            trial: open.is_some_and(|open| open.trial),
            why: failing.why.clone(),
        }
    }
}

/// What is known of an organization's connection; none where it has not failed lately.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<Failing>> {
    let found: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    Ok(found.map(Failing::from))
}

/// The same, and nobody else changes it until this transaction ends.
///
/// # Errors
/// Those of the database.
pub fn hold(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<Failing>> {
    macro_rules! there {
        () => {
            t::table
                .filter(t::organization_id.eq(id(organization)))
                .filter(t::name.eq(name))
                .select(Row::as_select())
        };
    }
    let found: Option<Row> = match conn {
        AnyConnection::Postgres(c) => there!().for_update().get_result(c).optional()?,
        AnyConnection::Sqlite(c) => there!().get_result(c).optional()?,
    };
    Ok(found.map(Failing::from))
}

/// Keeps what is known now.
///
/// # Errors
/// Those of the database.
pub fn keep(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    name: &str,
    failing: &Failing,
) -> Result<()> {
    let key = (t::organization_id.eq(id(organization)), t::name.eq(name));
    native!(conn, c => diesel::insert_into(t::table)
        .values((key, Row::from(failing)))
        .on_conflict((t::organization_id, t::name))
        .do_update()
        .set(Row::from(failing))
        .execute(c))?;
    Ok(())
}

/// It answers: what it did before counts no more.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut AnyConnection, organization: OrganizationId, name: &str) -> Result<()> {
    let there = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::name.eq(name));
    diesel::delete(there).execute(conn)?;
    Ok(())
}

/// How many are open, of all organizations: for metrics.
///
/// # Errors
/// Those of the database.
pub fn count_open(conn: &mut AnyConnection) -> Result<i64> {
    Ok(t::table.filter(IsOpen).count().get_result(conn)?)
}

/// Up to `most` that are open, of all organizations: for operators.
///
/// # Errors
/// Those of the database.
pub fn all_open(conn: &mut AnyConnection, most: i64) -> Result<Vec<OpenCircuit>> {
    let rows: Vec<(Id, String, Option<At>, String)> = t::table
        .filter(IsOpen)
        .order((t::organization_id, t::name))
        .limit(most)
        .select((t::organization_id, t::name, t::open_until, t::why))
        .load(conn)?;
    let open = |(organization, name, until, why): (Id, String, Option<At>, String)| {
        let until = until?.moment();
        Some(OpenCircuit {
            organization: organization.to(),
            name,
            until,
            why,
        })
    };
    Ok(rows.into_iter().filter_map(open).collect())
}
