//! A call in somebody's name: within the allowance, with a credential, redirects and refusals seen to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    AccessTokens, HOPS_MAX, HostList, RedirectRefused, Throttle, TokenError, Wait, is_secure,
    redirect, retry_after_of, window_of,
};

/// How long calls pause after a 429 that does not say.
const PAUSE_UNSAID: Duration = Duration::from_secs(1);

/// In whose name calls are made. `Debug` shows no secret.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// HTTP Basic with this user name and an empty password: an API key.
    Basic(SecretString),
    /// A bearer token of a grant.
    Bearer(Arc<dyn AccessTokens>),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic(_) => "Basic(…)",
            Self::Bearer(_) => "Bearer(…)",
        })
    }
}

/// One request, complete, so that it can be sent more than once. `Debug` shows neither address nor body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address, with its query.
    pub url: Url,
    /// The body and its content type.
    pub body: Option<(String, Vec<u8>)>,
    /// What is sent as `Accept`.
    pub accept: &'static str,
}

impl Call {
    /// A call without a body that asks for JSON.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            body: None,
            accept: "application/json",
        }
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn json(self, bytes: Vec<u8>) -> Self {
        self.body("application/json", bytes)
    }

    /// The same with a body of any type.
    #[must_use]
    pub fn body(mut self, content_type: impl Into<String>, bytes: Vec<u8>) -> Self {
        self.body = Some((content_type.into(), bytes));
        self
    }

    /// The same, asking for another type than JSON.
    #[must_use]
    pub fn accept(mut self, types: &'static str) -> Self {
        self.accept = types;
        self
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Why a call gave no answer. It holds neither address nor credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// There is no access token. Where the far side had refused the last one, it did nothing.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The allowance is used up. The far side did nothing.
    #[error(transparent)]
    Wait(#[from] Wait),
    /// A redirect that may not be followed. The far side did nothing but point there.
    #[error(transparent)]
    Redirect(#[from] RedirectRefused),
    /// The address is neither https nor loopback, so that a credential must not go there; or the call is not one that
    /// HTTP can carry.
    #[error("nothing was sent: calls with a credential go over https, or to loopback")]
    NotSent,
    /// No connection came about.
    #[error("no connection came about")]
    Unreachable,
    /// Time-out or reset after the call may have been sent: the far side may have acted.
    #[error("the connection broke, or no answer came in time")]
    Broken,
}

/// Makes calls in one name. Cheap to clone.
///
/// Each request asks the [`Throttle`] first. 301, 302, 307 and 308 are followed at most three times, to listed hosts only,
/// with method, body and credential kept. A 401 asks [`AccessTokens::rejected`] once and repeats the call. What an answer says
/// about the allowance, and a 429, are told to the throttle; after a 429 the call is repeated as often as
/// [`with_repeats`](Self::with_repeats) allows, if the throttle lets it.
#[derive(Debug, Clone)]
pub struct Caller {
    http: Client,
    credential: Credential,
    throttle: Arc<dyn Throttle>,
    redirects: HostList,
    repeats: u32,
}

impl Caller {
    /// `http` comes from [`client`](crate::client()), which follows no redirects of its own.
    pub fn new(
        http: Client,
        credential: Credential,
        throttle: Arc<dyn Throttle>,
        redirects: HostList,
    ) -> Self {
        Self {
            http,
            credential,
            throttle,
            redirects,
            repeats: 2,
        }
    }

    /// How often a call is repeated after a 429, in which nothing was done; 2 unless told otherwise.
    #[must_use]
    pub fn with_repeats(mut self, repeats: u32) -> Self {
        self.repeats = repeats;
        self
    }

    /// Makes one call; gives the last answer, whatever its status.
    ///
    /// # Errors
    ///
    /// [`CallError`] where there was none.
    pub async fn call(&self, call: &Call) -> Result<Response, CallError> {
        let mut response = self.authorized(call).await?;
        for _ in 0..self.repeats {
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            response = self.authorized(call).await?;
        }
        Ok(response)
    }

    async fn authorized(&self, call: &Call) -> Result<Response, CallError> {
        let tokens = match &self.credential {
            Credential::Basic(key) => return self.follow(call, &basic(key)?).await,
            Credential::Bearer(tokens) => tokens,
        };
        let token = tokens.current().await?;
        let response = self.follow(call, &bearer(&token)?).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let newer = tokens.rejected(token).await?;
        self.follow(call, &bearer(&newer)?).await
    }

    async fn follow(&self, call: &Call, credential: &HeaderValue) -> Result<Response, CallError> {
        let mut url = call.url.clone();
        for _ in 0..=HOPS_MAX {
            let response = self.send(call, &url, credential).await?;
            match redirect::target(&url, &response, &self.redirects)? {
                None => return Ok(response),
                Some(next) => url = next,
            }
        }
        Err(RedirectRefused::TooMany.into())
    }

    async fn send(
        &self,
        call: &Call,
        url: &Url,
        credential: &HeaderValue,
    ) -> Result<Response, CallError> {
        if !is_secure(url) {
            return Err(CallError::NotSent);
        }
        self.throttle.permit().await?;
        let response = self.request(call, url, credential).send().await;
        let response = response.map_err(|error| no_answer(&error))?;
        self.report(&response).await;
        Ok(response)
    }

    /// A window that is used up counts like a `Retry-After`: the longer of the two holds.
    async fn report(&self, response: &Response) {
        let window = window_of(response);
        if let Some(window) = window {
            self.throttle.observed(window).await;
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let ends_in = window.map(|window| window.ends_in);
            let wait = retry_after_of(response).max(ends_in);
            let wait = wait.unwrap_or(PAUSE_UNSAID);
            self.throttle.told_to_wait(wait).await;
        }
    }

    fn request(&self, call: &Call, url: &Url, credential: &HeaderValue) -> RequestBuilder {
        let request = self
            .http
            .request(call.method.clone(), url.clone())
            .header(AUTHORIZATION, credential)
            .header(ACCEPT, call.accept);
        match &call.body {
            Some((content_type, bytes)) => request
                .header(CONTENT_TYPE, content_type)
                .body(bytes.clone()),
            None => request,
        }
    }
}

fn no_answer(error: &reqwest::Error) -> CallError {
    if error.is_connect() {
        CallError::Unreachable
    } else if error.is_builder() {
        CallError::NotSent
    } else {
        CallError::Broken
    }
}

fn basic(key: &SecretString) -> Result<HeaderValue, CallError> {
    let pair = STANDARD.encode(format!("{}:", key.expose_secret()));
    header(&format!("Basic {pair}"))
}

fn bearer(token: &SecretString) -> Result<HeaderValue, CallError> {
    header(&format!("Bearer {}", token.expose_secret()))
}

/// Marked as sensitive, so that nothing on the way logs it.
fn header(text: &str) -> Result<HeaderValue, CallError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| CallError::NotSent)?;
    value.set_sensitive(true);
    Ok(value)
}
