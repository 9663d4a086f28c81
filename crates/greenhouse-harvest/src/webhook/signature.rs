//! The signature: HMAC-SHA256 over the body, byte by byte as it came.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

/// What Greenhouse sends as `Signature`: the algorithm, a space, and lower-case hex of 64 characters.
///
/// ```
/// let signature = greenhouse_harvest::webhook::sign(&"key".into(), b"The quick brown fox jumps over the lazy dog");
/// assert_eq!(signature, "sha256 f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
/// ```
pub fn sign(key: &SecretString, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().fold("sha256 ".to_owned(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether `signature`, the header's value, was made with one of `keys` over this very body. While a key is changed two of
/// them are good. An empty key verifies nothing, since anybody could sign with it; no key at all neither.
///
/// In constant time for a text of the right length.
pub fn verify(keys: &[SecretString], signature: &[u8], body: &[u8]) -> bool {
    let mut good = Choice::from(0);
    for key in keys.iter().filter(|key| !key.expose_secret().is_empty()) {
        good |= sign(key, body).as_bytes().ct_eq(signature);
    }
    good.into()
}
