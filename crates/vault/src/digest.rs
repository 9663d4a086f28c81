//! Digests of things that are looked up or compared, never read back.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of a link's or session's token, as it is kept for look-up. A token holds 256 random bits (or is a MAC), so a fast
/// digest is enough.
pub fn token_hash(token: &str) -> [u8; 32] {
    sha256(&[token.as_bytes()])
}

/// SHA-256 of a request's body: two calls under one `Idempotency-Key` are the same when their bodies are.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    sha256(&[body])
}

/// Are both texts the same? Takes as long wherever they differ, and tells nothing of their lengths: digests are compared.
pub fn same_secret(left: &str, right: &str) -> bool {
    token_hash(left).ct_eq(&token_hash(right)).into()
}

/// As [`same_secret`], for bytes.
pub fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    body_hash(left).ct_eq(&body_hash(right)).into()
}

/// SHA-256 of the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hex: String = token_hash("abc")
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hex, abc);
        assert_eq!(body_hash(b"abc"), token_hash("abc"));
    }

    #[test]
    fn secrets_are_the_same_only_when_every_letter_is() {
        assert!(same_secret(
            "a long operator token",
            "a long operator token"
        ));
        assert!(!same_secret(
            "a long operator token",
            "a long operator tokeN"
        ));
        assert!(!same_secret("a long operator token", "a long operator"));
        assert!(!same_secret("a", ""));
    }
}
