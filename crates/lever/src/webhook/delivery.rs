//! What Lever posts.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::signature;
use crate::{ApplicationId, ContactId, Event, OpportunityId, StageId, lenient};

/// One delivery. Until [`verify`](Self::verify) says so it may come from anybody.
///
/// The signature covers `token` and `triggered_at` alone: whoever has seen one genuine delivery can put any event, id and
/// data to it. Take ids from it, nothing else.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// Missing in Lever's own examples.
    #[serde(default, deserialize_with = "text")]
    pub id: Option<String>,
    /// What happened.
    #[serde(default = "unnamed")]
    pub event: Event,
    /// When, in milliseconds since the epoch, by Lever's clock.
    pub triggered_at: i64,
    /// Random, fresh for each event. One that came before is the same event again, or a replay.
    pub token: String,
    /// Missing where the webhook has no signature token.
    #[serde(default, deserialize_with = "text")]
    pub signature: Option<String>,
    /// To what. Empty in Lever's test deliveries.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub data: Data,
}

/// To what something happened: ids alone, each `None` where it is missing or not a text.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Data {
    /// The opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// The person.
    pub contact_id: Option<ContactId>,
    /// The application.
    pub application_id: Option<ApplicationId>,
    /// The stage it went to.
    pub to_stage_id: Option<StageId>,
    /// The stage it came from; missing for a new one.
    pub from_stage_id: Option<StageId>,
    /// Everything, as it came.
    pub members: Map<String, Value>,
}

/// A body that is no delivery. The text repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no delivery of Lever's: it has to be a JSON object with token and triggeredAt")]
pub struct BadDelivery;

/// Reads a delivery, whoever sent it. Unknown events and members are taken.
///
/// # Errors
///
/// [`BadDelivery`] without what a signature is made of: a text `token`, and a `triggeredAt` that is a whole number, each
/// once; and for anything that is not JSON throughout.
pub fn parse(body: &[u8]) -> Result<Delivery, BadDelivery> {
    // Members that are not read are skipped without a look at their texts, which may be no UTF-8. Whoever keeps the body
    // counts on it.
    serde_json::from_slice::<Value>(body).map_err(|_| BadDelivery)?;
    serde_json::from_slice(body).map_err(|_| BadDelivery)
}

impl Delivery {
    /// Whether it was signed with `key`, the signature token of the webhook it came to. Unsigned ones were not.
    pub fn verify(&self, key: &SecretString) -> bool {
        let signature = self.signature.as_deref().unwrap_or_default();
        signature::verify(key, &self.token, self.triggered_at, signature)
    }

    /// Sent by the test button in Lever's settings: it says nothing about any candidate.
    pub fn is_test(&self) -> bool {
        self.data.members.is_empty()
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = match Value::deserialize(deserializer)? {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let id = |name: &str| members.get(name).and_then(Value::as_str);
        Ok(Self {
            opportunity_id: id("opportunityId").map(OpportunityId::from),
            contact_id: id("contactId").map(ContactId::from),
            application_id: id("applicationId").map(ApplicationId::from),
            to_stage_id: id("toStageId").map(StageId::from),
            from_stage_id: id("fromStageId").map(StageId::from),
            members,
        })
    }
}

fn unnamed() -> Event {
    Event::Other(String::new())
}

/// A text; anything else is absent, so that it is the signature that decides.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("event", &self.event)
            .field("triggered_at", &self.triggered_at)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data")
            .field("opportunity_id", &self.opportunity_id)
            .field("to_stage_id", &self.to_stage_id)
            .field("from_stage_id", &self.from_stage_id)
            .finish_non_exhaustive()
    }
}
