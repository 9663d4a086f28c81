//! Webhooks: where Lever tells of events.

use secrecy::SecretString;
use serde::Deserialize;

use crate::{Event, Identified, Origin, Timestamp, WebhookId, lenient};

/// A webhook. `GET /webhooks` lists those of other parties too: leave alone what is not yours.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What it tells about.
    pub event: Option<Event>,
    /// Where it tells it.
    pub url: String,
    /// Persons of these origins alone; all when empty.
    pub origins: Vec<Origin>,
    /// The key of its signatures. Lever shows it once, in the answer to its creation.
    pub signature_token: Option<SecretString>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A webhook to make. Making it twice makes two, and every event arrives twice: list them first.
///
/// Even then a Super Admin has to switch its group on in Lever's settings. No call can do that, or tell whether it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewWebhook {
    /// What to tell about.
    pub event: Event,
    /// Where: https.
    pub url: String,
    /// Persons of these origins alone. Leave it empty for all: a subset silently drops the others.
    pub origins: Vec<Origin>,
}

/// What to change of a webhook that was made through the API.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookUpdate {
    /// Which one.
    pub id: WebhookId,
    /// Where it shall tell.
    pub url: String,
    /// Persons of these origins alone; all when empty.
    pub origins: Vec<Origin>,
}

impl NewWebhook {
    /// One for persons of all origins.
    pub fn new(event: Event, url: impl Into<String>) -> Self {
        Self {
            event,
            url: url.into(),
            origins: Vec::new(),
        }
    }
}

impl WebhookUpdate {
    /// Points a webhook elsewhere.
    pub fn new(id: WebhookId, url: impl Into<String>) -> Self {
        Self {
            id,
            url: url.into(),
            origins: Vec::new(),
        }
    }
}

impl Identified for Webhook {
    type Id = WebhookId;

    fn id(&self) -> &WebhookId {
        &self.id
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: WebhookId,
    event: Option<Event>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    url: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    configuration: Configuration,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Configuration {
    signature_token: Option<SecretString>,
    #[serde(deserialize_with = "lenient::or_default")]
    conditions: Conditions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Conditions {
    #[serde(deserialize_with = "lenient::or_default")]
    origins: Vec<Origin>,
}

impl From<Wire> for Webhook {
    fn from(wire: Wire) -> Self {
        Self {
            id: wire.id,
            event: wire.event,
            url: wire.url,
            origins: wire.configuration.conditions.origins,
            signature_token: wire.configuration.signature_token,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
        }
    }
}
