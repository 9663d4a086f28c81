//! What a partner answers instead of what was asked for.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Fault;

/// Why a call was not carried out. Status, code and message of each stand in this file and nowhere else.
///
/// Messages are for people at Greenhouse or in the customer's team; a text you put in must not repeat what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartnerError {
    /// 400: the call cannot be read.
    #[error("{message}")]
    BadRequest {
        /// What was wrong and what to do.
        message: Cow<'static, str>,
    },
    /// 401: no key, or none that is active.
    #[error(
        "This key is missing or not active: send the organization's API key as the user name of HTTP Basic."
    )]
    Unauthorized,
    /// 404: unknown, draft, archived and foreign tests, all alike.
    #[error("There is no such test: send an id that list_tests names.")]
    UnknownTest,
    /// 404: unknown and foreign interviews, all alike.
    #[error("There is no such interview: send a partner_interview_id that send_test gave.")]
    UnknownInterview,
    /// 405.
    #[error("This method is not known here: use {allow}.")]
    MethodNotAllowed {
        /// The methods that are.
        allow: &'static str,
    },
    /// 408: the body did not arrive in time.
    #[error("The body did not arrive in time: send it again.")]
    TooSlow,
    /// 409: what was sent before stands against it.
    #[error("{message}")]
    Conflict {
        /// What stands against it and what to do.
        message: Cow<'static, str>,
    },
    /// 413.
    #[error("The body is too large: send at most {} KiB.", limit / 1024)]
    TooLarge {
        /// The most bytes taken.
        limit: usize,
    },
    /// 415: the body is clearly something else than JSON.
    #[error("The body is not JSON by its headers: send application/json without Content-Encoding.")]
    NotJson,
    /// 422: a member is missing or cannot be used.
    #[error("{field}: {message}")]
    Unprocessable {
        /// Its path in the body, like `candidate.email`.
        field: &'static str,
        /// What was wrong with it and what to send.
        message: Cow<'static, str>,
    },
    /// 422: the body lacks something, see [`Fault`].
    #[error("{0}")]
    Fault(Fault),
    /// 429: too many calls with this key.
    #[error("There were too many calls with this key: wait as long as Retry-After says.")]
    TooManyRequests {
        /// How long to wait.
        retry_after: Duration,
    },
    /// 500: our own fault. It carries nothing: log the cause where it is known.
    #[error("Something failed on our side and was noted: try again in a few minutes.")]
    Internal,
    /// 503: trouble that passes.
    #[error("We can't answer just now: try again after the time Retry-After says.")]
    Unavailable {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl PartnerError {
    /// A 409 with your words.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict {
            message: message.into(),
        }
    }

    /// A 422 about one member, with your words.
    pub fn unprocessable(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Unprocessable {
            field,
            message: message.into(),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.class().0
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        self.class().1
    }

    /// How long the caller should wait, for `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::Unavailable { retry_after } => {
                Some(*retry_after)
            }
            _ => None,
        }
    }

    /// The body: `{"error": "<code>", "message": "<what to do>"}`, nothing else.
    ///
    /// ```
    /// use greenhouse_assessment::PartnerError;
    ///
    /// assert_eq!(PartnerError::UnknownTest.body()["error"], "not_found");
    /// ```
    pub fn body(&self) -> Value {
        json!({"error": self.code(), "message": self.to_string()})
    }

    fn class(&self) -> (u16, &'static str) {
        match self {
            Self::BadRequest { .. } | Self::Fault(Fault::NotJson) => (400, "bad_request"),
            Self::Unauthorized => (401, "unauthorized"),
            Self::UnknownTest | Self::UnknownInterview => (404, "not_found"),
            Self::MethodNotAllowed { .. } => (405, "method_not_allowed"),
            Self::TooSlow => (408, "request_timeout"),
            Self::Conflict { .. } => (409, "conflict"),
            Self::TooLarge { .. } => (413, "too_large"),
            Self::NotJson => (415, "unsupported_media_type"),
            Self::Unprocessable { .. } | Self::Fault(_) => (422, "unprocessable"),
            Self::TooManyRequests { .. } => (429, "too_many_requests"),
            Self::Internal => (500, "internal"),
            Self::Unavailable { .. } => (503, "unavailable"),
        }
    }
}

impl From<Fault> for PartnerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::UnknownTest => Self::UnknownTest,
            fault => Self::Fault(fault),
        }
    }
}
