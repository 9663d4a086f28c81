//! What the authorization server hands out.

use std::fmt;
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::{App, OAuthError, expiry};

/// Access to one organization. `Debug` shows no token.
#[derive(Clone)]
#[non_exhaustive]
pub struct Grant {
    /// What calls are made with.
    pub access_token: SecretString,
    /// What the next grant is made from, once, within 24 hours. Missing for client credentials.
    pub refresh_token: Option<SecretString>,
    /// How long the access token lives from now; an hour, as a rule.
    pub expires_in: Duration,
    /// What was granted, where the answer says; else what was asked for.
    pub scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    expires_at: Value,
    /// What the exchange of old keys said.
    #[serde(default)]
    expires: Value,
    scope: Option<String>,
}

impl Grant {
    /// `sent_at` is the server's own time.
    pub(super) fn read(body: &[u8], sent_at: SystemTime, app: &App) -> Result<Self, OAuthError> {
        let wire: Wire = serde_json::from_slice(body).map_err(|_| OAuthError::Unreadable)?;
        if wire.access_token.expose_secret().is_empty() {
            return Err(OAuthError::Unreadable);
        }
        let moment = match wire.expires_at {
            Value::Null => wire.expires,
            said => said,
        };
        let life = expiry::life(&wire.expires_in, &moment, sent_at);
        let named = |scope: String| scope.split_whitespace().map(str::to_owned).collect();
        Ok(Self {
            expires_in: life.unwrap_or(app.life_unsaid),
            scopes: wire.scope.map_or_else(|| app.scopes.clone(), named),
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
            .finish_non_exhaustive()
    }
}
