//! Calls to Lever's Data API (feature `client`).

mod answer;
mod feedback;
mod files;
mod filter;
mod listing;
mod multipart;
mod notes;
mod opportunities;
mod people;
mod pipeline;
mod postings;
mod request;
mod webhooks;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use ats_http::reqwest::{self, Url};
use ats_http::{
    AccessTokens, BoxStream, Caller, ClientConfig, ClientError, HostList, Throttle, TokenBucket,
};
use secrecy::SecretString;

pub use files::{Download, NewFile};
pub use filter::{Between, ConfidentialityFilter, Expand, Filter};
pub use people::UserFilter;
pub use postings::PostingFilter;

use crate::{API_BASE, Error};

/// A list as it comes, page by page, each id once. It owns what it needs; it ends after the first error.
pub type Listing<T> = BoxStream<'static, Result<T, Error>>;

/// In whose name calls are made. `Debug` shows no secret.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A key that a Super Admin made for the account's own programs.
    ApiKey(SecretString),
    /// The grant of a Super Admin to an app.
    OAuth(Arc<dyn AccessTokens>),
}

/// An answer with the moment at which Lever sent it, by Lever's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dated<T> {
    /// What was asked for.
    pub value: T,
    /// The answer's `Date`, in whole seconds: what happened up to the end of that second may be in the answer or not.
    pub sent_at: Option<SystemTime>,
}

/// A client of Lever's Data API. Cheap to clone.
///
/// Each request waits for the [`Throttle`]; a 401 asks [`AccessTokens::rejected`] once and repeats the call; a 429 is told
/// to the throttle and repeated twice at most; redirects are followed three times at most, to listed hosts. Nothing else is
/// repeated: [`Error`] says what may be.
///
/// ```no_run
/// # async fn first_call() -> Result<(), Box<dyn std::error::Error>> {
/// use lever::{Client, Credential};
///
/// let client = Client::connect("my-program/1.0", Credential::ApiKey("key".into()))?;
/// for stage in client.stages().await? {
///     println!("{} {}", stage.id, stage.text);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    caller: Caller,
    base: Url,
}

impl Client {
    /// A client of Lever's production that allows itself 10 requests a second, 20 after a quiet time, as Lever does.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without usable root certificates or with a `user_agent` that is no header value.
    pub fn connect(
        user_agent: impl Into<String>,
        credential: Credential,
    ) -> Result<Self, ClientError> {
        let http = ats_http::client(ClientConfig::new(user_agent))?;
        let base = Url::parse(API_BASE).expect("the constant is an address");
        let hosts = HostList::new(["lever.co"]).expect("the constant is a host name");
        let throttle = Arc::new(TokenBucket::new(10, 20));
        Ok(Self::new(http, base, credential, throttle, hosts))
    }

    /// A client of any base, with an allowance of your own.
    ///
    /// `http` comes from [`ats_http::client`], which follows no redirects of its own; `api_base` holds the `/v1`;
    /// `redirects` are the hosts that a redirect may lead to.
    pub fn new(
        http: reqwest::Client,
        api_base: Url,
        credential: Credential,
        throttle: Arc<dyn Throttle>,
        redirects: HostList,
    ) -> Self {
        let credential = match credential {
            Credential::ApiKey(key) => ats_http::Credential::Basic(key),
            Credential::OAuth(tokens) => ats_http::Credential::Bearer(tokens),
        };
        Self {
            caller: Caller::new(http, credential, throttle, redirects),
            base: api_base,
        }
    }

    /// How often a call is repeated after a 429; twice unless told otherwise.
    #[must_use]
    pub fn with_repeats(mut self, repeats: u32) -> Self {
        self.caller = self.caller.with_repeats(repeats);
        self
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey(_) => "ApiKey(…)",
            Self::OAuth(_) => "OAuth(…)",
        })
    }
}
