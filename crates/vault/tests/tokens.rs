//! Link tokens, random tokens and launch signatures.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{InviteId, ReferralId};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use uuid::Uuid;
use vault::{
    LinkKey, OsRandom, SecretToken, SeededRandom, SigningSecretError, generate_signing_secret,
    launch_signature, token_hash,
};

const INVITE: InviteId = InviteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
const OTHER: InviteId = InviteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002));

fn link_key() -> LinkKey {
    LinkKey::from_bytes(&[5; 32]).expect("32 bytes")
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

#[test]
fn a_link_is_a_mac_over_purpose_invite_and_attempt() {
    let message = [b"take".as_slice(), INVITE.0.as_bytes(), &[0, 0, 0, 2]].concat();
    let expected = URL_SAFE_NO_PAD.encode(hmac(&[5; 32], &message));
    assert_eq!(link_key().take_token(INVITE, 2), expected);
}

#[test]
fn a_link_can_be_shown_again_and_no_two_are_alike() {
    let key = link_key();
    assert_eq!(key.take_token(INVITE, 1), key.take_token(INVITE, 1));
    let others = [
        key.take_token(INVITE, 2),
        key.take_token(OTHER, 1),
        key.grant_token(INVITE, 1),
        key.consent_token(ReferralId(INVITE.0)),
        LinkKey::generate(&OsRandom).take_token(INVITE, 1),
    ];
    assert!(!others.contains(&key.take_token(INVITE, 1)));
}

#[test]
fn a_grant_opens_one_invite_until_it_is_withdrawn() {
    let key = link_key();
    let grant = key.grant_token(INVITE, 1);
    assert!(key.verify_grant(INVITE, 1, &grant));
    assert!(!key.verify_grant(INVITE, 2, &grant));
    assert!(!key.verify_grant(OTHER, 1, &grant));
    assert!(!LinkKey::generate(&OsRandom).verify_grant(INVITE, 1, &grant));
    assert!(!key.verify_grant(INVITE, 1, &key.take_token(INVITE, 1)));
}

#[test]
fn a_grant_with_any_character_changed_or_lost_opens_nothing() {
    let key = link_key();
    let grant = key.grant_token(INVITE, 1);
    for at in 0..grant.len() {
        for to in "Aa0-_=é".chars().filter(|to| !grant[at..].starts_with(*to)) {
            let changed = format!("{}{to}{}", &grant[..at], &grant[at + 1..]);
            assert!(!key.verify_grant(INVITE, 1, &changed), "{at} {to}");
        }
        assert!(!key.verify_grant(INVITE, 1, &grant[..at]));
    }
}

#[test]
fn a_link_key_is_kept_and_never_shown() {
    let key = LinkKey::generate(&SeededRandom::new(1));
    let kept = LinkKey::from_bytes(key.expose()).unwrap();
    assert_eq!(kept.take_token(INVITE, 1), key.take_token(INVITE, 1));
    assert_eq!(format!("{key:?}"), "LinkKey(…)");
    assert!(LinkKey::from_bytes(&[1; 31]).is_none());
}

#[test]
fn a_token_holds_256_bits_and_is_found_by_its_hash() {
    let random = SeededRandom::new(2);
    let (one, two) = (
        SecretToken::generate(&random),
        SecretToken::generate(&random),
    );
    assert_ne!(one.expose(), two.expose());
    assert_eq!(URL_SAFE_NO_PAD.decode(one.expose()).unwrap().len(), 32);
    assert_eq!(one.hash(), token_hash(one.expose()));
    assert_eq!(format!("{one:?}"), "SecretToken(…)");
}

#[test]
fn a_launch_link_is_signed_over_invite_attempt_and_end() {
    let secret = format!("whsec_{}", STANDARD.encode([9; 32]));
    let message = format!("{INVITE}.1.1790000000");
    let expected = format!("v1,{}", STANDARD.encode(hmac(&[9; 32], message.as_bytes())));
    assert_eq!(
        launch_signature(&secret, INVITE, 1, 1_790_000_000),
        Ok(expected)
    );
}

#[test]
fn a_fresh_signing_secret_signs() {
    let secret = generate_signing_secret(&OsRandom);
    assert!(launch_signature(secret.expose_secret(), INVITE, 1, 0).is_ok());
    assert_eq!(secret.expose_secret().len(), "whsec_".len() + 44);
}

#[test]
fn what_is_no_signing_secret_signs_nothing() {
    let bare = STANDARD.encode([9; 32]);
    let short = format!("whsec_{}", STANDARD.encode([9; 23]));
    for secret in ["", "whsec_", "whsec_!", bare.as_str(), short.as_str()] {
        let refused = launch_signature(secret, INVITE, 1, 0);
        assert_eq!(refused, Err(SigningSecretError), "{secret}");
    }
}
