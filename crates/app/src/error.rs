//! What a use case refuses, by what its caller can do about it.

/// This crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One member of an input that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which, such as `candidate.email`.
    pub field: String,
    /// What is wrong and what to do; reads on from the field's name.
    pub problem: String,
}

impl Fault {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }
}

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key, a dead one or one of another kind.
    #[error("the credential is missing or no longer valid here")]
    Unauthorized,
    /// A key or a person that may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Unknown, or somebody else's: both alike.
    #[error("there is no such {0} here")]
    NotFound(&'static str),
    /// Was there, and is over.
    #[error("this {0} is no longer in use")]
    Gone(&'static str),
    /// The state forbids it.
    #[error("{message}")]
    Conflict {
        /// A stable name, such as `invite_state`.
        code: &'static str,
        /// What stands against it and what to do.
        message: String,
    },
    /// The input is at fault.
    #[error("{}", listed(.0))]
    Unprocessable(Vec<Fault>),
    /// An ATS did not do what was asked of it.
    #[error("{message}")]
    FarSide {
        /// What it did, and what to do.
        message: String,
        /// May the same work a moment later?
        passing: bool,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A stored secret cannot be read.
    #[error("a stored secret cannot be read: {0}")]
    Secret(String),
    /// Something that cannot happen did.
    #[error("{0}")]
    Internal(&'static str),
}

impl Error {
    /// One member at fault.
    pub fn fault(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Unprocessable(vec![Fault::new(field, problem)])
    }

    /// As a unit of work of storage reports it.
    pub(crate) fn into_storage(self) -> storage::Error {
        match self {
            Self::Storage(error) => error,
            refused => {
                tracing::error!(error = %refused, "a unit of work was refused");
                storage::Error::Refused
            }
        }
    }

    /// A state that forbids it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            message: message.into(),
        }
    }
}

impl From<vault::DecryptError> for Error {
    fn from(error: vault::DecryptError) -> Self {
        Self::Secret(error.to_string())
    }
}

fn listed(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("{} {}", fault.field, fault.problem))
        .collect();
    lines.join("; ")
}
