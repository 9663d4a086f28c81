//! Why a call gave nothing, and what to do about it.

use std::fmt;
use std::time::Duration;

use ats_http::{Answer, CallError, Outcome, RedirectRefused, TokenError, Wait, classify};

use crate::Unreadable;

/// Why a call gave nothing. The text is for people; it holds no address, no credential and nothing of a candidate.
///
/// Ask the predicates rather than the kind: they are what a caller acts on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    kind: ErrorKind,
    /// Making the same call once more changes nothing that the first did not.
    repeatable: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Lever answered with another status than 2xx.
    #[error(transparent)]
    Refused(Refusal),
    /// Lever answered 2xx with something else than documented.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Lever answered 2xx with more than is read.
    #[error("Lever's answer is longer than is read")]
    TooLong,
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The allowance is used up, and the throttle would not wait so long.
    #[error("{0}")]
    Throttled(#[from] Wait),
    /// A redirect that may not be followed.
    #[error(transparent)]
    Redirect(#[from] RedirectRefused),
    /// No connection came about: Lever has seen nothing.
    #[error("Lever can't be reached: no connection came about")]
    Unreachable,
    /// The connection broke, or no answer came in time.
    #[error("Lever did not answer in time")]
    NoAnswer,
    /// The call can't be made as it was asked for; nothing was sent.
    #[error("nothing was sent: {0}")]
    Unusable(&'static str),
}

/// An answer with another status than 2xx. `Debug` and `Display` leave out Lever's message, which may name a person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// Lever's own name for it, like `ResourceNotFound`; blank where the body had none. Only that one is documented.
    pub code: String,
    /// Lever's message, or the first 500 characters of a body that was not JSON.
    pub message: String,
    /// How long Lever asks to wait, at most a day.
    pub retry_after: Option<Duration>,
}

impl Error {
    pub(crate) fn new(kind: impl Into<ErrorKind>, repeatable: bool) -> Self {
        Self {
            kind: kind.into(),
            repeatable,
        }
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The status, where Lever answered with another than 2xx.
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.status)
    }

    /// What Lever answered, where it was another status than 2xx.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            ErrorKind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// 404 or 410: there is no such object, or no longer.
    pub fn is_not_found(&self) -> bool {
        matches!(self.status(), Some(404 | 410))
    }

    /// 403: a scope is missing, the record is confidential, or the token is one of the other environment.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// A person has to connect again: the grant is gone, or a token or key is refused even after it was renewed.
    pub fn is_auth_lost(&self) -> bool {
        matches!(self.kind, ErrorKind::Token(TokenError::Lost(_))) || self.status() == Some(401)
    }

    /// Too many calls: 429, or the throttle would not wait. Nothing was done; this says nothing about the call itself.
    pub fn is_throttled(&self) -> bool {
        matches!(self.kind, ErrorKind::Throttled(_)) || self.status() == Some(429)
    }

    /// The same call may work later.
    pub fn is_temporary(&self) -> bool {
        match &self.kind {
            ErrorKind::Refused(refusal) => matches!(
                refusal.outcome(),
                Outcome::Retry { .. } | Outcome::RateLimited { .. }
            ),
            ErrorKind::Throttled(_) | ErrorKind::Unreachable | ErrorKind::NoAnswer => true,
            ErrorKind::Token(TokenError::Unavailable(_)) => true,
            ErrorKind::Unreadable(what) => *what == Unreadable::NotJson,
            _ => false,
        }
    }

    /// Lever may have done what was asked, and doing it twice would show: look there before making the call again.
    ///
    /// Only calls that are no levels can be in doubt: a new note, webhook, opportunity or file. Tags, links and sources
    /// are sets, stage and archive are states, and reading changes nothing: those are just made again.
    pub fn is_ambiguous(&self) -> bool {
        !self.repeatable && self.may_have_happened()
    }

    /// The least time to wait before the call is made again, where Lever or the throttle named one.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.kind {
            ErrorKind::Refused(refusal) => refusal.retry_after,
            ErrorKind::Throttled(Wait(wait)) => Some(*wait),
            _ => None,
        }
    }

    fn may_have_happened(&self) -> bool {
        match &self.kind {
            ErrorKind::NoAnswer | ErrorKind::Unreadable(_) | ErrorKind::TooLong => true,
            ErrorKind::Refused(refusal) => matches!(
                refusal.outcome(),
                Outcome::Retry {
                    read_back: true,
                    ..
                }
            ),
            _ => false,
        }
    }
}

impl Refusal {
    fn outcome(&self) -> Outcome {
        classify(Answer::Status {
            code: self.status,
            retry_after: self.retry_after,
        })
    }
}

impl From<Refusal> for ErrorKind {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CallError> for ErrorKind {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Token(error) => Self::Token(error),
            CallError::Wait(wait) => Self::Throttled(wait),
            CallError::Redirect(refused) => Self::Redirect(refused),
            CallError::Unreachable => Self::Unreachable,
            CallError::NotSent => {
                Self::Unusable("calls with a credential go over https, or to loopback")
            }
            _ => Self::NoAnswer,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lever answered {}", self.status)?;
        if !self.code.is_empty() {
            write!(f, " ({})", self.code)?;
        }
        f.write_str(match self.status {
            401 => ": it does not take this credential",
            403 => ": it does not allow this, a permission may be missing or the record be confidential",
            404 | 410 => ": there is no such record",
            429 => ": it asks to wait",
            500..=599 => ": it is in trouble",
            _ => "",
        })
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Refusal {}
