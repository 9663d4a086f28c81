//! What the authorization server hands out.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{OAuthError, claims};
use crate::lenient;

/// What Lever documents, for an answer that leaves it out: a refresh token that came with it must not be lost.
const LIFE_UNSAID: u64 = 3600;

/// Access to one Lever account. `Debug` shows no token.
#[derive(Clone)]
#[non_exhaustive]
pub struct Grant {
    /// What calls are made with.
    pub access_token: SecretString,
    /// What the next grant is made from. Missing after an exchange: `offline_access` was not granted, and access ends with
    /// this token. Missing after a refresh: the one before stays good.
    pub refresh_token: Option<SecretString>,
    /// How long the access token lives; an hour, as a rule.
    pub expires_in: Duration,
    /// What was granted.
    pub scopes: Vec<String>,
    /// Whose account, as the access token says. To show, and to see whether it is the same account again; never to decide
    /// what anybody may do, since its signature was not checked.
    pub account_id: Option<String>,
    /// Which Super Admin, as the access token says.
    pub user_id: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    #[serde(default, deserialize_with = "lenient::number")]
    expires_in: Option<u64>,
    scope: Option<String>,
}

impl Grant {
    /// The refresh token to keep, given the one that this grant was made from.
    pub fn refresh_token_or(&self, before: &SecretString) -> SecretString {
        self.refresh_token.clone().unwrap_or_else(|| before.clone())
    }

    /// Where the answer names no scopes, they are those that were asked for (RFC 6749, 5.1).
    pub(super) fn read(body: &[u8], asked: &[String]) -> Result<Self, OAuthError> {
        let wire: Wire = serde_json::from_slice(body).map_err(|_| OAuthError::Unreadable)?;
        if wire.access_token.expose_secret().is_empty() {
            return Err(OAuthError::Unreadable);
        }
        let claims = claims::read(wire.access_token.expose_secret());
        let named = |scope: String| scope.split_whitespace().map(str::to_owned).collect();
        Ok(Self {
            expires_in: Duration::from_secs(wire.expires_in.unwrap_or(LIFE_UNSAID)),
            scopes: wire.scope.map_or_else(|| asked.to_vec(), named),
            account_id: claims.account_id,
            user_id: claims.user_id,
            refresh_token: wire
                .refresh_token
                .filter(|token| !token.expose_secret().is_empty()),
            access_token: wire.access_token,
        })
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("expires_in", &self.expires_in)
            .field("scopes", &self.scopes)
            .field("account_id", &self.account_id)
            .finish_non_exhaustive()
    }
}
