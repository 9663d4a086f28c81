//! One connection to either database.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::{Error, Result};

/// A connection to one of the two databases.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL 14 or later.
    Postgres(PgConnection),
    /// SQLite 3.51.3 or later, bundled.
    Sqlite(SqliteConnection),
}

impl std::fmt::Debug for AnyConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Postgres(_) => "AnyConnection::Postgres",
            Self::Sqlite(_) => "AnyConnection::Sqlite",
        })
    }
}

/// Runs the same body against each real connection: for statements that diesel cannot build for both at once (upserts,
/// rows by the batch).
macro_rules! native {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::AnyConnection::Postgres($c) => $body,
            $crate::AnyConnection::Sqlite($c) => $body,
        }
    };
}
pub(crate) use native;

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(std::path::PathBuf),
    /// `postgres://…`; may hold a password.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

// The time-out comes first: entering WAL mode may itself have to wait for another process.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;";

// Committed means on disk, whatever the server's default; a unit of work is short, so a long statement is a fault.
const POSTGRES_SETTINGS: &str = "SET synchronous_commit = on; SET statement_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = warning;";

impl DatabaseUrl {
    /// Opens one connection and gives it our settings.
    pub(crate) fn connect(&self) -> Result<AnyConnection> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(SQLITE_SETTINGS)?;
                Ok(AnyConnection::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(POSTGRES_SETTINGS)?;
                Ok(AnyConnection::Postgres(conn))
            }
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl AnyConnection {
    /// Runs `body` in one transaction: committed when it answers `Ok`, rolled back otherwise.
    pub(crate) fn in_transaction<T>(
        &mut self,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.begin()?;
        match body(self) {
            Ok(value) => self.commit().map(|()| value),
            Err(error) => {
                // A rollback that fails means a lost connection, which the next statement reports.
                let _ = native!(self, c => AnsiTransactionManager::rollback_transaction(c));
                Err(error)
            }
        }
    }

    fn begin(&mut self) -> Result<()> {
        match self {
            Self::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
            // A deferred transaction that reads first fails under load, whatever the busy time-out.
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        native!(self, c => AnsiTransactionManager::commit_transaction(c)).map_err(Error::from)
    }
}
