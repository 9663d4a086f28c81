//! API keys on the wire.

use app::api_keys::{ApiKeyRecord, NewKey, ShownKey};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::names;

names! {
    /// Which door a key opens: `/v1` or Greenhouse's.
    ApiKeyKind = domain::ApiKeyKind { Platform, GreenhouseAssessment }
}

names! {
    /// What a key may do: `read` and `write` with kind `platform`, `assess` and `mail` with `greenhouse_assessment`.
    ApiKeyScope = domain::ApiKeyScope { Read, Write, Assess, Mail }
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    kind: ApiKeyKind,
    /// What people call it; 1 to 200 characters.
    #[schema(example = "Greenhouse, production")]
    name: String,
    /// All that its kind can, where nothing is said.
    #[serde(default)]
    scopes: Option<Vec<ApiKeyScope>>,
}

impl From<NewApiKey> for NewKey {
    fn from(new: NewApiKey) -> Self {
        let scopes = new.scopes;
        Self {
            kind: new.kind.into(),
            name: new.name,
            scopes: scopes.map(|scopes| scopes.into_iter().map(Into::into).collect()),
        }
    }
}

/// How a key is replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rotation {
    /// How long the old key works on; 0 to 2592000 (30 days).
    #[schema(default = 0)]
    pub(crate) overlap_seconds: i64,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    id: Uuid,
    kind: ApiKeyKind,
    name: String,
    scopes: Vec<ApiKeyScope>,
    /// The part of the key that may be shown, after `bt_` or `gh_`.
    #[schema(example = "4jX9PqLmN0aB")]
    public_id: String,
    created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    #[schema(required)]
    ends_at: Option<DateTime<Utc>>,
    /// Written down once a minute at most.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

impl From<&ApiKeyRecord> for ApiKey {
    fn from(key: &ApiKeyRecord) -> Self {
        Self {
            id: key.id.into(),
            kind: key.kind.into(),
            name: key.name.clone(),
            scopes: key.scopes.iter().copied().map(Into::into).collect(),
            public_id: key.public_id.clone(),
            created_at: key.created_at,
            ends_at: key.ends_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A key just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewlyShownApiKey {
    #[serde(flatten)]
    about: ApiKey,
    /// The key itself; shown here only.
    #[schema(example = "gh_4jX9PqLmN0aB_…")]
    key: String,
}

impl From<&ShownKey> for NewlyShownApiKey {
    fn from(shown: &ShownKey) -> Self {
        Self {
            about: (&shown.record).into(),
            key: shown.text.expose_secret().to_owned(),
        }
    }
}
