//! Access tokens that keep themselves fresh, for one process.

use std::fmt;
use std::time::{Duration, Instant};

use ats_http::reqwest::Client;
use ats_http::{AccessTokens, BoxFuture, TokenError};
use futures_util::lock::Mutex;
use secrecy::{ExposeSecret as _, SecretString};

use super::{App, Grant, OAuthError};

/// Refreshes a grant at three quarters of its life, and when Lever refuses a token: one refresh at a time, for everyone who
/// waits. For one process; several that share a grant need a lock that they share.
///
/// Each new grant is handed to `keep` before anything uses it: write it down there, or a restart loses the account.
pub struct RefreshingTokens {
    app: App,
    http: Client,
    keep: Keep,
    held: Mutex<Held>,
}

type Keep = Box<dyn Fn(&Grant, &SecretString) + Send + Sync>;

struct Held {
    access_token: SecretString,
    refresh_token: SecretString,
    refresh_at: Instant,
}

impl RefreshingTokens {
    /// Starts from a refresh token; the first call makes the first access token.
    ///
    /// `keep` is given each new grant, with the refresh token that is good from now on.
    pub fn new(
        app: App,
        http: Client,
        refresh_token: SecretString,
        keep: impl Fn(&Grant, &SecretString) + Send + Sync + 'static,
    ) -> Self {
        let held = Held {
            access_token: SecretString::default(),
            refresh_token,
            refresh_at: Instant::now(),
        };
        Self {
            app,
            http,
            keep: Box::new(keep),
            held: Mutex::new(held),
        }
    }

    async fn fresh(&self, refused: Option<SecretString>) -> Result<SecretString, TokenError> {
        let mut held = self.held.lock().await;
        let refused = refused.is_some_and(|token| same(&token, &held.access_token));
        if refused || Instant::now() >= held.refresh_at {
            self.refresh(&mut held).await?;
        }
        Ok(held.access_token.clone())
    }

    /// Tried once more at once: the first new token may have been issued and lost on the way.
    async fn refresh(&self, held: &mut Held) -> Result<(), TokenError> {
        let mut grant = self.app.refresh(&self.http, &held.refresh_token).await;
        if grant.as_ref().is_err_and(OAuthError::is_temporary) {
            grant = self.app.refresh(&self.http, &held.refresh_token).await;
        }
        let grant = grant.map_err(|error| token_error(&error))?;
        let refresh_token = grant.refresh_token_or(&held.refresh_token);
        (self.keep)(&grant, &refresh_token);
        *held = Held {
            refresh_at: Instant::now() + three_quarters(grant.expires_in),
            access_token: grant.access_token,
            refresh_token,
        };
        Ok(())
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

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

fn three_quarters(life: Duration) -> Duration {
    life / 4 * 3
}

fn token_error(error: &OAuthError) -> TokenError {
    if error.is_invalid_grant() {
        TokenError::Lost(error.to_string())
    } else {
        TokenError::Unavailable(error.to_string())
    }
}

impl fmt::Debug for RefreshingTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingTokens")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
