//! The signature on a link into the vendor's own runner (assessments of kind `external`).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT};
use domain::InviteId;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Random;
use crate::random::draw_key;

const PREFIX: &str = "whsec_";
/// What Standard Webhooks allows for a symmetric secret.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The signing secret is not one of Standard Webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is `whsec_` and the base64 of 24 to 64 bytes; this one is not")]
pub struct SigningSecretError;

/// A fresh signing secret: `whsec_` and the base64 of 32 random bytes.
pub fn generate_signing_secret(random: &dyn Random) -> SecretString {
    let bytes = draw_key(random);
    format!("{PREFIX}{}", STANDARD.encode(bytes.as_slice())).into()
}

/// The value of `baton_signature`: `v1,` and the base64 of HMAC-SHA256 over `{invite}.{attempt}.{expires}`.
///
/// `signing_secret` is the catalogue's, decoded as Standard Webhooks does (the base64 after `whsec_`); `expires_unix` is what
/// `baton_expires` says, in seconds since 1970.
///
/// # Errors
/// [`SigningSecretError`] where the secret is not of that form: an empty secret signs nothing.
pub fn launch_signature(
    signing_secret: &str,
    invite: InviteId,
    attempt: i32,
    expires_unix: i64,
) -> Result<String, SigningSecretError> {
    let mac = Hmac::<Sha256>::new_from_slice(&decode(signing_secret)?)
        .expect("HMAC takes a key of any length")
        .chain_update(format!("{invite}.{attempt}.{expires_unix}"))
        .finalize();
    Ok(format!("v1,{}", STANDARD.encode(mac.into_bytes())))
}

fn decode(signing_secret: &str) -> Result<Zeroizing<Vec<u8>>, SigningSecretError> {
    signing_secret
        .strip_prefix(PREFIX)
        .and_then(|text| STANDARD_PAD_INDIFFERENT.decode(text).ok())
        .map(Zeroizing::new)
        .filter(|bytes| SECRET_BYTES.contains(&bytes.len()))
        .ok_or(SigningSecretError)
}
