//! What the database says of itself, and how much work lies in it: for the operator.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::connection::native;
use crate::value::At;
use crate::{AnyConnection, Result};

/// Which database it is.
#[derive(Debug, Clone)]
pub struct Engine {
    /// `PostgreSQL` or `SQLite`.
    pub name: &'static str,
    /// Such as `17.2`.
    pub version: String,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

#[derive(QueryableByName)]
struct CountedByName {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Which database it is; whether it is set up well, [`crate::examine`] says.
///
/// # Errors
/// Those of the database.
pub fn engine(conn: &mut AnyConnection) -> Result<Engine> {
    let (name, version): (_, Said) = match conn {
        AnyConnection::Postgres(c) => {
            let version = "SELECT current_setting('server_version') AS text";
            ("PostgreSQL", sql_query(version).get_result(c)?)
        }
        AnyConnection::Sqlite(c) => {
            let version = "SELECT sqlite_version() AS text";
            ("SQLite", sql_query(version).get_result(c)?)
        }
    };
    Ok(Engine {
        name,
        version: version.text,
    })
}

/// What is damaged in an SQLite file, none where it is whole: reads all of it. A server looks after its own files.
///
/// # Errors
/// Those of the database.
pub fn damage(conn: &mut AnyConnection) -> Result<Option<String>> {
    let AnyConnection::Sqlite(c) = conn else {
        return Ok(None);
    };
    let first: Said =
        sql_query("SELECT quick_check AS text FROM pragma_quick_check LIMIT 1").get_result(c)?;
    Ok(Some(first.text).filter(|said| said != "ok"))
}

/// How many jobs were given up, by kind.
///
/// # Errors
/// Those of the database.
pub fn dead_by_kind(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT kind AS name, count(*) AS number FROM jobs WHERE state = 'dead' GROUP BY kind ORDER BY kind";
    let found: Vec<CountedByName> = native!(conn, c => sql_query(sql).load(c))?;
    Ok(found
        .into_iter()
        .map(|found| (found.name, found.number))
        .collect())
}

/// How many jobs are parked, by the name under which they are.
///
/// # Errors
/// Those of the database.
pub fn parked_by_name(conn: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT coalesce(parked_under, '') AS name, count(*) AS number FROM jobs WHERE state = 'parked' \
               GROUP BY parked_under ORDER BY parked_under";
    let found: Vec<CountedByName> = native!(conn, c => sql_query(sql).load(c))?;
    Ok(found
        .into_iter()
        .map(|found| (found.name, found.number))
        .collect())
}

/// How many jobs of one kind wait.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut AnyConnection, kind: &str) -> Result<i64> {
    let sql = "SELECT count(*) AS number FROM jobs WHERE state = 'ready' AND kind = ";
    let found: Counted = match conn {
        AnyConnection::Postgres(c) => sql_query(format!("{sql}$1"))
            .bind::<Text, _>(kind)
            .get_result(c)?,
        AnyConnection::Sqlite(c) => sql_query(format!("{sql}?"))
            .bind::<Text, _>(kind)
            .get_result(c)?,
    };
    Ok(found.number.unwrap_or(0))
}

/// When the last entry of one action was written into the operator's own log.
///
/// # Errors
/// Those of the database.
pub fn last_noted(conn: &mut AnyConnection, action: &str) -> Result<Option<DateTime<Utc>>> {
    use crate::schema::audit_events as t;
    use crate::value::id;
    use diesel::prelude::*;
    let nobody = domain::OrganizationId(uuid::Uuid::nil());
    let last: Option<At> = t::table
        .filter(t::organization_id.eq(id(nobody)))
        .filter(t::action.eq(action))
        .order(t::number.desc())
        .select(t::at)
        .first(conn)
        .optional()?;
    Ok(last.map(At::moment))
}
