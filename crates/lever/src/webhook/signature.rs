//! The signature: HMAC-SHA256 over token and time, keyed with the signature token as text.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// What Lever writes as `signature`: lower-case hex of 64 characters. `key` is the webhook's signature token, taken as
/// text although it looks like hex; `triggered_at` is in milliseconds.
///
/// ```
/// let key = "9e27c41f0b6a85d3e2f7104cb98a6d5f31c07ea42d6b8f19".into();
/// let token = "4b1d0c7e9fa2365870ce11b49d2e7a86f3059c6ad814be27";
/// assert_eq!(
///     lever::webhook::sign(&key, token, 1_790_000_000_123),
///     "1a9601f2f88170813992c2cefa6a6babc46db81906efd313e91c90be80540102"
/// );
/// ```
pub fn sign(key: &SecretString, token: &str, triggered_at: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(token.as_bytes());
    mac.update(triggered_at.to_string().as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// For tests: the body of a `candidateStageChange` as Lever would send it, signed.
pub fn sample(key: &SecretString, token: &str, triggered_at: i64, data: &Value) -> Vec<u8> {
    let signature = sign(key, token, triggered_at);
    let body = json!({
        "event": "candidateStageChange",
        "triggeredAt": triggered_at,
        "token": token,
        "signature": signature,
        "data": data,
    });
    body.to_string().into_bytes()
}

/// In constant time for a text of the right length. An empty key verifies nothing: anybody could sign with it.
pub(super) fn verify(key: &SecretString, token: &str, triggered_at: i64, signature: &str) -> bool {
    let expected = sign(key, token, triggered_at);
    let same = expected.as_bytes().ct_eq(signature.as_bytes());
    !key.expose_secret().is_empty() && same.into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
