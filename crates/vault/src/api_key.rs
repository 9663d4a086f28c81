//! API keys: `<gh|bt>_<12 base62 public id>_<43 base62 secret><6 base62 CRC32>`.
//!
//! The prefix is for secret scanners, the public id for the look-up, the checksum to refuse a mistyped key without one.
//! 65 characters of `[A-Za-z0-9_]`; Greenhouse takes fewer than 171.

use domain::ApiKeyKind;
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Random;
use crate::digest::sha256;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PUBLIC_ID: usize = 12;
/// 43 digits of 62 hold 256 bits.
const SECRET: usize = 43;
/// 6 digits of 62 hold 32 bits.
const CHECKSUM: usize = 6;

/// Makes keys and reads them.
#[derive(Debug)]
pub struct ApiKey;

/// A key just made: its text is shown once, the rest is stored.
#[derive(Debug)]
pub struct MintedKey {
    /// What the caller will present.
    pub text: SecretString,
    /// The key is looked up by this.
    pub public_id: String,
    /// SHA-256 of the secret part. A fast digest is right: the secret holds 256 random bits.
    pub secret_hash: [u8; 32],
}

/// A key that somebody presents, well-formed but not yet known to be ours.
#[derive(Debug, Clone)]
pub struct PresentedKey {
    /// Who it claims to open the door for.
    pub kind: ApiKeyKind,
    /// Look it up by this.
    pub public_id: String,
    secret_hash: [u8; 32],
}

/// The text is no key of ours: another form, or mistyped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a key of Baton, or a part of it was lost when it was copied")]
pub struct BadKey;

impl ApiKey {
    /// Makes a key.
    pub fn mint(kind: ApiKeyKind, random: &dyn Random) -> MintedKey {
        let public_id = draw_base62(random, PUBLIC_ID);
        let secret = draw_base62(random, SECRET);
        let body = Zeroizing::new(format!(
            "{}_{}_{}",
            prefix(kind),
            public_id.as_str(),
            secret.as_str()
        ));
        let text = format!("{}{}", body.as_str(), checksum(&body));
        MintedKey {
            text: text.into(),
            public_id: public_id.to_string(),
            secret_hash: sha256(&[secret.as_bytes()]),
        }
    }

    /// Reads a key that somebody presents. A key with one character changed never passes: the checksum covers all before it.
    ///
    /// # Errors
    /// [`BadKey`] for every text that [`ApiKey::mint`] cannot have made.
    pub fn parse(text: &str) -> Result<PresentedKey, BadKey> {
        let split_at = text.len().checked_sub(CHECKSUM).ok_or(BadKey)?;
        let (body, sum) = text.split_at_checked(split_at).ok_or(BadKey)?;
        let mut parts = body.split('_');
        let (Some(prefix), Some(public_id), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadKey);
        };
        let kind = kind_of(prefix).ok_or(BadKey)?;
        if !is_base62(public_id, PUBLIC_ID) || !is_base62(secret, SECRET) || checksum(body) != sum {
            return Err(BadKey);
        }
        Ok(PresentedKey {
            kind,
            public_id: public_id.to_owned(),
            secret_hash: sha256(&[secret.as_bytes()]),
        })
    }
}

impl PresentedKey {
    /// Is it the key whose `secret_hash` was stored? Takes as long wherever they differ.
    pub fn matches(&self, stored_hash: &[u8]) -> bool {
        self.secret_hash.ct_eq(stored_hash).into()
    }

    /// For a public id that nobody knows: as long as [`PresentedKey::matches`], and never true, so that the time of the answer
    /// does not tell whether the id exists.
    pub fn matches_nothing(&self) -> bool {
        std::hint::black_box(self.matches(std::hint::black_box(&[0; 32])));
        false
    }
}

fn prefix(kind: ApiKeyKind) -> &'static str {
    match kind {
        ApiKeyKind::GreenhouseAssessment => "gh",
        ApiKeyKind::Platform => "bt",
    }
}

fn kind_of(text: &str) -> Option<ApiKeyKind> {
    [ApiKeyKind::GreenhouseAssessment, ApiKeyKind::Platform]
        .into_iter()
        .find(|kind| prefix(*kind) == text)
}

fn is_base62(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `length` digits, each of the 62 as likely: bytes of 248 and above are drawn again.
fn draw_base62(random: &dyn Random, length: usize) -> Zeroizing<String> {
    let mut digits = Zeroizing::new(String::with_capacity(length));
    let mut bytes = Zeroizing::new([0; 64]);
    while digits.len() < length {
        random.fill(bytes.as_mut());
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let wanted = length - digits.len();
        digits.extend(
            fair.take(wanted)
                .map(|byte| char::from(BASE62[usize::from(*byte) % 62])),
        );
    }
    digits
}

fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}
