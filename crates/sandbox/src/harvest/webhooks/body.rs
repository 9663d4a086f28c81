//! The signed body of a delivery.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::webhook::Webhook;
use crate::outbox::delivery::{Delivery, Kind, State};
use crate::secret::{Secret, hex};

/// The header with the signature.
pub(crate) const SIGNATURE: &str = "signature";

/// The header with the event's id.
pub(crate) const EVENT_ID: &str = "greenhouse-event-id";

/// `sha256 lowercase_hex(HMAC-SHA256(key, body))`
pub(crate) fn signature(key: &Secret, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).expect("a key of any length will do");
    mac.update(body.as_bytes());
    format!("sha256 {}", hex(&mac.finalize().into_bytes()))
}

/// JSON with the characters escaped that Greenhouse escapes: who parses it and writes it anew gets other bytes.
pub(crate) fn escaped(body: &Value) -> String {
    let mut text = String::new();
    for character in body.to_string().chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => text.push(other),
        }
    }
    text
}

/// A delivery that was not put anywhere yet.
pub(crate) fn compose(
    now: DateTime<Utc>,
    webhook: &Webhook,
    kind: Kind,
    action: &str,
    payload: &Value,
) -> Delivery {
    let body = escaped(&json!({"action": action, "payload": payload}));
    let event_id = new_event_id();
    Delivery {
        id: 0,
        webhook_id: webhook.id.to_string(),
        owner_id: webhook.organization_id.to_string(),
        event: action.to_owned(),
        about_id: candidate_of(payload).map(|id| id.to_string()),
        triggered_at: now.timestamp_millis(),
        url: webhook.url.clone(),
        kind,
        state: State::Waiting,
        next_attempt_at: None,
        headers: vec![
            (SIGNATURE.to_owned(), signature(&webhook.secret_key, &body)),
            (EVENT_ID.to_owned(), event_id.clone()),
        ],
        event_id: Some(event_id),
        body,
        attempts: Vec::new(),
    }
}

/// The id of an event.
pub(crate) fn new_event_id() -> String {
    Secret::draw(16).0
}

/// Whom a payload tells of.
fn candidate_of(payload: &Value) -> Option<u64> {
    let application = &payload["application"];
    let places = [
        &application["candidate"]["id"],
        &application["candidate_id"],
        &payload["candidate"]["id"],
        &payload["person"]["id"],
        &payload["candidate_id"],
    ];
    places.into_iter().find_map(Value::as_u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_escaped_before_it_is_signed() {
        let body = escaped(&json!({"name": "<b> & \u{2028}ünder"}));
        assert_eq!(body, r#"{"name":"\u003cb\u003e \u0026 \u2028ünder"}"#);
        let key = Secret("key".to_owned());
        let vector = signature(&key, "The quick brown fox jumps over the lazy dog");
        assert_eq!(
            vector,
            "sha256 f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
    }
}
