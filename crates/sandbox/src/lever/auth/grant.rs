//! What a Super Admin granted to an app: a code at first, then a family of refresh tokens with their access tokens.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// Life of a code, in milliseconds.
pub(crate) const CODE_LIFE: i64 = 10 * 60 * 1_000;

/// A refresh token that nobody used for so long is dead.
pub(crate) const IDLE_LIFE: i64 = 90 * 24 * 3_600 * 1_000;

/// A grant that is so old is dead.
pub(crate) const ABSOLUTE_LIFE: i64 = 365 * 24 * 3_600 * 1_000;

/// A PKCE challenge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Challenge {
    pub(crate) challenge: String,
    /// The verifier is hashed; else it is compared as it is.
    pub(crate) hashed: bool,
}

/// A one-time code on its way to the token endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) account_id: String,
    pub(crate) user_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) expires_at: i64,
}

/// One refresh token of a family.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) token: Secret,
    /// The place of the one that it replaced.
    pub(crate) replaces: Option<usize>,
    pub(crate) last_used_at: i64,
    pub(crate) replaced_at: Option<i64>,
}

/// A grant with its family of refresh tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) account_id: String,
    pub(crate) user_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) granted_at: i64,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) revoked_because: Option<String>,
    /// Oldest first; none without `offline_access`.
    pub(crate) refresh_tokens: Vec<RefreshToken>,
    pub(crate) refreshes: u64,
    pub(crate) refused_refreshes: u64,
    /// Refresh tokens that came once more after they were replaced.
    pub(crate) reuses: u64,
    pub(crate) last_refreshed_at: Option<i64>,
}

impl Grant {
    /// Ends it; a grant that has ended already keeps its first reason.
    pub(crate) fn end(&mut self, now: i64, why: &str) {
        if self.revoked_at.is_none() {
            self.revoked_at = Some(now);
            self.revoked_because = Some(why.to_owned());
        }
    }

    /// Whether it can still be refreshed.
    pub(crate) fn is_live(&self, now: i64) -> bool {
        let newest = self.refresh_tokens.last();
        let used = newest.is_some_and(|token| now - token.last_used_at <= IDLE_LIFE);
        self.revoked_at.is_none() && used && now - self.granted_at <= ABSOLUTE_LIFE
    }
}

/// An issued access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) grant_id: String,
    pub(crate) expires_at: i64,
}
