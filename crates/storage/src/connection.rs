//! One connection to either database.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

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

    /// A connection that breaks here leaves it open whether the server had committed before.
    fn commit(&mut self) -> Result<()> {
        native!(self, c => AnsiTransactionManager::commit_transaction(c)).map_err(|error| {
            match Error::from(error) {
                Error::Unavailable(why) => Error::Unknown(why),
                known => known,
            }
        })
    }
}
