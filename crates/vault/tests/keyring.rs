//! Encrypted fields, as storage meets them.

use domain::OrganizationId;
use proptest::prelude::*;
use uuid::Uuid;
use vault::{Context, DecryptError, Keyring, KeyringError, OsRandom, SeededRandom};

fn place() -> Context {
    Context {
        organization: OrganizationId(Uuid::from_u128(1)),
        table: "api_keys",
        column: "secret",
        row: Uuid::from_u128(2),
    }
}

fn ring(keys: &[(&str, u8)]) -> Keyring {
    let keys = keys
        .iter()
        .map(|(id, byte)| ((*id).to_owned(), [*byte; 32]));
    Keyring::new(keys.collect()).expect("sound keys")
}

#[test]
fn what_was_encrypted_comes_back_in_its_place() {
    let ring = ring(&[("k1", 1)]);
    let stored = ring.encrypt(&OsRandom, &place(), b"canary");
    assert!(stored.starts_with("v1.k1."), "{stored}");
    assert!(!stored.contains("canary"));
    assert_eq!(
        ring.decrypt(&place(), &stored).unwrap().as_slice(),
        b"canary"
    );
    assert_eq!(Keyring::key_id_in(&stored), Some("k1"));
}

#[test]
fn the_same_text_is_never_stored_alike() {
    let ring = ring(&[("k1", 1)]);
    let random = SeededRandom::new(7);
    assert_ne!(
        ring.encrypt(&random, &place(), b"x"),
        ring.encrypt(&random, &place(), b"x")
    );
}

#[test]
fn a_text_moved_to_another_place_is_refused() {
    let ring = ring(&[("k1", 1)]);
    let stored = ring.encrypt(&OsRandom, &place(), b"canary");
    let elsewhere = [
        Context {
            organization: OrganizationId(Uuid::from_u128(9)),
            ..place()
        },
        Context {
            table: "connections",
            ..place()
        },
        Context {
            column: "refresh_token",
            ..place()
        },
        Context {
            row: Uuid::from_u128(9),
            ..place()
        },
    ];
    for other in elsewhere {
        let refused = ring.decrypt(&other, &stored).unwrap_err();
        assert_eq!(refused, DecryptError::Refused("k1".into()));
    }
}

#[test]
fn an_older_key_still_decrypts_and_the_first_encrypts() {
    let stored = ring(&[("old", 1)]).encrypt(&OsRandom, &place(), b"canary");
    let both = ring(&[("new", 2), ("old", 1)]);
    assert_eq!(
        both.decrypt(&place(), &stored).unwrap().as_slice(),
        b"canary"
    );
    assert!(
        both.encrypt(&OsRandom, &place(), b"")
            .starts_with("v1.new.")
    );
    assert!(both.holds("old") && !both.holds("older"));
    let missing = ring(&[("new", 2)]).decrypt(&place(), &stored).unwrap_err();
    assert_eq!(missing, DecryptError::UnknownKey("old".into()));
    let swapped = ring(&[("old", 3)]).decrypt(&place(), &stored).unwrap_err();
    assert_eq!(swapped, DecryptError::Refused("old".into()));
}

#[test]
fn texts_of_another_form_are_told_apart() {
    let ring = ring(&[("k1", 1)]);
    for text in [
        "",
        "plain",
        "v1",
        "v1.k1",
        "v1.k1.",
        "v1.k1.AAAA",
        "v2.k1.AAAA",
        "v1.K1.AAAA",
        "v1.k1.!!",
    ] {
        let refused = ring.decrypt(&place(), text).unwrap_err();
        assert_eq!(refused, DecryptError::Form, "{text}");
    }
    assert_eq!(Keyring::key_id_in("plain"), None);
}

#[test]
fn a_ring_needs_keys_with_ids_of_their_own() {
    let of = |ids: &[&str]| {
        let keys = ids.iter().map(|id| ((*id).to_owned(), [0; 32]));
        Keyring::new(keys.collect()).unwrap_err()
    };
    assert_eq!(of(&[]), KeyringError::Empty);
    assert_eq!(of(&["a", "b", "a"]), KeyringError::Repeated("a".into()));
    let long = "a".repeat(33);
    for id in ["", "A", "a.b", "ä", long.as_str()] {
        assert_eq!(of(&[id]), KeyringError::Id(id.into()));
    }
}

#[test]
fn a_ring_shows_ids_only() {
    assert_eq!(
        format!("{:?}", ring(&[("k1", 1), ("k0", 2)])),
        r#"Keyring(["k1", "k0"])"#
    );
}

proptest! {
    #[test]
    fn any_bytes_come_back_and_any_changed_character_is_refused(
        plain in prop::collection::vec(any::<u8>(), 0..200),
        seed in any::<u64>(),
        at in any::<prop::sample::Index>(),
        to in any::<char>(),
    ) {
        let ring = ring(&[("k1", 1)]);
        let stored = ring.encrypt(&SeededRandom::new(seed), &place(), &plain);
        let decrypted = ring.decrypt(&place(), &stored).unwrap();
        prop_assert_eq!(decrypted.as_slice(), plain.as_slice());
        let mut changed: Vec<char> = stored.chars().collect();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != to);
        changed[at] = to;
        prop_assert!(ring.decrypt(&place(), &changed.into_iter().collect::<String>()).is_err());
    }

    #[test]
    fn no_text_makes_decryption_panic(text in ".{0,80}", tail in "[A-Za-z0-9_-]{0,80}") {
        let ring = ring(&[("k1", 1)]);
        prop_assert!(ring.decrypt(&place(), &text).is_err());
        let forged = format!("v1.k1.{tail}");
        prop_assert!(ring.decrypt(&place(), &forged).is_err());
    }
}
