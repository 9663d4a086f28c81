//! The signed body of a delivery.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::webhook::Webhook;
use crate::lever::world::Lever;
pub(crate) use crate::outbox::delivery::{Delivery, Kind, State};
use crate::secret::{Secret, hex};

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
        owner_id: webhook.account_id.clone(),
        event: event.to_owned(),
        event_id,
        about_id: data["opportunityId"].as_str().map(ToOwned::to_owned),
        triggered_at: now,
        url: webhook.url.clone(),
        kind,
        state: State::Waiting,
        next_attempt_at: None,
        headers: Vec::new(),
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
