//! Access tokens that keep themselves fresh, for one process.

use std::fmt;
use std::time::{Duration, Instant};

use ats_http::reqwest::Client;
use ats_http::{AccessTokens, BoxFuture, TokenError};
use futures_util::lock::Mutex;
use secrecy::{ExposeSecret as _, SecretString};

use super::{App, Grant, OAuthError};
use crate::UserId;

/// How long the authorization server is left alone after it was in trouble and named no time: it counts requests by the
/// minute.
const REST: Duration = Duration::from_secs(5);

/// Renews a token at three quarters of its life, and when Greenhouse refuses it: one request at a time, for everyone who
/// waits. While the authorization server is in trouble the token at hand goes on to be used until its end.
///
/// For one process; several that share a grant need a lock that they share, since a second refresh with one token may
/// end the connection.
pub struct RefreshingTokens {
    app: App,
    http: Client,
    source: Source,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
    held: Mutex<Held>,
}

enum Source {
    Grant(Keep),
    Own(Option<UserId>),
}

type Keep = Box<dyn Fn(&Grant) + Send + Sync>;

#[derive(Default)]
struct Held {
    token: Option<Token>,
    refresh_token: SecretString,
    /// Nothing is asked before this moment, for this reason; without a moment never again.
    rest: Option<(Option<Instant>, TokenError)>,
}

struct Token {
    text: SecretString,
    refresh_at: Instant,
    ends_at: Instant,
}

impl RefreshingTokens {
    /// Starts from a partner's refresh token; the first call makes the first access token.
    ///
    /// Each new grant is handed to `keep` before anything uses it: write it down there, or a restart loses the connection.
    pub fn of_grant(
        app: App,
        http: Client,
        refresh_token: SecretString,
        keep: impl Fn(&Grant) + Send + Sync + 'static,
    ) -> Self {
        let held = Held {
            refresh_token,
            ..Held::default()
        };
        Self::new(app, http, Source::Grant(Box::new(keep)), held)
    }

    /// Of an organization's [own](App::own) credential, in the name of a user, or of its service user.
    pub fn of_own(app: App, http: Client, user: Option<UserId>) -> Self {
        Self::new(app, http, Source::Own(user), Held::default())
    }

    fn new(app: App, http: Client, source: Source, held: Held) -> Self {
        Self {
            app,
            http,
            source,
            clock: Box::new(Instant::now),
            held: Mutex::new(held),
        }
    }

    /// The same by another clock: for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    async fn fresh(&self, refused: Option<SecretString>) -> Result<SecretString, TokenError> {
        let mut held = self.held.lock().await;
        if refused.is_some_and(|token| held.is(&token)) {
            held.token = None;
        }
        let now = (self.clock)();
        if held
            .token
            .as_ref()
            .is_none_or(|token| now >= token.refresh_at)
        {
            held.check_rest(now);
            if held.rest.is_none() {
                self.renew(&mut held).await;
            }
        }
        held.usable((self.clock)())
    }

    async fn renew(&self, held: &mut Held) {
        let grant = match &self.source {
            Source::Grant(_) => self.app.refresh(&self.http, &held.refresh_token).await,
            Source::Own(user) => self.app.client_credentials(&self.http, *user).await,
        };
        let now = (self.clock)();
        match grant {
            Ok(grant) => self.take(held, grant, now),
            Err(error) => held.rest = Some(self.rest(&error, now)),
        }
    }

    fn take(&self, held: &mut Held, grant: Grant, now: Instant) {
        if let Source::Grant(keep) = &self.source {
            keep(&grant);
        }
        if let Some(refresh_token) = grant.refresh_token {
            held.refresh_token = refresh_token;
        }
        held.token = Some(Token {
            text: grant.access_token,
            refresh_at: now + grant.expires_in / 4 * 3,
            ends_at: now + grant.expires_in,
        });
    }

    /// A dead grant is never tried again. A credential that is not taken says nothing about a grant; an own one is all there
    /// is.
    fn rest(&self, error: &OAuthError, now: Instant) -> (Option<Instant>, TokenError) {
        let again = now + error.retry_after().unwrap_or_default().max(REST);
        let text = error.to_string();
        match &self.source {
            Source::Grant(_) if error.is_invalid_grant() => (None, TokenError::Lost(text)),
            Source::Own(_) if !error.is_temporary() => (Some(again), TokenError::Lost(text)),
            _ => (Some(again), TokenError::Unavailable(text)),
        }
    }
}

impl Held {
    fn is(&self, token: &SecretString) -> bool {
        let held = self.token.as_ref();
        held.is_some_and(|held| held.text.expose_secret() == token.expose_secret())
    }

    fn check_rest(&mut self, now: Instant) {
        self.rest
            .take_if(|(until, _)| until.is_some_and(|until| now >= until));
    }

    fn usable(&self, now: Instant) -> Result<SecretString, TokenError> {
        let token = self.token.as_ref().filter(|token| now < token.ends_at);
        match (token, &self.rest) {
            (Some(token), _) => Ok(token.text.clone()),
            (None, Some((_, error))) => Err(error.clone()),
            (None, None) => Err(TokenError::Unavailable("the last one has run out".into())),
        }
    }
}

impl AccessTokens for RefreshingTokens {
    fn current(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(self.fresh(None))
    }

    fn rejected(&self, token: SecretString) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(self.fresh(Some(token)))
    }
}

impl fmt::Debug for RefreshingTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingTokens")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
