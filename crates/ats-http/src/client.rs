//! The one place that builds an HTTP client.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::{Answer, Window, parse_retry_after};

/// What may differ between clients; everything else is fixed in [`client`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// Sent with every request, so that the far side can tell who calls.
    pub user_agent: String,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a whole call, body included.
    pub timeout: Duration,
}

impl ClientConfig {
    /// 5 s to connect, 15 s in all.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(15),
        }
    }
}

/// How long a connection that nobody uses is kept. Many servers hang up after 5 s, some without looking whether a call has just
/// been sent; then nobody knows whether it was taken.
const IDLE: Duration = Duration::from_secs(4);

/// The client could not be built: no usable root certificates, or a user agent that is not a header value.
#[derive(Debug, thiserror::Error)]
#[error(
    "the HTTP client could not be built: check that root certificates (ca-certificates) are installed"
)]
pub struct ClientError(#[from] reqwest::Error);

/// Builds a client that follows no redirect, uses no proxy, unpacks no body and gives up in time.
///
/// It may be called before or after a TLS provider was installed: where none is, ring becomes the process' default.
pub fn client(config: ClientConfig) -> Result<Client, ClientError> {
    // An error only says that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = builder()
        .user_agent(config.user_agent)
        .connect_timeout(config.connect_timeout)
        .timeout(config.timeout)
        .pool_idle_timeout(IDLE)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy();
    Ok(builder
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .build()?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that builds clients"
)]
fn builder() -> reqwest::ClientBuilder {
    Client::builder()
}

/// Puts the result of a call into the words of [`classify`](crate::classify).
pub fn answer_of(result: &Result<Response, reqwest::Error>) -> Answer {
    match result {
        Ok(response) => Answer::Status {
            code: response.status().as_u16(),
            retry_after: retry_after_of(response),
        },
        Err(error) if error.is_connect() => Answer::Unreachable,
        Err(error) if error.is_builder() => Answer::Blocked,
        Err(_) => Answer::Broken,
    }
}

/// The `Retry-After` of an answer. A date is held against the answer's own `Date`, so that clocks that differ do no
/// harm; only where that is missing against ours.
pub fn retry_after_of(response: &Response) -> Option<Duration> {
    let now = sent_at(response).unwrap_or_else(SystemTime::now);
    parse_retry_after(header(response, &RETRY_AFTER)?, now)
}

/// What an answer says about the allowance, in `X-RateLimit-Limit`, `-Remaining` and `-Reset`. The end is held against the
/// answer's own `Date`; only where that is missing against our clock.
pub fn window_of(response: &Response) -> Option<Window> {
    let now = sent_at(response).unwrap_or_else(SystemTime::now);
    let said = |name| header(response, &HeaderName::from_static(name));
    Window::parse(
        said("x-ratelimit-limit")?,
        said("x-ratelimit-remaining")?,
        said("x-ratelimit-reset")?,
        now,
    )
}

/// The `Date` of an answer: the far side's clock, in whole seconds.
pub fn sent_at(response: &Response) -> Option<SystemTime> {
    date_of(response.headers())
}

/// The same, where only the headers are at hand.
pub fn date_of(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

fn header<'a>(response: &'a Response, name: &HeaderName) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}
