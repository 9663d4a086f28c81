//! Secrets: keys, passwords, tokens. They are shown shortened.

use serde::{Deserialize, Serialize};

/// A key, a password or a token. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one from `bytes` random bytes, as lower-case hexadecimal digits.
    pub(crate) fn draw(bytes: usize) -> Self {
        let mut random = vec![0; bytes];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        Self(hex(&random))
    }

    /// Enough to tell two keys apart.
    pub(crate) fn shortened(&self) -> String {
        shortened(&self.0)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A secret's first characters, enough to tell two apart and too few to use: a quarter, at most six.
pub(crate) fn shortened(secret: &str) -> String {
    let length = secret.chars().count();
    let shown: String = secret.chars().take((length / 4).min(6)).collect();
    format!("{shown}… ({length} characters)")
}
