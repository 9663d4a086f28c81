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
    /// The database cannot be reached or is going down: try again soon. Nothing was kept.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The connection broke at the commit: whether it was kept is unknown. Whoever asked may ask again, by the same key.
    #[error("the database went away at the commit: {0}")]
    Unknown(String),
    /// The database takes no writes: its disk is full, or it has become a standby. Nothing was kept.
    #[error("the database takes no writes: {0}")]
    NoWrites(String),
    /// The database is set up in a way that would lose what we promise to keep: somebody has to change that.
    #[error("the database cannot be used as it is: {0}")]
    Unsuitable(String),
    /// Somebody else changed the row first; the unit of work has been tried several times.
    #[error("the row was changed by somebody else at the same moment")]
    Stale,
    /// A unique key is taken already.
    #[error("the {0} is taken already")]
    Taken(String),
    /// Something that was to be used is not fit for it, or not free.
    #[error("{0}")]
    Unfit(String),
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
        matches!(
            self,
            Self::Busy | Self::Unavailable(_) | Self::Unknown(_) | Self::NoWrites(_) | Self::Stale
        )
    }

    /// A new connection may find another server, or one that is up again.
    pub(crate) fn loses_connection(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::Unknown(_) | Self::NoWrites(_) | Self::Panicked
        )
    }

    /// The same once more, for each of several askers; none where one asker's own data may be the cause.
    pub(crate) fn for_everybody(&self) -> Option<Self> {
        match self {
            Self::Unavailable(why) => Some(Self::Unavailable(why.clone())),
            Self::Unknown(why) => Some(Self::Unknown(why.clone())),
            Self::NoWrites(why) => Some(Self::NoWrites(why.clone())),
            _ => None,
        }
    }
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match error {
            // The connection broke at the commit, and so the rollback that follows fails too: the first one counts.
            Diesel::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            Diesel::BrokenTransactionManager => {
                Self::Unavailable("the transaction was lost".into())
            }
            Diesel::DatabaseError(kind, info) => {
                known(kind, &*info).unwrap_or(Self::Database(Diesel::DatabaseError(kind, info)))
            }
            other => Self::Database(other),
        }
    }
}

type Info = dyn diesel::result::DatabaseErrorInformation + Send + Sync;

/// What a caller can do something about. Libpq has no kind of its own for most of it, so the words are read.
fn known(kind: DatabaseErrorKind, info: &Info) -> Option<Error> {
    let message = info.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            let key = info.constraint_name().unwrap_or(message);
            Some(Error::Taken(key.to_owned()))
        }
        DatabaseErrorKind::SerializationFailure => Some(Error::Stale),
        DatabaseErrorKind::ReadOnlyTransaction => Some(Error::NoWrites(message.to_owned())),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            Some(Error::Unavailable(message.to_owned()))
        }
        _ => said(message),
    }
}

/// What the words of a database mean, where they are known.
pub(crate) fn said(message: &str) -> Option<Error> {
    let (_, means) = WORDS.iter().find(|(words, _)| message.contains(words))?;
    Some(means(message.to_owned()))
}

/// Makes an error of a database's message.
type Meaning = fn(String) -> Error;

/// What the databases say, and what it means.
const WORDS: [(&str, Meaning); 14] = [
    // Two transactions waited for each other, and this one had to give way.
    ("deadlock detected", |_| Error::Stale),
    ("database is locked", |_| Error::Busy),
    ("due to lock timeout", |_| Error::Busy),
    ("due to statement timeout", |_| Error::Busy),
    ("No space left on device", Error::NoWrites),
    ("database or disk is full", Error::NoWrites),
    ("readonly database", Error::NoWrites),
    // A server that stops, starts or cannot be reached.
    ("server closed the connection", Error::Unavailable),
    ("terminating connection", Error::Unavailable),
    ("no connection to the server", Error::Unavailable),
    ("connection to server", Error::Unavailable),
    ("the database system is", Error::Unavailable),
    ("could not receive data from server", Error::Unavailable),
    ("could not send data to server", Error::Unavailable),
];

/// What a server says to whoever it will never let in as they are, and libpq of a server that cannot show who it is: no waiting
/// helps.
const REJECTIONS: [&str; 8] = [
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "invalid URI",
    "certificate verify failed",
    "does not match host name",
    "server does not support SSL",
];

impl From<diesel::ConnectionError> for Error {
    fn from(error: diesel::ConnectionError) -> Self {
        let said = error.to_string();
        if said.contains("session is read-only") {
            return Self::NoWrites("only standbys answer, which take no writes".into());
        }
        if REJECTIONS.iter().any(|words| said.contains(words)) {
            return Self::Unsuitable(format!("`database.url` does not lead into it: {said}"));
        }
        Self::Unavailable(said)
    }
}
