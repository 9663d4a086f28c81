//! The schema, brought up to date at start.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::native;
use crate::{AnyConnection, DatabaseUrl, Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The advisory lock under which one process at a time migrates: "baton" as a number.
const LOCK: i64 = 0x62_61_74_6f_6e;

/// Brings the schema up to date; answers the names of the migrations that were run. Several processes may call it at once.
///
/// # Errors
/// Those of the database.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>> {
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Unavailable(format!("{}: {error}", folder.display())))?;
    }
    let mut conn = url.connect()?;
    if let AnyConnection::Postgres(c) = &mut conn {
        wait_for_others(c)?;
        run_pending(&mut conn)
    } else {
        // The write lock makes the others wait, and look again.
        conn.in_transaction(run_pending)
    }
}

fn run_pending(conn: &mut AnyConnection) -> Result<Vec<String>> {
    match conn {
        AnyConnection::Postgres(c) => run(c.run_pending_migrations(POSTGRES)),
        AnyConnection::Sqlite(c) => run(c.run_pending_migrations(SQLITE)),
    }
}

/// Takes the lock, which ends with the connection. Another process may hold it for long, and a migration may take long;
/// but none may block the running release for more than a moment while it waits for a table.
fn wait_for_others(conn: &mut PgConnection) -> Result<()> {
    conn.batch_execute("SET statement_timeout = 0")?;
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<BigInt, _>(LOCK)
        .execute(conn)?;
    conn.batch_execute("SET lock_timeout = '2s'")?;
    Ok(())
}

fn run(
    outcome: std::result::Result<
        Vec<diesel::migration::MigrationVersion<'_>>,
        Box<dyn std::error::Error + Send + Sync>,
    >,
) -> Result<Vec<String>> {
    outcome
        .map(|versions| versions.iter().map(ToString::to_string).collect())
        .map_err(|error| {
            Error::Unavailable(format!(
                "the schema could not be brought up to date: {error}"
            ))
        })
}

/// Does the database have every migration this release knows?
///
/// # Errors
/// Those of the database.
pub fn schema_is_current(conn: &mut AnyConnection) -> Result<bool> {
    let postgres = matches!(conn, AnyConnection::Postgres(_));
    let known = if postgres { POSTGRES } else { SQLITE };
    native!(conn, c => c.has_pending_migration(known))
        .map(|pending| !pending)
        .map_err(|error| Error::Unavailable(error.to_string()))
}
