//! The schema, brought up to date at start.

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
    match &mut conn {
        AnyConnection::Postgres(c) => {
            use diesel::RunQueryDsl;
            diesel::sql_query("SELECT pg_advisory_lock($1)")
                .bind::<diesel::sql_types::BigInt, _>(LOCK)
                .execute(c)?;
            // The lock ends with the connection.
            run(c.run_pending_migrations(POSTGRES))
        }
        AnyConnection::Sqlite(c) => run(c.run_pending_migrations(SQLITE)),
    }
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
