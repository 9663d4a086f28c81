//! Link tokens: MACs under the organization's link key, made whenever they are shown and stored nowhere.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{InviteId, ReferralId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Random;
use crate::random::draw_key;

/// An organization's link key. A new one ends every link it has given out. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct LinkKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

impl LinkKey {
    /// A fresh key.
    pub fn generate(random: &dyn Random) -> Self {
        Self(draw_key(random))
    }

    /// A key as it was stored; none where it is not 32 bytes long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|key| Self(Zeroizing::new(key)))
    }

    /// The key itself, to be encrypted and stored.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The token of `{public_url}/take/{token}`: 43 characters of base64url. Look it up by its [`token_hash`](crate::token_hash).
    pub fn take_token(&self, invite: InviteId, attempt: i32) -> String {
        encode(self.mac("take", invite.0, attempt))
    }

    /// The token of `{public_url}/consent/{token}`: 43 characters of base64url. Look it up by its
    /// [`token_hash`](crate::token_hash).
    pub fn consent_token(&self, referral: ReferralId) -> String {
        encode(self.mac("consent", referral.0, 1))
    }

    /// The token after `grant=` that opens one invite's results page to whoever holds the link: 43 characters of base64url.
    pub fn grant_token(&self, invite: InviteId, grant: i32) -> String {
        encode(self.mac("results", invite.0, grant))
    }

    /// Does a presented `grant=` open this invite's results? `grant` is the invite's present grant number. Takes as long
    /// wherever the tokens differ.
    pub fn verify_grant(&self, invite: InviteId, grant: i32, presented: &str) -> bool {
        URL_SAFE_NO_PAD.decode(presented).is_ok_and(|bytes| {
            self.mac("results", invite.0, grant)
                .verify_slice(&bytes)
                .is_ok()
        })
    }

    /// The verifier of a PKCE exchange (RFC 7636): 43 characters that follow from the SHA-256 of its `state` and that nobody
    /// without the key can tell.
    pub fn code_verifier(&self, state_hash: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes a key of any length")
            .chain_update("code_verifier")
            .chain_update(state_hash);
        encode(mac)
    }

    fn mac(&self, purpose: &str, of: Uuid, number: i32) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes a key of any length")
            .chain_update(purpose)
            .chain_update(of.as_bytes())
            .chain_update(number.to_be_bytes())
    }
}

fn encode(mac: Hmac<Sha256>) -> String {
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}
