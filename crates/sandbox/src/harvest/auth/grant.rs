//! What was granted.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A code on its way to the token endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) organization_id: u64,
    pub(crate) user_id: u64,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// A grant of a person, of a service account, or of an own credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) id: u64,
    pub(crate) client_id: String,
    pub(crate) organization_id: u64,
    /// Who acts.
    pub(crate) user_id: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) granted_at: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) ended_because: Option<String>,
    /// The newest one alone is good; none for an own credential.
    pub(crate) refresh_tokens: Vec<Secret>,
    /// Until when the newest one is.
    pub(crate) refresh_until: DateTime<Utc>,
    pub(crate) refreshes: u64,
    pub(crate) refused_refreshes: u64,
    /// Refresh tokens that came once more after they were used.
    pub(crate) reuses: u64,
}

impl Grant {
    /// Ends it; a grant that has ended already keeps its first reason.
    pub(crate) fn end(&mut self, now: DateTime<Utc>, why: &str) {
        if self.ended_at.is_none() {
            self.ended_at = Some(now);
            self.ended_because = Some(why.to_owned());
        }
    }

    /// Whether it can still be refreshed.
    pub(crate) fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && !self.refresh_tokens.is_empty() && now < self.refresh_until
    }
}

/// An issued access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) grant_id: u64,
    pub(crate) expires_at: DateTime<Utc>,
}
