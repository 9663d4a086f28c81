//! What Lever posts to a webhook.

use lever::webhook::{BadDelivery, parse, sample, sign};
use lever::{Event, OpportunityId};
use proptest::prelude::*;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::fixtures::fixture;

const KEY: &str = "9e27c41f0b6a85d3e2f7104cb98a6d5f31c07ea42d6b8f19";

fn key() -> SecretString {
    KEY.into()
}

#[test]
fn a_delivery_is_read_and_its_signature_stands() {
    let it = parse(fixture!("delivery").as_bytes()).expect("read");
    assert!(it.verify(&key()));
    assert_eq!(it.event, Event::CandidateStageChange);
    assert_eq!(it.triggered_at, 1_790_000_000_123);
    let id = OpportunityId::new("5e1d0c9a-0b7f-4c55-9b61-3f0f6a2d8c11");
    assert_eq!(it.data.opportunity_id, Some(id));
    assert_eq!(it.data.from_stage_id, Some("applicant-new".into()));
    assert!(!it.is_test());
    let shown = format!("{it:?}");
    assert!(
        !shown.contains(&it.token) && !shown.contains("1a9601f2"),
        "{shown}"
    );
}

#[test]
fn a_test_delivery_is_empty_and_signed() {
    let body = sample(&key(), "4b1d", 5, &json!({}));
    let it = parse(&body).expect("read");
    assert!(it.verify(&key()) && it.is_test());
    assert_eq!((it.id, it.data.opportunity_id), (None, None));
}

#[test]
fn the_signature_does_not_cover_the_data() {
    let mut body: Value = serde_json::from_str(fixture!("delivery")).expect("JSON");
    body["data"]["opportunityId"] = "forged".into();
    body["event"] = "candidateDeleted".into();
    assert!(
        parse(body.to_string().as_bytes())
            .expect("read")
            .verify(&key())
    );
}

#[rstest]
#[case::missing(json!(null))]
#[case::blank(json!(""))]
#[case::no_text(json!(7))]
#[case::short(json!("1a96"))]
#[case::long(json!("1a9601f2f88170813992c2cefa6a6babc46db81906efd313e91c90be8054010200"))]
#[case::upper_case(json!("1A9601F2F88170813992C2CEFA6A6BABC46DB81906EFD313E91C90BE80540102"))]
#[case::another(json!("0a9601f2f88170813992c2cefa6a6babc46db81906efd313e91c90be80540102"))]
#[case::the_token(json!("4b1d0c7e9fa2365870ce11b49d2e7a86f3059c6ad814be27"))]
#[case::not_ascii(json!("é".repeat(32)))]
fn another_signature_does_not_stand(#[case] signature: Value) {
    let mut body: Value = serde_json::from_str(fixture!("delivery")).expect("JSON");
    body["signature"] = signature;
    assert!(
        !parse(body.to_string().as_bytes())
            .expect("read")
            .verify(&key())
    );
    body.as_object_mut().expect("an object").remove("signature");
    assert!(
        !parse(body.to_string().as_bytes())
            .expect("read")
            .verify(&key())
    );
}

#[test]
fn an_empty_key_verifies_nothing() {
    let empty = SecretString::from("");
    let body = sample(&empty, "4b1d", 5, &json!({}));
    assert!(!parse(&body).expect("read").verify(&empty));
}

#[test]
fn the_key_is_text_and_not_the_bytes_it_spells() {
    let bytes: String = (0..KEY.len() / 2)
        .map(|at| u8::from_str_radix(&KEY[at * 2..at * 2 + 2], 16).expect("hex"))
        .map(char::from)
        .collect();
    assert!(
        !parse(fixture!("delivery").as_bytes())
            .expect("read")
            .verify(&bytes.into())
    );
}

#[rstest]
#[case::not_json("token=x")]
#[case::not_an_object("[]")]
#[case::no_token(r#"{"triggeredAt":1}"#)]
#[case::token_is_no_text(r#"{"triggeredAt":1,"token":2}"#)]
#[case::no_time(r#"{"token":"x"}"#)]
#[case::time_is_a_fraction(r#"{"token":"x","triggeredAt":1.5}"#)]
#[case::time_went_through_a_float(r#"{"token":"x","triggeredAt":1.790000000123e12}"#)]
#[case::time_is_beyond_64_bits(r#"{"token":"x","triggeredAt":18446744073709551616}"#)]
#[case::half_a_character_in_what_is_not_read(r#"{"token":"x","triggeredAt":1,"more":"\ud800"}"#)]
#[case::token_twice(r#"{"token":"x","token":"y","triggeredAt":1}"#)]
fn these_bodies_are_no_deliveries(#[case] body: &str) {
    assert_eq!(parse(body.as_bytes()), Err(BadDelivery));
}

#[rstest]
#[case::unknown_event(r#"{"token":"x","triggeredAt":1,"event":"moonChange"}"#, "moonChange")]
#[case::no_event(r#"{"token":"x","triggeredAt":1}"#, "")]
#[case::odd_data(r#"{"token":"x","triggeredAt":1,"event":"e","data":[1],"id":5}"#, "e")]
#[case::odd_ids(
    r#"{"token":"x","triggeredAt":1,"event":"e","data":{"opportunityId":5}}"#,
    "e"
)]
fn what_is_unknown_is_taken(#[case] body: &str, #[case] event: &str) {
    let it = parse(body.as_bytes()).expect("read");
    assert_eq!(it.event.as_str(), event);
    assert_eq!(it.data.opportunity_id, None);
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_a_panic(body in any::<Vec<u8>>()) {
        let _ = parse(&body);
    }

    #[test]
    fn what_is_signed_is_verified_by_its_key_alone(key in ".{1,60}", other in ".{1,60}", token in ".{0,60}", at in any::<i64>()) {
        let body = sample(&key.as_str().into(), &token, at, &json!({"opportunityId": "x"}));
        let it = parse(&body).expect("read");
        prop_assert!(it.verify(&key.as_str().into()));
        prop_assert_eq!(it.verify(&other.as_str().into()), key == other);
    }

    #[test]
    fn any_change_of_token_time_or_signature_is_noticed(token in "[0-9a-f]{48}", at in 0..i64::MAX, digit in 0..64_usize) {
        let good = sign(&key(), &token, at);
        let mut bad = good.clone().into_bytes();
        bad[digit] = if bad[digit] == b'0' { b'1' } else { b'0' };
        let bad = String::from_utf8(bad).expect("ASCII");
        let verifies = |token: &str, at: i64, signature: &str| {
            let body = json!({"token": token, "triggeredAt": at, "signature": signature}).to_string();
            parse(body.as_bytes()).expect("read").verify(&key())
        };
        prop_assert!(verifies(&token, at, &good));
        prop_assert!(!verifies(&token, at, &bad));
        prop_assert!(!verifies(&token, at.wrapping_sub(1), &good));
        prop_assert!(!verifies(&token[1..], at, &good));
    }
}
