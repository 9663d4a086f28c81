//! Calls to Harvest (feature `client`).

mod answer;
mod applications;
mod candidates;
mod clock;
mod listing;
mod notes;
mod request;
mod tags;
mod users;

use std::sync::Arc;
use std::time::Duration;

use ats_http::reqwest::{self, Url};
use ats_http::{
    AccessTokens, BoxStream, Caller, ClientConfig, ClientError, Credential, FixedWindow, HostList,
    Throttle,
};

pub use candidates::CreatedCandidate;

use crate::{API_BASE, Error};

/// What Greenhouse allows until it says otherwise: the least that anybody paces by. A window lasts thirty seconds.
const LIMIT_UNSAID: u32 = 50;
const WINDOW: Duration = Duration::from_secs(30);

/// A list as it comes, page by page, each record once. It owns what it needs; it ends after the first error.
pub type Listing<T> = BoxStream<'static, Result<T, Error>>;

/// A client of Greenhouse's Harvest API. Cheap to clone.
///
/// Each request waits for the [`Throttle`], which learns the allowance from each answer; a 401 asks
/// [`AccessTokens::rejected`] once and repeats the call; a 429 is told to the throttle and repeated twice at most; redirects
/// are followed three times at most, to listed hosts. Nothing else is repeated: [`Error`] says what may be.
///
/// ```no_run
/// # async fn first_call() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt;
/// use greenhouse_harvest::ats_http::StaticToken;
/// use greenhouse_harvest::{Client, JobFilter, JobStatus};
///
/// let client = Client::connect("my-program/1.0", StaticToken::new("token"))?;
/// let mut jobs = client.list(&JobFilter::new().status(JobStatus::Open));
/// while let Some(job) = jobs.try_next().await? {
///     println!("{} {}", job.id, job.name);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    caller: Caller,
    base: Url,
    restart: bool,
}

impl Client {
    /// A client of Greenhouse's production that uses 80 % of what Greenhouse allows, 40 calls in thirty seconds until it has
    /// said how many that are.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without usable root certificates or with a `user_agent` that is no header value.
    pub fn connect(
        user_agent: impl Into<String>,
        tokens: impl AccessTokens + 'static,
    ) -> Result<Self, ClientError> {
        let http = ats_http::client(ClientConfig::new(user_agent))?;
        let base = Url::parse(API_BASE).expect("the constant is an address");
        let hosts = HostList::new(["greenhouse.io"]).expect("the constant is a host name");
        let throttle = Arc::new(FixedWindow::new(LIMIT_UNSAID, WINDOW));
        Ok(Self::new(http, base, Arc::new(tokens), throttle, hosts))
    }

    /// A client of any base, with an allowance of your own. Greenhouse does not say whether it counts by organization, app or
    /// token: share one throttle among all clients of a connection.
    ///
    /// `http` comes from [`ats_http::client`], which follows no redirects of its own; `api_base` holds the `/v3`;
    /// `redirects` are the hosts that a redirect may lead to.
    pub fn new(
        http: reqwest::Client,
        api_base: Url,
        tokens: Arc<dyn AccessTokens>,
        throttle: Arc<dyn Throttle>,
        redirects: HostList,
    ) -> Self {
        Self {
            caller: Caller::new(http, Credential::Bearer(tokens), throttle, redirects),
            base: api_base,
            restart: true,
        }
    }

    /// How often a call is repeated after a 429; twice unless told otherwise.
    #[must_use]
    pub fn with_repeats(mut self, repeats: u32) -> Self {
        self.caller = self.caller.with_repeats(repeats);
        self
    }

    /// Whether a list is begun again, three times at most, when Greenhouse refuses the place where its next page begins;
    /// it is unless told otherwise. How long such a place is good for is not documented.
    #[must_use]
    pub fn restart_lists(mut self, restart: bool) -> Self {
        self.restart = restart;
        self
    }
}
