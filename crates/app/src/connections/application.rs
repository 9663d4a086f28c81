//! Our application at an ATS: the way there, a grant for a code, the next grant for the last one. Which ATS it is is known here
//! alone; whoever keeps grants does not ask.

use std::fmt;
use std::time::Duration;

use ats_http::reqwest::Client;
use domain::ConnectionKind;
use greenhouse_harvest::oauth as harvest;
use lever::oauth as lever_oauth;
use secrecy::SecretString;
use url::Url;

use crate::{App, Error, Result};

/// Our application at one ATS.
#[derive(Debug, Clone, Copy)]
pub(super) enum Application<'a> {
    Lever(&'a lever_oauth::App),
    Harvest(&'a harvest::App),
}

/// What an authorization server gave.
#[derive(Clone)]
pub(super) struct Given {
    /// What calls are made with.
    pub(super) access_token: SecretString,
    /// What the next ones come from; none where it gave none.
    pub(super) refresh_token: Option<SecretString>,
    /// How long the access token lives from now.
    pub(super) expires_in: Duration,
    /// What was granted, as far as it says.
    pub(super) scopes: Vec<String>,
    /// For which account, where the token itself says.
    pub(super) account_id: Option<String>,
    /// Who let us in, where the token itself says.
    pub(super) user_id: Option<String>,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given(for {:?})", self.expires_in)
    }
}

/// Why it gave nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum AuthError {
    #[error(transparent)]
    Lever(#[from] lever_oauth::OAuthError),
    #[error(transparent)]
    Harvest(#[from] harvest::OAuthError),
}

/// Our application at the ATS of a kind.
///
/// # Errors
/// [`Error::Conflict`] where no client id is set, naming the settings, and for a kind without grants.
pub(super) fn application(app: &App, kind: ConnectionKind) -> Result<Application<'_>> {
    let config = app.config();
    let (found, message) = match kind {
        ConnectionKind::Lever => (
            config.lever.oauth.as_ref().map(Application::Lever),
            "Lever cannot be connected here: the operator has to set `lever.client_id` and `lever.client_secret`",
        ),
        ConnectionKind::GreenhouseHarvest => (
            config.harvest.oauth.as_ref().map(Application::Harvest),
            "Greenhouse cannot be connected here: the operator has to set `greenhouse.client_id` and `greenhouse.client_secret`",
        ),
        ConnectionKind::GreenhouseAssessment => (
            None,
            "Greenhouse calls us, with a key: nothing is granted to us there",
        ),
    };
    found.ok_or_else(|| Error::conflict("no_client_id", message))
}

impl Application<'_> {
    /// Where a person lets us in.
    pub(super) fn authorize_url(self, state: &str, verifier: Option<&SecretString>) -> Url {
        match self {
            Self::Lever(app) => app.authorize_url(state, verifier),
            Self::Harvest(app) => app.authorize_url(state, verifier),
        }
    }

    /// What it asks for.
    pub(super) fn scopes(&self) -> &[String] {
        match self {
            Self::Lever(app) => &app.scopes,
            Self::Harvest(app) => &app.scopes,
        }
    }

    pub(super) async fn exchange(
        self,
        http: &Client,
        code: &str,
        verifier: Option<&SecretString>,
    ) -> Result<Given, AuthError> {
        Ok(match self {
            Self::Lever(app) => app.exchange(http, code, verifier).await?.into(),
            Self::Harvest(app) => app.exchange(http, code, verifier).await?.into(),
        })
    }

    pub(super) async fn refresh(
        self,
        http: &Client,
        token: &SecretString,
    ) -> Result<Given, AuthError> {
        Ok(match self {
            Self::Lever(app) => app.refresh(http, token).await?.into(),
            Self::Harvest(app) => app.refresh(http, token).await?.into(),
        })
    }

    /// Gives a grant back. Neither ATS documents how; at Greenhouse an admin has to do it where no address is set.
    pub(super) async fn revoke(self, http: &Client, token: &SecretString) -> Result<(), AuthError> {
        match self {
            Self::Lever(app) => app.revoke(http, token).await?,
            Self::Harvest(app) => drop(app.revoke(http, token).await?),
        }
        Ok(())
    }
}

impl From<lever_oauth::Grant> for Given {
    fn from(grant: lever_oauth::Grant) -> Self {
        Self {
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            expires_in: grant.expires_in,
            scopes: grant.scopes,
            account_id: grant.account_id,
            user_id: grant.user_id,
        }
    }
}

impl From<harvest::Grant> for Given {
    fn from(grant: harvest::Grant) -> Self {
        Self {
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            expires_in: grant.expires_in,
            scopes: grant.scopes,
            account_id: None,
            user_id: None,
        }
    }
}

impl AuthError {
    /// The code or refresh token is used up, revoked, too old or made up.
    pub(super) fn is_invalid_grant(&self) -> bool {
        match self {
            Self::Lever(error) => error.is_invalid_grant(),
            Self::Harvest(error) => error.is_invalid_grant(),
        }
    }

    /// The application itself is not taken.
    pub(super) fn is_app_refused(&self) -> bool {
        match self {
            Self::Lever(error) => error.is_app_refused(),
            Self::Harvest(error) => error.is_app_refused(),
        }
    }

    /// The same call may work later.
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            Self::Lever(error) => error.is_temporary(),
            Self::Harvest(error) => error.is_temporary(),
        }
    }

    /// How long it asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Lever(error) => error.retry_after(),
            Self::Harvest(error) => error.retry_after(),
        }
    }
}
