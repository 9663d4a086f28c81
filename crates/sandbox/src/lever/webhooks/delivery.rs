//! One delivery of an event to a webhook: its signed body and its attempts.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use super::webhook::Webhook;
use crate::lever::world::Lever;
use crate::secret::{Secret, hex};

/// Deliveries kept; the oldest go first.
const KEPT: usize = 5_000;

/// Why there is a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Something happened.
    Event,
    /// **Verify connection** was pressed.
    Test,
    /// **Rerun** was pressed.
    Rerun,
    /// The same bytes once more.
    Duplicate,
    /// It did not happen.
    Forged,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Kept back until it is released.
    Held,
    /// An attempt is to come, or under way.
    Waiting,
    /// Answered 2xx.
    Delivered,
    /// Not answered 2xx, and no attempt is to come.
    Failed,
    /// Never sent.
    Dropped,
}

/// One attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: i64,
    /// None where no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) milliseconds: u64,
    /// Why no answer came.
    pub(crate) note: Option<String>,
}

/// One delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) webhook_id: String,
    pub(crate) account_id: String,
    pub(crate) event: String,
    pub(crate) event_id: Option<String>,
    pub(crate) opportunity_id: Option<String>,
    pub(crate) triggered_at: i64,
    pub(crate) url: String,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) next_attempt_at: Option<i64>,
    pub(crate) body: String,
    pub(crate) attempts: Vec<Attempt>,
}

/// `lowercase_hex(HMAC-SHA256(key, token ‖ decimal(time)))`; the key is the signing token as text.
pub(crate) fn signature(key: &Secret, token: &str, triggered_at: i64) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).expect("a key of any length will do");
    mac.update(token.as_bytes());
    mac.update(triggered_at.to_string().as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// A delivery that was not put anywhere yet; with an `id` of the event in its body unless it is a test.
pub(crate) fn compose(
    lever: &mut Lever,
    now: i64,
    webhook: &Webhook,
    kind: Kind,
    event: &str,
    data: &Value,
) -> Delivery {
    let token = Secret::draw(24).0;
    let mut body = json!({
        "event": event,
        "triggeredAt": now,
        "token": token,
        "signature": signature(&webhook.signature_token, &token, now),
        "data": data,
    });
    let event_id = (kind != Kind::Test).then(|| lever.ids.draw());
    if let Some(id) = &event_id {
        body["id"] = id.as_str().into();
    }
    Delivery {
        id: 0,
        webhook_id: webhook.id.clone(),
        account_id: webhook.account_id.clone(),
        event: event.to_owned(),
        event_id,
        opportunity_id: data["opportunityId"].as_str().map(ToOwned::to_owned),
        triggered_at: now,
        url: webhook.url.clone(),
        kind,
        state: State::Waiting,
        next_attempt_at: None,
        body: body.to_string(),
        attempts: Vec::new(),
    }
}

impl Delivery {
    /// Gives it a new token and time, and signs it anew.
    pub(crate) fn sign_anew(&mut self, now: i64, webhook: &Webhook) {
        let Ok(mut body) = serde_json::from_str::<Value>(&self.body) else {
            return;
        };
        let token = Secret::draw(24).0;
        body["signature"] = signature(&webhook.signature_token, &token, now).into();
        body["token"] = token.into();
        body["triggeredAt"] = now.into();
        self.triggered_at = now;
        self.body = body.to_string();
    }

    /// The same bytes as another delivery.
    pub(crate) fn again(&self, kind: Kind) -> Self {
        Self {
            kind,
            state: State::Waiting,
            next_attempt_at: None,
            attempts: Vec::new(),
            ..self.clone()
        }
    }
}

/// Puts a delivery into the log, where it gets its number. With a time it is also to be attempted then.
pub(crate) fn add(lever: &mut Lever, mut delivery: Delivery, at: Option<i64>) -> u64 {
    lever.next_delivery += 1;
    let id = lever.next_delivery;
    delivery.id = id;
    delivery.next_attempt_at = at;
    if let Some(at) = at {
        lever.due.insert((at, id));
    }
    lever.deliveries.insert(id, delivery);
    if lever.deliveries.len() > KEPT
        && let Some((oldest, _)) = lever.deliveries.pop_first()
    {
        lever.due.retain(|(_, id)| *id != oldest);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_the_test_vector() {
        let key = Secret("9e27c41f0b6a85d3e2f7104cb98a6d5f31c07ea42d6b8f19".to_owned());
        let token = "4b1d0c7e9fa2365870ce11b49d2e7a86f3059c6ad814be27";
        assert_eq!(
            signature(&key, token, 1_790_000_000_123),
            "1a9601f2f88170813992c2cefa6a6babc46db81906efd313e91c90be80540102"
        );
    }
}
