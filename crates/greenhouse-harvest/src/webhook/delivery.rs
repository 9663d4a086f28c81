//! A delivery, from the bytes on.

use std::fmt;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{About, Action, verify};

/// What Greenhouse posted. `Debug` shows what happened to which ids, and nothing of a person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// What happened.
    pub action: Action,
    /// To what.
    pub about: About,
    /// Everything, as it came; empty where it was no object.
    pub payload: Map<String, Value>,
}

/// A body that is no delivery. The text repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no delivery of Greenhouse's: it has to be a JSON object with an action")]
pub struct BadDelivery;

/// Why a delivery is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It was not signed with any of the keys.
    #[error("the signature does not stand")]
    Signature,
    /// It was signed, and is no delivery.
    #[error(transparent)]
    Body(#[from] BadDelivery),
}

/// Verifies a delivery, then reads it. `keys` are those of the webhook it came to, `signature` is the header's value, `body` the
/// bytes as they came.
///
/// # Errors
///
/// [`Refused`]
pub fn receive(keys: &[SecretString], signature: &[u8], body: &[u8]) -> Result<Delivery, Refused> {
    if verify(keys, signature, body) {
        Ok(parse(body)?)
    } else {
        Err(Refused::Signature)
    }
}

/// Reads a delivery, whoever sent it. Unknown actions and any payload are taken.
///
/// # Errors
///
/// [`BadDelivery`] for anything but a JSON object with a text `action`.
pub fn parse(body: &[u8]) -> Result<Delivery, BadDelivery> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| BadDelivery)?;
    let action = body.get("action").and_then(Value::as_str);
    let action = action.ok_or(BadDelivery)?.into();
    let payload = match body.remove("payload") {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    Ok(Delivery {
        action,
        about: About::read(&payload),
        payload,
    })
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("action", &self.action)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}
