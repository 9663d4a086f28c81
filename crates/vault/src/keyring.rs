//! Encryption of single fields, bound to the place they are stored in.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::OrganizationId;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::Random;

/// Names the form of a stored text, so that a later form can be told apart.
const FORM: &str = "v1";
const NONCE_BYTES: usize = 24;
const LONGEST_ID: usize = 32;

/// Where an encrypted field is stored. A text moved to another organization, table, column or row cannot be decrypted there:
/// whoever can write to the database cannot lend one customer another's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Whose row it is; the nil id where it is nobody's in particular.
    pub organization: OrganizationId,
    /// In which table.
    pub table: &'static str,
    /// In which column.
    pub column: &'static str,
    /// In which row.
    pub row: Uuid,
}

impl Context {
    fn as_associated_data(&self) -> String {
        let Self {
            organization,
            table,
            column,
            row,
        } = self;
        format!("{FORM}|{organization}|{table}|{column}|{row}")
    }
}

/// Why keys make no key ring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no key at all.
    #[error("at least one key is needed")]
    Empty,
    /// An id is not what a stored text can carry.
    #[error("the key id `{0}` has to be 1 to 32 of the characters a-z, 0-9, `_` and `-`")]
    Id(String),
    /// Two keys go by one id.
    #[error("the key id `{0}` is given twice")]
    Repeated(String),
}

/// Why a stored text cannot be decrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// The text is not of the form `v1.<key id>.<base64url>`.
    #[error("the stored text is not an encrypted field")]
    Form,
    /// The key it was encrypted with is not on the ring.
    #[error("the stored text was encrypted with key `{0}`, which is not among `secrets.keys`")]
    UnknownKey(String),
    /// The text was changed, moved from another place, or encrypted with another key of the same id.
    #[error(
        "the stored text does not belong where it was found, or key `{0}` is another one than it was encrypted with"
    )]
    Refused(String),
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// The keys that fields are encrypted with: the first encrypts, all decrypt. Its `Debug` shows ids only.
///
/// ```
/// use vault::{Context, Keyring, OsRandom};
///
/// let ring = Keyring::new(vec![("k1".into(), [7; 32])])?;
/// let place = Context {
///     organization: uuid::Uuid::nil().into(),
///     table: "api_keys",
///     column: "secret",
///     row: uuid::Uuid::from_u128(1),
/// };
/// let stored = ring.encrypt(&OsRandom, &place, b"gh_...");
/// assert!(stored.starts_with("v1.k1."));
/// assert_eq!(ring.decrypt(&place, &stored)?.as_slice(), b"gh_...");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A key ring is never written out:
///
/// ```compile_fail
/// fn show(_: impl std::fmt::Display) {}
/// show(vault::Keyring::new(vec![]).unwrap());
/// ```
pub struct Keyring {
    first: Key,
    others: Vec<Key>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keyring")
            .field(&self.ids().collect::<Vec<_>>())
            .finish()
    }
}

impl Keyring {
    /// A ring of `(id, key)` pairs; the first encrypts. The bytes handed in are wiped.
    ///
    /// # Errors
    /// No key, an id that is not of `[a-z0-9_-]{1,32}`, an id given twice.
    pub fn new(mut keys: Vec<(String, [u8; 32])>) -> Result<Self, KeyringError> {
        let ring = Self::of(&keys);
        keys.iter_mut().for_each(|(_, bytes)| bytes.zeroize());
        ring
    }

    fn of(keys: &[(String, [u8; 32])]) -> Result<Self, KeyringError> {
        for (place, (id, _)) in keys.iter().enumerate() {
            if !is_key_id(id) {
                return Err(KeyringError::Id(id.clone()));
            }
            if keys[..place].iter().any(|(earlier, _)| earlier == id) {
                return Err(KeyringError::Repeated(id.clone()));
            }
        }
        let mut keys = keys.iter().map(|(id, bytes)| Key {
            id: id.clone(),
            cipher: XChaCha20Poly1305::new(bytes.into()),
        });
        Ok(Self {
            first: keys.next().ok_or(KeyringError::Empty)?,
            others: keys.collect(),
        })
    }

    /// Encrypts `plain` for one place; answers `v1.<key id>.<base64url(nonce‖ciphertext)>`, different each time.
    pub fn encrypt(&self, random: &dyn Random, context: &Context, plain: &[u8]) -> String {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let aad = context.as_associated_data();
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = self
            .first
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a field is far shorter than the cipher's limit of 256 GiB");
        let bytes = [nonce.as_slice(), &sealed].concat();
        format!("{FORM}.{}.{}", self.first.id, URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Decrypts what [`Keyring::encrypt`] made for the same place. The answer is wiped when dropped.
    ///
    /// # Errors
    /// A text of another form, a key that is not on the ring, a text that was changed or belongs elsewhere.
    pub fn decrypt(
        &self,
        context: &Context,
        stored: &str,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let (id, sealed) = split(stored).ok_or(DecryptError::Form)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| DecryptError::Form)?;
        let (nonce, ciphertext) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(DecryptError::Form)?;
        let key = self
            .find(id)
            .ok_or_else(|| DecryptError::UnknownKey(id.to_owned()))?;
        let aad = context.as_associated_data();
        let payload = Payload {
            msg: ciphertext,
            aad: aad.as_bytes(),
        };
        key.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| DecryptError::Refused(id.to_owned()))
    }

    /// The id of the key that a stored text was encrypted with; none where the text is no encrypted field.
    pub fn key_id_in(stored: &str) -> Option<&str> {
        split(stored).map(|(id, _)| id)
    }

    /// Is the key of this id on the ring?
    pub fn holds(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The ids of all keys; the first one encrypts.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| key.id.as_str())
    }

    fn find(&self, id: &str) -> Option<&Key> {
        self.keys().find(|key| key.id == id)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

fn split(stored: &str) -> Option<(&str, &str)> {
    let (id, sealed) = stored
        .strip_prefix(FORM)?
        .strip_prefix('.')?
        .split_once('.')?;
    is_key_id(id).then_some((id, sealed))
}

fn is_key_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && id
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}
