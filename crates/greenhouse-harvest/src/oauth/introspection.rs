//! What the authorization server says of a token.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::OAuthError;
use crate::UserId;

/// Whose a token is, and what it may do. `Debug` shows no name.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether it is good. Where it is not, the rest is missing.
    pub active: bool,
    /// To which client it was given.
    pub client_id: Option<String>,
    /// Who acts: a user's id, or a service account's.
    pub subject: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whose account it is. Compare it when a connection is made again.
    pub organization_id: Option<i64>,
    /// That organization's name.
    pub organization_name: Option<String>,
    /// As what the user acts.
    pub user_role: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    active: bool,
    #[serde(default)]
    client_id: Value,
    #[serde(default)]
    sub: Value,
    #[serde(default)]
    scope: Value,
    #[serde(default, rename = "https://auth.greenhouse.io/claims")]
    claims: Value,
}

impl Introspection {
    pub(super) fn read(body: &[u8]) -> Result<Self, OAuthError> {
        let wire: Wire = serde_json::from_slice(body).map_err(|_| OAuthError::Unreadable)?;
        let organization = &wire.claims["organization"];
        let scope = text(&wire.scope).unwrap_or_default();
        Ok(Self {
            active: wire.active,
            client_id: text(&wire.client_id),
            subject: text(&wire.sub),
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
            organization_id: text(&organization["id"]).and_then(|id| id.parse().ok()),
            organization_name: text(&organization["name"]),
            user_role: text(&wire.claims["user_role"]),
        })
    }

    /// The subject as the user it names.
    pub fn user_id(&self) -> Option<UserId> {
        let id = self.subject.as_ref()?.parse().ok()?;
        Some(UserId::new(id))
    }
}

/// A text, or a number as its digits.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("active", &self.active)
            .field("organization_id", &self.organization_id)
            .field("subject", &self.subject)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
