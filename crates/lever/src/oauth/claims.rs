//! What an access token says about itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// Whose account, and which user. Nothing was verified.
#[derive(Default, Deserialize)]
pub(super) struct Claims {
    #[serde(rename = "https://oauth.lever.co/accountId")]
    pub(super) account_id: Option<String>,
    #[serde(rename = "https://oauth.lever.co/userId")]
    pub(super) user_id: Option<String>,
}

/// Nothing, where the token is no JWT or has no such claims.
pub(super) fn read(token: &str) -> Claims {
    payload(token).unwrap_or_default()
}

fn payload(token: &str) -> Option<Claims> {
    let part = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}
