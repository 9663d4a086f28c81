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
    #[error("Greenhouse's authorization server answered {status}{}", shown(.error))]
    Refused {
        /// The status. The word counts, not this: the same word comes with several.
        status: u16,
        /// `invalid_grant`, `invalid_client` and the like; blank where the body named none.
        error: String,
        /// What it says about it, for a log of your own; without the client id, which it repeats.
        description: String,
        /// How long it asks to wait, at most a day.
        retry_after: Option<Duration>,
    },
    /// 2xx, but nothing can be read from it.
    #[error("Greenhouse's authorization server answered with something else than documented")]
    Unreadable,
    /// No connection came about: it has seen nothing.
    #[error("Greenhouse's authorization server can't be reached: no connection came about")]
    Unreachable,
    /// The connection broke, or no answer came in time: it may have acted.
    #[error("Greenhouse's authorization server did not answer in time")]
    NoAnswer,
    /// The request can't be made; nothing was sent.
    #[error("nothing was sent: {0}")]
    Unusable(&'static str),
}

/// Two shapes: that of RFC 6749, and one of its gateway.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Option<String>,
    error_description: Option<String>,
    message: Option<String>,
}

impl OAuthError {
    /// The code or refresh token is used up, revoked, too old or made up: a person has to connect again.
    pub fn is_invalid_grant(&self) -> bool {
        self.word() == Some("invalid_grant")
    }

    /// The client itself is not taken: client id, secret and what it may ask for have to be looked at. Says nothing about
    /// the grant.
    pub fn is_app_refused(&self) -> bool {
        match self {
            Self::Refused { status, error, .. } => match error.as_str() {
                "invalid_client" | "unauthorized_client" | "invalid_scope" => true,
                "invalid_grant" => false,
                _ => *status == 401,
            },
            _ => false,
        }
    }

    /// The same call may work later. Says nothing about the grant.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { .. } if self.is_invalid_grant() => false,
            Self::Refused { status, .. } => matches!(
                classify(Answer::Status {
                    code: *status,
                    retry_after: None
                }),
                Outcome::Retry { .. } | Outcome::RateLimited { .. }
            ),
            Self::Unreadable | Self::Unreachable | Self::NoAnswer => true,
            Self::Unusable(_) => false,
        }
    }

    /// The least time to wait, where the server named one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    fn word(&self) -> Option<&str> {
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

    pub(super) fn refusal(response: &Response, body: &[u8], client_id: &str) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let said = body.error_description.or(body.message);
        let said: String = said.unwrap_or_default().chars().take(500).collect();
        Self::Refused {
            status: response.status().as_u16(),
            error: plain_word(&body.error.unwrap_or_default()),
            description: said.replace(client_id, "…"),
            retry_after: retry_after_of(response),
        }
    }
}

/// As RFC 6749 has them; anything else could be anything, and is shown to people.
fn plain_word(error: &str) -> String {
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
