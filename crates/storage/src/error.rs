//! What can go wrong in storage, by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// This crate's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too much is waiting already: try again soon. Nothing was done.
    #[error("the database has too much waiting; try again in a moment")]
    Busy,
    /// The database cannot be reached or is going down: try again soon. Whether a write was done is unknown.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Somebody else changed the row first; the unit of work has been tried several times.
    #[error("the row was changed by somebody else at the same moment")]
    Stale,
    /// A unique key is taken already.
    #[error("the {0} is taken already")]
    Taken(String),
    /// A stored value makes no sense.
    #[error("{table}.{column} holds a value that cannot be read: {detail}")]
    Corrupt {
        /// In which table.
        table: &'static str,
        /// In which column.
        column: &'static str,
        /// Why it cannot be read.
        detail: String,
    },
    /// The unit of work was refused by whoever wrote it, and rolled back.
    #[error("the unit of work was refused and rolled back")]
    Refused,
    /// A unit of work panicked; its transaction was rolled back.
    #[error("a unit of work failed unexpectedly")]
    Panicked,
    /// Anything else the database said.
    #[error("the database refused a statement: {0}")]
    Database(#[source] Diesel),
}

impl Error {
    /// Can the same call succeed a moment later?
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Unavailable(_) | Self::Stale)
    }

    pub(crate) fn loses_connection(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Panicked)
    }
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::Taken(info.constraint_name().unwrap_or(info.message()).to_owned())
            }
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Stale,
            Diesel::DatabaseError(_, info) if is_lost_race(info.message()) => Self::Stale,
            Diesel::DatabaseError(_, info) if info.message() == "database is locked" => Self::Busy,
            // A server that takes no writes has become a standby: the next connection finds the new primary.
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
                info,
            ) => Self::Unavailable(info.message().to_owned()),
            // What a server that is stopping, starting or cut off says: libpq has no kind of its own for it.
            Diesel::DatabaseError(_, info) if is_connection_loss(info.message()) => {
                Self::Unavailable(info.message().to_owned())
            }
            Diesel::BrokenTransactionManager => {
                Self::Unavailable("the transaction was lost".into())
            }
            _ => Self::Database(error),
        }
    }
}

/// Two PostgreSQL transactions waited for each other, and this one had to give way.
fn is_lost_race(message: &str) -> bool {
    message.contains("deadlock detected")
}

fn is_connection_loss(message: &str) -> bool {
    const SIGNS: [&str; 8] = [
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        "connection to server",
        "the database system is",
        "could not receive data from server",
        "database or disk is full",
        "readonly database",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}

impl From<diesel::ConnectionError> for Error {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
