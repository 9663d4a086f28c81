//! "Go and read `test_status` now": the PATCH that a finished test calls for.

use std::fmt;
use std::time::Duration;

use ats_http::reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use ats_http::reqwest::{Client, Error, Response};
use ats_http::{
    Answer, ClientConfig, ClientError, HostList, HostRefused, Outcome, answer_of, classify, client,
};

use crate::Credential;

/// Tells Greenhouse that a test is complete.
///
/// Commit the result first: Greenhouse may read `test_status` before it answers the PATCH. For the same reason hold no
/// transaction or lock meanwhile.
///
/// ```no_run
/// use greenhouse_assessment::ats_http::HostList;
/// use greenhouse_assessment::client::{CompletionClient, CompletionOutcome};
/// use greenhouse_assessment::{Credential, Key};
///
/// # async fn tell() -> Result<(), Box<dyn std::error::Error>> {
/// let client = CompletionClient::new("my-vendor/1.0", HostList::new(["greenhouse.io"])?)?;
/// let credential = Credential::OrganizationKey(Key::new("gh_demo")?);
/// let url = "https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1";
/// match client.complete(url, &credential).await {
///     CompletionOutcome::Accepted { .. } => println!("Greenhouse knows"),
///     CompletionOutcome::Retry { not_before, .. } => println!("later: {not_before:?}"),
///     other => println!("a person has to look: {other}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CompletionClient {
    http: Client,
    hosts: HostList,
    more: HeaderMap,
}

/// What came of one PATCH. It never holds the address or the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompletionOutcome {
    /// 2xx: keep the time.
    Accepted {
        /// The answer's status.
        status: u16,
    },
    /// 401 or 403: another key may work; else a person has to look, and it is tried again hours later.
    CredentialRefused {
        /// The answer's status.
        status: u16,
    },
    /// 404 or 410: the test or the application is gone. Stop.
    Gone {
        /// The answer's status.
        status: u16,
    },
    /// 3xx (never followed with a credential), 400, 409, 422 and the like: repeating will not help. Stop.
    Rejected {
        /// The answer's status.
        status: u16,
    },
    /// 429: wait; this says nothing about the test.
    RateLimited {
        /// The server's `Retry-After`, capped at a day.
        not_before: Option<Duration>,
    },
    /// 408, 425, 5xx, no connection or no answer in time: try again.
    Retry {
        /// The answer's status, where there was one.
        status: Option<u16>,
        /// The server's `Retry-After`, capped at a day.
        not_before: Option<Duration>,
    },
    /// Our own list refused the address: nothing was sent.
    Blocked(HostRefused),
}

impl CompletionClient {
    /// A client of its own, which waits 10 s at most and calls only `hosts`.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without usable root certificates or with a `user_agent` that is no header value.
    pub fn new(user_agent: impl Into<String>, hosts: HostList) -> Result<Self, ClientError> {
        let config = ClientConfig {
            timeout: Duration::from_secs(10),
            ..ClientConfig::new(user_agent)
        };
        Ok(Self::with_client(client(config)?, hosts))
    }

    /// The same on a client that is there already. It has to come from [`ats_http::client`]: it follows no redirects.
    pub fn with_client(http: Client, hosts: HostList) -> Self {
        Self {
            http,
            hosts,
            more: HeaderMap::new(),
        }
    }

    /// The same, whose PATCHes carry this `traceparent` (W3C Trace Context), so that whoever follows a call through several
    /// programs finds them. Text that is no header value is left out.
    #[must_use]
    pub fn in_trace(&self, traceparent: &str) -> Self {
        let mut same = self.clone();
        if let Ok(value) = HeaderValue::from_str(traceparent) {
            same.more.insert("traceparent", value);
        }
        same
    }

    /// PATCHes `url`, as `send_test` gave it, if the host list lets it pass. There is no body.
    pub async fn complete(&self, url: &str, credential: &Credential) -> CompletionOutcome {
        let url = match self.hosts.check(url) {
            Ok(url) => url,
            Err(why) => return CompletionOutcome::Blocked(why),
        };
        let result = self
            .http
            .patch(url)
            .headers(self.more.clone())
            .header(AUTHORIZATION, credential.authorization())
            .header(ACCEPT, "application/json")
            .header(CONTENT_LENGTH, 0)
            .send()
            .await;
        outcome(&result)
    }
}

fn outcome(result: &Result<Response, Error>) -> CompletionOutcome {
    let answer = answer_of(result);
    let Answer::Status { code: status, .. } = answer else {
        return CompletionOutcome::Retry {
            status: None,
            not_before: None,
        };
    };
    match classify(answer) {
        // To a PATCH that carries nothing a conflict will not go away.
        _ if status == 409 => CompletionOutcome::Rejected { status },
        _ if matches!(status, 404 | 410) => CompletionOutcome::Gone { status },
        Outcome::Done => CompletionOutcome::Accepted { status },
        Outcome::Unauthorized | Outcome::Forbidden => {
            CompletionOutcome::CredentialRefused { status }
        }
        Outcome::RateLimited { not_before } => CompletionOutcome::RateLimited { not_before },
        Outcome::Retry { not_before, .. } => CompletionOutcome::Retry {
            status: Some(status),
            not_before,
        },
        Outcome::GiveUp => CompletionOutcome::Rejected { status },
    }
}

/// For a receipt or a timeline: "Greenhouse answered 404: the test or the application is gone there".
impl fmt::Display for CompletionOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { status } => write!(f, "Greenhouse answered {status}: accepted"),
            Self::CredentialRefused { status } => {
                write!(f, "Greenhouse answered {status}: it does not take this key")
            }
            Self::Gone { status } => write!(
                f,
                "Greenhouse answered {status}: the test or the application is gone there"
            ),
            Self::Rejected { status } => write!(
                f,
                "Greenhouse answered {status}: it does not take this notice"
            ),
            Self::RateLimited { .. } => f.write_str("Greenhouse answered 429: it asks to wait"),
            Self::Retry {
                status: Some(status),
                ..
            } => write!(f, "Greenhouse answered {status}: it will be tried again"),
            Self::Retry { status: None, .. } => {
                f.write_str("Greenhouse did not answer: it will be tried again")
            }
            Self::Blocked(why) => write!(f, "Nothing was sent: {why}"),
        }
    }
}
