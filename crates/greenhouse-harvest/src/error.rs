//! Why a call gave nothing, and what to do about it.

use std::fmt;
use std::time::Duration;

use ats_http::{Answer, CallError, Outcome, RedirectRefused, TokenError, Wait, classify};

use crate::link::BadLink;
use crate::{BadFilter, Complaint, Detail, Unreadable};

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
    /// Greenhouse answered with another status than 2xx. Boxed, since it is much larger than the others.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// Greenhouse answered 2xx with something else than documented.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Greenhouse answered 2xx with more than is read.
    #[error("Greenhouse's answer is longer than is read")]
    TooLong,
    /// A page says where the next one is in a way that can't be read.
    #[error("the list was left: {0}")]
    Link(#[from] BadLink),
    /// A page says that the next one is outside of the API. The access token was not sent there.
    #[error("the list was left: the next page is said to be outside of the API")]
    ForeignPage,
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The allowance is used up, and the throttle would not wait so long.
    #[error("{0}")]
    Throttled(#[from] Wait),
    /// A redirect that may not be followed.
    #[error(transparent)]
    Redirect(#[from] RedirectRefused),
    /// No connection came about: Greenhouse has seen nothing.
    #[error("Greenhouse can't be reached: no connection came about")]
    Unreachable,
    /// The connection broke, or no answer came in time.
    #[error("Greenhouse did not answer in time")]
    NoAnswer,
    /// A filter that Greenhouse would not take; nothing was sent.
    #[error("nothing was sent: {0}")]
    Filter(#[from] BadFilter),
    /// The call can't be made as it was asked for; nothing was sent.
    #[error("nothing was sent: {0}")]
    Unusable(&'static str),
}

/// An answer with another status than 2xx. `Debug` and `Display` leave out Greenhouse's words, which may name a person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// What Greenhouse says about it.
    pub complaint: Complaint,
    /// Greenhouse's name for the request, to tell its support.
    pub request_id: Option<String>,
    /// How long Greenhouse asks to wait, at most a day.
    pub retry_after: Option<Duration>,
}

impl Error {
    pub(crate) fn new(kind: impl Into<ErrorKind>, repeatable: bool) -> Self {
        Self {
            kind: kind.into(),
            repeatable,
        }
    }

    /// The same of a call that may be made again all the same.
    pub(crate) fn repeatable(self) -> Self {
        Self {
            repeatable: true,
            ..self
        }
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The status, where Greenhouse answered with another than 2xx.
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.status)
    }

    /// What Greenhouse answered, where it was another status than 2xx.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            ErrorKind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// 404 or 410: there is no such address or record. A list that names an unknown id is empty instead.
    pub fn is_not_found(&self) -> bool {
        matches!(self.status(), Some(404 | 410))
    }

    /// 403: a scope is missing, or the acting user may not do this; lists are for Site Admins. The connection is fine.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// 422: Greenhouse does not like what was sent; [`Refusal::complaint`] says what. Nothing was done.
    pub fn is_invalid(&self) -> bool {
        self.status() == Some(422)
    }

    /// A person has to connect again: the grant is gone, or a token is refused even after it was renewed.
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

    /// Greenhouse may have done what was asked, and doing it twice would show or fail: look there before making the call
    /// again.
    ///
    /// Lists change nothing, and an update leaves the record as it names it: those are just made again. Whatever makes
    /// something anew or moves it on is in doubt.
    pub fn is_ambiguous(&self) -> bool {
        !self.repeatable && self.may_have_happened()
    }

    /// The least time to wait before the call is made again, where Greenhouse or the throttle named one.
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

    /// The members that Greenhouse does not like, as far as their names are plain words.
    pub fn fields(&self) -> Vec<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.[]-".contains(c);
        let named = self.complaint.details.iter();
        named
            .filter_map(|Detail { field, .. }| field.as_deref())
            .filter(|field| field.len() <= 60 && field.chars().all(plain))
            .collect()
    }
}

impl From<Refusal> for ErrorKind {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
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
        write!(f, "Greenhouse answered {}", self.status)?;
        f.write_str(match self.status {
            401 => ": it does not take this access token",
            403 => ": it does not allow this, a scope may be missing or the acting user be no Site Admin",
            404 | 410 => ": there is no such address or record",
            422 => ": it does not like what was sent",
            429 => ": it asks to wait",
            500..=599 => ": it is in trouble",
            _ => "",
        })?;
        let fields = self.fields();
        if fields.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", fields.join(", "))
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("fields", &self.fields())
            .field("request_id", &self.request_id)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Refusal {}
