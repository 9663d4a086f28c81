//! Random tokens: sessions, setup links, what a form carries.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::random::draw_key;
use crate::{Random, token_hash};

/// 256 random bits as 43 characters of base64url. Its `Debug` shows nothing; only its hash is stored.
///
/// ```compile_fail
/// fn show(_: impl std::fmt::Display) {}
/// show(vault::SecretToken::generate(&vault::OsRandom));
/// ```
#[derive(Clone)]
pub struct SecretToken(Zeroizing<String>);

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(…)")
    }
}

impl SecretToken {
    /// A fresh token.
    pub fn generate(random: &dyn Random) -> Self {
        let bytes = draw_key(random);
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }

    /// The token itself, for the cookie, link or form.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its SHA-256, for the database.
    pub fn hash(&self) -> [u8; 32] {
        token_hash(&self.0)
    }
}
