//! Where the bench's databases are: a folder for SQLite, a server that the caller started for PostgreSQL.

use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where databases can be made.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    /// The administrator's URL of a server, such as `scripts/postgres start` prints.
    pub(crate) postgres: Option<String>,
}

impl Place {
    /// The engines there are: SQLite always, PostgreSQL where a server is named.
    pub(crate) fn engines(&self) -> Vec<Engine> {
        let postgres = self.postgres.as_ref().map(|_| Engine::Postgres);
        std::iter::once(Engine::Sqlite).chain(postgres).collect()
    }

    /// Makes an empty database; what `database.url` has to say.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) fn create(&self, engine: Engine, name: &str) -> io::Result<String> {
        match engine {
            Engine::Sqlite => {
                let folder = self.folder.join(name);
                std::fs::create_dir_all(&folder)?;
                Ok(format!("sqlite://{}/baton.db", folder.display()))
            }
            Engine::Postgres => {
                let server = self
                    .postgres
                    .as_deref()
                    .ok_or_else(|| io::Error::other("no PostgreSQL server is named"))?;
                run_sql(server, &format!("CREATE DATABASE bench_{name}"))?;
                let (place, _) = server.rsplit_once('/').unwrap_or_default();
                Ok(format!("{place}/bench_{name}"))
            }
        }
    }

    /// Gives back what a database that is no longer needed takes.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) fn delete(&self, engine: Engine, name: &str) -> io::Result<()> {
        match (engine, &self.postgres) {
            (Engine::Sqlite, _) => std::fs::remove_dir_all(self.folder.join(name)),
            (Engine::Postgres, Some(server)) => {
                run_sql(server, &format!("DROP DATABASE bench_{name} WITH (FORCE)"))
            }
            (Engine::Postgres, None) => Ok(()),
        }
    }
}

/// What autovacuum would do by itself within minutes. On SQLite nobody does: the bench leaves it as a user has it.
///
/// # Errors
/// Where the server refuses.
pub(crate) fn settle(database: &str) -> io::Result<()> {
    if database.starts_with("postgres") {
        run_sql(database, "VACUUM ANALYZE")?;
        run_sql(database, "CHECKPOINT")?;
    }
    Ok(())
}

/// Runs SQL on a PostgreSQL, behind Baton's back.
///
/// # Errors
/// Where the server refuses.
pub(crate) fn run_sql(database: &str, sql: &str) -> io::Result<()> {
    PgConnection::establish(database)
        .map_err(io::Error::other)?
        .batch_execute(sql)
        .map_err(io::Error::other)
}

/// The file of a SQLite database, as its URL names it.
pub(crate) fn file(database: &str) -> &Path {
    Path::new(database.trim_start_matches("sqlite://"))
}
