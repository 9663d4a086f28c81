//! Secrets: how they are made, written down and recognized. Pure: no database, no network, no clock; randomness comes in
//! through [`Random`].
//!
//! * [`Keyring`] encrypts fields before they are stored, bound to the row they belong to.
//! * [`ApiKey`] makes keys and reads them; a mistyped key is refused before any look-up.
//! * [`LinkKey`] makes an organization's link tokens, which are stored nowhere.
//! * [`SecretToken`] is a session, a setup link, a form's token.
//! * [`launch_signature`] signs the link into a vendor's own runner.
//!
//! This crate does not know where any of it is kept, nor who may ask for it.

mod api_key;
mod digest;
mod keyring;
mod launch;
mod link;
mod random;
mod token;

pub use api_key::{ApiKey, BadKey, MintedKey, PresentedKey};
pub use digest::{body_hash, same_bytes, same_secret, token_hash};
pub use keyring::{Context, DecryptError, Keyring, KeyringError};
pub use launch::{SigningSecretError, generate_signing_secret, launch_signature};
pub use link::LinkKey;
#[cfg(any(test, feature = "testing"))]
pub use random::SeededRandom;
pub use random::{OsRandom, Random};
pub use token::SecretToken;
