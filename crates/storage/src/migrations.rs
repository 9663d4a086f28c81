//! The schema, brought up to date at start, and how it stands to what this release knows.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::sqlite::Sqlite;
use diesel::{OptionalExtension, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::address::Purpose;
use crate::connection::native;
use crate::error::said;
use crate::{AnyConnection, DatabaseUrl, Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The advisory lock under which one process at a time migrates: "baton" as a number.
const LOCK: i64 = 0x62_61_74_6f_6e;
/// Between two tries, for the lock or for a table that somebody else holds.
const PAUSE: Duration = Duration::from_millis(250);
/// So long in all is tried for a table that somebody else holds.
const PATIENCE: Duration = Duration::from_secs(300);

/// How the schema stands to this release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// It has all that this release knows; it may have more, of a later release that only added to it.
    Fits,
    /// It lacks migrations: these versions.
    Behind(Vec<String>),
    /// A later release has taken away what this one needs: it does not know the migration of this version.
    Ahead(String),
}

/// Brings the schema up to date; answers the names of the migrations that were run. Several processes may call it at once,
/// beside programs that are at work: where a table is in use for longer than two seconds it steps back and tries again.
///
/// # Errors
/// Those of the database, and [`Error::Unavailable`] where a table was in use for five minutes.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>> {
    url.make_folder()?;
    let begun = Instant::now();
    loop {
        match migrate_once(url) {
            // SQLite waits 5 s for another process that migrates, and not at all for one that enters WAL mode.
            Err(Error::Busy) if begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

fn migrate_once(url: &DatabaseUrl) -> Result<Vec<String>> {
    match url.connect(Purpose::Write)? {
        AnyConnection::Postgres(mut conn) => {
            wait_for_others(&mut conn)?;
            drop_broken_indexes(&mut conn)?;
            run_one_by_one(&mut conn)
        }
        // The write lock makes the others wait, and look again.
        mut conn => conn.in_transaction(|conn| match conn {
            AnyConnection::Sqlite(conn) => Ok(conn
                .run_pending_migrations(SQLITE)
                .map_err(|error| failed(&*error))?
                .iter()
                .map(ToString::to_string)
                .collect()),
            AnyConnection::Postgres(_) => Ok(Vec::new()),
        }),
    }
}

/// Takes the lock, which ends with the connection. It asks again and again instead of waiting in one statement: that would
/// hold a snapshot, for whose end an index that is built concurrently waits, and so both would wait for ever.
fn wait_for_others(conn: &mut PgConnection) -> Result<()> {
    conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = '2s'")?;
    let mut told = false;
    loop {
        let taken: Answer = sql_query("SELECT pg_try_advisory_lock($1) AS yes")
            .bind::<BigInt, _>(LOCK)
            .get_result(conn)?;
        if taken.yes {
            return Ok(());
        }
        if !std::mem::replace(&mut told, true) {
            tracing::info!("another process brings the schema up to date; waits for it");
        }
        std::thread::sleep(PAUSE);
    }
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// A concurrent build that was cut short leaves an index that nobody uses; it has to go before it can be built again. Under
/// the lock nobody else builds one.
fn drop_broken_indexes(conn: &mut PgConnection) -> Result<()> {
    let broken: Vec<Name> = sql_query(
        "SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid \
         WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace",
    )
    .load(conn)?;
    for index in broken {
        tracing::warn!(
            index = index.name,
            "drops an index whose build was cut short"
        );
        conn.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index.name))?;
    }
    Ok(())
}

fn run_one_by_one(conn: &mut PgConnection) -> Result<Vec<String>> {
    let mut done = Vec::new();
    let begun = Instant::now();
    while conn
        .has_pending_migration(POSTGRES)
        .map_err(|error| failed(&*error))?
    {
        let outcome = conn
            .run_next_migration(POSTGRES)
            .map(|version| version.to_string())
            .map_err(|error| error.to_string());
        match outcome {
            Ok(version) => done.push(version),
            Err(error) if error.contains("lock timeout") && begun.elapsed() < PATIENCE => {
                tracing::warn!(
                    "a table that has to change is in use; tries again, so that nobody waits behind it"
                );
                drop_broken_indexes(conn)?;
                std::thread::sleep(PAUSE);
            }
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(done)
}

/// A database that goes away meanwhile is waited for; what else stands against a migration needs somebody to look at it.
fn failed(error: &(impl std::fmt::Display + ?Sized)) -> Error {
    let error = error.to_string();
    said(&error).unwrap_or_else(|| {
        Error::Unsuitable(format!(
            "the schema could not be brought up to date: {error}"
        ))
    })
}

/// Can this release run on the schema as it is?
///
/// # Errors
/// Those of the database.
pub fn schema_state(conn: &mut AnyConnection) -> Result<SchemaState> {
    let known = known_versions(conn)?;
    let there: BTreeSet<String> = versions(conn, "__diesel_schema_migrations")?;
    let lacking: Vec<String> = known.difference(&there).cloned().collect();
    if !lacking.is_empty() {
        return Ok(SchemaState::Behind(lacking));
    }
    let needed = versions(conn, "schema_floor")?;
    let unknown = needed.into_iter().find(|version| !known.contains(version));
    Ok(unknown.map_or(SchemaState::Fits, SchemaState::Ahead))
}

fn known_versions(conn: &AnyConnection) -> Result<BTreeSet<String>> {
    let names = |found: diesel::migration::Result<Vec<String>>| {
        found
            .map(|names| names.into_iter().collect())
            .map_err(|error| failed(&*error))
    };
    match conn {
        AnyConnection::Postgres(_) => {
            names(MigrationSource::<Pg>::migrations(&POSTGRES).map(|all| {
                all.iter()
                    .map(|it| it.name().version().to_string())
                    .collect()
            }))
        }
        AnyConnection::Sqlite(_) => {
            names(MigrationSource::<Sqlite>::migrations(&SQLITE).map(|all| {
                all.iter()
                    .map(|it| it.name().version().to_string())
                    .collect()
            }))
        }
    }
}

/// The versions in a table that older schemas do not have.
fn versions(conn: &mut AnyConnection, table: &str) -> Result<BTreeSet<String>> {
    let is_there = match conn {
        AnyConnection::Postgres(_) => format!(
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
        AnyConnection::Sqlite(_) => {
            format!("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '{table}'")
        }
    };
    let found: Option<Name> = native!(conn, c => sql_query(is_there).get_result(c).optional())?;
    if found.is_none() {
        return Ok(BTreeSet::new());
    }
    let all = format!("SELECT version AS name FROM {table}");
    let rows: Vec<Name> = native!(conn, c => sql_query(all).load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
