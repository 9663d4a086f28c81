//! API keys, as their holders meet them.

use domain::ApiKeyKind;
use proptest::prelude::*;
use secrecy::ExposeSecret;
use vault::{ApiKey, BadKey, MintedKey, OsRandom, SeededRandom};

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_ :.-é";

fn mint(seed: u64) -> MintedKey {
    ApiKey::mint(ApiKeyKind::GreenhouseAssessment, &SeededRandom::new(seed))
}

#[test]
fn a_key_says_who_it_is_for() {
    let kinds = [
        (ApiKeyKind::GreenhouseAssessment, "gh_"),
        (ApiKeyKind::Platform, "bt_"),
    ];
    for (kind, prefix) in kinds {
        let minted = ApiKey::mint(kind, &OsRandom);
        let text = minted.text.expose_secret();
        assert!(text.starts_with(prefix));
        assert_eq!(ApiKey::parse(text).unwrap().kind, kind);
    }
}

#[test]
fn a_key_opens_its_own_hash_and_no_other() {
    let (mine, other) = (mint(1), mint(2));
    let presented = ApiKey::parse(mine.text.expose_secret()).unwrap();
    assert_eq!(presented.public_id, mine.public_id);
    assert!(presented.matches(&mine.secret_hash));
    assert!(!presented.matches(&other.secret_hash));
    assert!(!presented.matches(&mine.secret_hash[..31]));
    assert!(!presented.matches(&[]));
    assert!(!presented.matches_nothing());
}

#[test]
fn a_key_is_not_shown_by_accident() {
    let minted = mint(3);
    let text = minted.text.expose_secret();
    let secret = &text[16..];
    assert!(!format!("{minted:?}").contains(secret));
    let presented = ApiKey::parse(text).unwrap();
    assert!(!format!("{presented:?}").contains(secret));
}

#[test]
fn two_keys_differ_in_every_part() {
    let random = SeededRandom::new(4);
    let one = ApiKey::mint(ApiKeyKind::Platform, &random);
    let two = ApiKey::mint(ApiKeyKind::Platform, &random);
    assert_ne!(one.public_id, two.public_id);
    assert_ne!(one.secret_hash, two.secret_hash);
}

#[test]
fn the_two_kinds_prefixes_cannot_be_swapped() {
    let text = mint(5).text.expose_secret().replacen("gh_", "bt_", 1);
    assert_eq!(ApiKey::parse(&text).unwrap_err(), BadKey);
}

proptest! {
    #[test]
    fn every_minted_key_parses_and_travels_anywhere(seed in any::<u64>()) {
        let minted = mint(seed);
        let text = minted.text.expose_secret();
        prop_assert_eq!(text.len(), 65);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        let presented = ApiKey::parse(text).unwrap();
        prop_assert!(presented.matches(&minted.secret_hash));
    }

    #[test]
    fn every_changed_lost_or_added_character_is_refused(
        seed in any::<u64>(),
        at in any::<prop::sample::Index>(),
        to in prop::sample::select(ALPHABET.chars().collect::<Vec<_>>()),
    ) {
        let minted = mint(seed);
        let text: Vec<char> = minted.text.expose_secret().chars().collect();
        let at = at.index(text.len());
        let refused = |changed: Vec<char>| ApiKey::parse(&changed.into_iter().collect::<String>()).is_err();
        let (mut changed, mut lost, mut added) = (text.clone(), text.clone(), text.clone());
        changed[at] = to;
        lost.remove(at);
        added.insert(at, to);
        prop_assert!(to == text[at] || refused(changed));
        prop_assert!(refused(lost));
        prop_assert!(refused(added));
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "(gh|bt)?_?.{0,80}") {
        prop_assert!(ApiKey::parse(&text).is_err());
    }
}
