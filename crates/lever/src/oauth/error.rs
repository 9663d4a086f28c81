//! What the authorization server refuses.

use std::fmt;
use std::time::Duration;

use ats_http::reqwest::{self, Response};
use ats_http::{Answer, Outcome, classify, retry_after_of};
use serde::Deserialize;

/// Why there is no grant. It holds no code and no token.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// Another status than 2xx.
    #[error("Lever's authorization server answered {status}{}", shown(.error))]
    Refused {
        /// The status. `invalid_grant` comes with 403 here, elsewhere with 400.
        status: u16,
        /// `invalid_grant`, `access_denied` and the like; blank where the body named none.
        error: String,
        /// What it says about it, for a log of your own.
        description: String,
        /// How long it asks to wait, at most a day.
        retry_after: Option<Duration>,
    },
    /// 2xx, but no grant can be read from it.
    #[error("Lever's authorization server answered with something that is no grant")]
    Unreadable,
    /// No connection came about: it has seen nothing.
    #[error("Lever's authorization server can't be reached: no connection came about")]
    Unreachable,
    /// The connection broke, or no answer came in time: it may have acted.
    #[error("Lever's authorization server did not answer in time")]
    NoAnswer,
    /// The address is neither https nor loopback, so that a secret must not go there.
    #[error("nothing was sent: the authorization server's address has to be https, or loopback")]
    NotSent,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Option<String>,
    error_description: Option<String>,
}

impl OAuthError {
    /// The code or refresh token is used up, revoked, too old or made up: a person has to connect again.
    pub fn is_invalid_grant(&self) -> bool {
        self.error() == Some("invalid_grant")
    }

    /// The app itself is not taken: client id and secret have to be looked at. Says nothing about the grant.
    pub fn is_app_refused(&self) -> bool {
        matches!(
            self,
            Self::Refused { status, error, .. }
                if error == "invalid_client" || error == "unauthorized_client"
                    || (*status == 401 && error != "invalid_grant")
        )
    }

    /// The same call may work later. Says nothing about the grant.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { status, .. } => {
                matches!(
                    classify(Answer::Status {
                        code: *status,
                        retry_after: None
                    }),
                    Outcome::Retry { .. } | Outcome::RateLimited { .. }
                ) && !self.is_invalid_grant()
            }
            Self::Unreadable | Self::Unreachable | Self::NoAnswer => true,
            Self::NotSent => false,
        }
    }

    /// The least time to wait, where the server named one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    fn error(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    pub(super) fn of(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            Self::Unreachable
        } else {
            Self::NoAnswer
        }
    }

    pub(super) fn refusal(response: &Response, body: &[u8]) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        Self::Refused {
            status: response.status().as_u16(),
            error: word(&body.error.unwrap_or_default()),
            description: body.error_description.unwrap_or_default(),
            retry_after: retry_after_of(response),
        }
    }
}

/// As RFC 6749 has them; anything else could be anything, and is shown to people.
fn word(error: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    error.chars().filter(|&c| plain(c)).take(60).collect()
}

fn shown(error: &str) -> String {
    if error.is_empty() {
        String::new()
    } else {
        format!(" ({error})")
    }
}

/// Without the description.
impl fmt::Debug for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OAuthError({self})")
    }
}
