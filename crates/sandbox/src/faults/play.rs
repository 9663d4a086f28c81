//! What a client meets.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Body};
use crate::refusal::Refusal;
use crate::socket::reset;

/// Longest wait, in milliseconds.
const LONGEST: u64 = 600_000;

/// The kinds of fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Play {
    /// Answer with this status.
    Status {
        /// 400 to 599.
        status: u16,
        /// Sent as `Retry-After`: seconds or a date.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The right answer, late.
    Slow {
        /// How late.
        milliseconds: u64,
    },
    /// Say nothing for so long, then break the connection.
    Hang {
        /// How long.
        milliseconds: u64,
    },
    /// Break the connection at once with a TCP reset.
    Reset,
    /// The right status with half of the right body.
    Truncated,
    /// 502 with a gateway's page.
    NotJson,
    /// 301 to another place.
    Redirect {
        /// Where to; unset: the same call at the API's second home.
        #[serde(default)]
        location: Option<String>,
    },
}

impl Play {
    /// In words, for pages and log.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Status {
                status,
                retry_after: Some(wait),
            } => format!("answer {status} with Retry-After: {wait}"),
            Self::Status { status, .. } => format!("answer {status}"),
            Self::Slow { milliseconds } => format!("answer after {milliseconds} ms"),
            Self::Hang { milliseconds } => format!("hang for {milliseconds} ms"),
            Self::Reset => "reset the connection".to_owned(),
            Self::Truncated => "answer with half of the JSON".to_owned(),
            Self::NotJson => "answer 502 with HTML".to_owned(),
            Self::Redirect { .. } => "answer 301".to_owned(),
        }
    }

    /// The status that the log shows; none where no answer comes.
    pub(crate) fn status(&self, right: Option<u16>) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Slow { .. } | Self::Truncated => right,
            Self::NotJson => Some(502),
            Self::Redirect { .. } => Some(301),
            Self::Hang { .. } | Self::Reset => None,
        }
    }

    /// Refuses what cannot be played; `field` is where it stands.
    pub(super) fn check(&self, field: &'static str) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::field(field, message));
        match self {
            Self::Status { status, .. } if !(400..=599).contains(status) => {
                refuse("The status of a fault lies between 400 and 599.")
            }
            Self::Status {
                retry_after: Some(text),
                ..
            }
            | Self::Redirect {
                location: Some(text),
            } if HeaderValue::from_str(text).is_err() => {
                refuse("Retry-After and location must be one line of plain text.")
            }
            Self::Slow { milliseconds } | Self::Hang { milliseconds }
                if *milliseconds > LONGEST =>
            {
                refuse("A fault lasts 600,000 milliseconds at most.")
            }
            _ => Ok(()),
        }
    }
}

/// Plays a fault to the caller; `right` is the answer of a call that was carried out, `of_status` what the system answers
/// under a status, `second_home` where a redirect leads unless it says so itself.
pub(crate) async fn play(
    play: &Play,
    request: &HttpRequest,
    right: Option<Answer>,
    of_status: impl Fn(u16) -> Answer,
    second_home: &str,
) -> HttpResponse {
    match play {
        Play::Status {
            status,
            retry_after,
        } => {
            let mut answer = of_status(*status);
            if let Some(wait) = retry_after {
                answer = answer.with_header(header::RETRY_AFTER, wait);
            }
            answer.into_response()
        }
        Play::Slow { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            match right {
                Some(right) => right.into_response(),
                None => reset(request),
            }
        }
        Play::Hang { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            reset(request)
        }
        Play::Reset => reset(request),
        Play::Truncated => match right {
            Some(right) => right.cut_in_half().into_response(),
            None => reset(request),
        },
        Play::NotJson => gateways_page().into_response(),
        Play::Redirect { location } => {
            let location = location.as_deref().unwrap_or(second_home);
            let moved = Answer {
                status: 301,
                ..Answer::default()
            };
            moved
                .with_header(header::LOCATION, location)
                .into_response()
        }
    }
}

fn gateways_page() -> Answer {
    const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head>\
        <body><center><h1>502 Bad Gateway</h1></center></body></html>";
    Answer {
        status: 502,
        body: Body::Bytes {
            content_type: "text/html".to_owned(),
            bytes: PAGE.as_bytes().to_vec(),
        },
        ..Answer::default()
    }
}
