//! What the database says of itself, and how much work lies in it: for the operator.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::connection::native;
use crate::value::At;
use crate::{AnyConnection, Result};

/// A database as it is set up.
#[derive(Debug, Clone)]
pub struct Engine {
    /// `PostgreSQL` or `SQLite`.
    pub name: &'static str,
    /// Such as `17.2`.
    pub version: String,
    /// Settings that decide whether what is committed stays, by name.
    pub settings: Vec<(&'static str, String)>,
    /// The server's clock; none where there is no server.
    pub clock: Option<DateTime<Utc>>,
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

/// How the database is set up.
///
/// # Errors
/// Those of the database.
pub fn engine(conn: &mut AnyConnection) -> Result<Engine> {
    match conn {
        AnyConnection::Postgres(c) => postgres(c),
        AnyConnection::Sqlite(c) => sqlite(c),
    }
}

fn postgres(conn: &mut PgConnection) -> Result<Engine> {
    let mut say = |sql: &str| -> Result<String> {
        let said: Said = sql_query(format!("SELECT {sql} AS text")).get_result(conn)?;
        Ok(said.text)
    };
    let version = say("current_setting('server_version')")?;
    let mut settings = Vec::new();
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        settings.push((name, say(&format!("current_setting('{name}')"))?));
    }
    let clock: Counted =
        sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS number")
            .get_result(conn)?;
    Ok(Engine {
        name: "PostgreSQL",
        version,
        settings,
        clock: clock.number.and_then(DateTime::from_timestamp_micros),
    })
}

fn sqlite(conn: &mut SqliteConnection) -> Result<Engine> {
    let mut say = |sql: &str| -> Result<String> {
        let said: Said = sql_query(format!("SELECT {sql}")).get_result(conn)?;
        Ok(said.text)
    };
    Ok(Engine {
        name: "SQLite",
        version: say("sqlite_version() AS text")?,
        settings: vec![
            (
                "journal_mode",
                say("journal_mode AS text FROM pragma_journal_mode")?,
            ),
            (
                "quick_check",
                say("quick_check AS text FROM pragma_quick_check LIMIT 1")?,
            ),
        ],
        clock: None,
    })
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
