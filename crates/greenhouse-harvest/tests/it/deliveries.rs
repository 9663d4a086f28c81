//! What Greenhouse posts to a webhook.

use greenhouse_harvest::webhook::{
    About, Action, BadDelivery, Refused, parse, receive, sign, verify,
};
use greenhouse_harvest::{ApplicationStatus, CandidateId, Timestamp};
use proptest::prelude::*;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};

const KEY: &str = "a long secret key";

fn key() -> SecretString {
    KEY.into()
}

/// As it comes: with `<` and `>` escaped.
const MOVED: &str = r#"{"action":"candidate_stage_change","payload":{"application":{"id":5,"status":"active","prospect":false,
    "last_activity_at":"2026-11-22T10:00:00.000Z","current_stage":{"id":31,"name":"Take \u003cHome\u003e"},
    "candidate":{"id":4,"first_name":"Ada"},"jobs":[{"id":7,"name":"Engineer"}]}}}"#;

#[test]
fn a_move_is_read_and_its_signature_stands() {
    let signature = sign(&key(), MOVED.as_bytes());
    let it = receive(&[key()], signature.as_bytes(), MOVED.as_bytes()).expect("signed");
    assert_eq!(it.action, Action::CandidateStageChange);
    let About::Application(application) = &it.about else {
        panic!("an application");
    };
    assert_eq!(application.id.map(|id| id.get()), Some(5));
    assert_eq!(application.candidate_id, Some(CandidateId::new(4)));
    assert_eq!(application.job_ids, [7.into()]);
    assert_eq!(application.current_stage_id.map(|id| id.get()), Some(31));
    assert_eq!(
        application.current_stage_name.as_deref(),
        Some("Take <Home>")
    );
    assert_eq!(application.status, Some(ApplicationStatus::InProcess));
    assert_eq!(application.prospect, Some(false));
    assert_eq!(
        application.last_activity_at,
        Timestamp::parse("2026-11-22T10:00:00Z")
    );
    assert!(!format!("{it:?}").contains("Ada"));
}

#[test]
fn it_is_the_bytes_that_are_signed() {
    let signature = sign(&key(), MOVED.as_bytes());
    let value: Value = serde_json::from_str(MOVED).expect("JSON");
    let written_anew = value.to_string();
    let refused = receive(&[key()], signature.as_bytes(), written_anew.as_bytes());
    assert_eq!(refused, Err(Refused::Signature));
}

#[rstest]
#[case::missing("")]
#[case::no_algorithm("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")]
#[case::another_algorithm(
    "sha512 f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
)]
#[case::upper_case("sha256 F7BC83F430538424B13298E6AA6FB143EF4D59A14946175997479DBC2D1A3CD8")]
#[case::two_spaces("sha256  f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")]
#[case::short("sha256 f7bc83")]
#[case::long("sha256 f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd800")]
#[case::no_hex("sha256 zzbc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")]
#[case::two_values(
    "sha256 f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8, sha256 x"
)]
fn another_signature_does_not_stand(#[case] signature: &str) {
    let body = b"The quick brown fox jumps over the lazy dog";
    assert!(!verify(&["key".into()], signature.as_bytes(), body));
}

#[test]
fn while_the_key_is_changed_both_are_good() {
    let keys = ["old".into(), "new".into()];
    for key in &keys {
        let signature = sign(key, b"{}");
        assert!(verify(&keys, signature.as_bytes(), b"{}"));
    }
    let other = sign(&"other".into(), b"{}");
    assert!(!verify(&keys, other.as_bytes(), b"{}"));
}

#[test]
fn an_empty_key_and_no_key_verify_nothing() {
    let empty = SecretString::from("");
    let signature = sign(&empty, b"{}");
    assert!(!verify(&[empty], signature.as_bytes(), b"{}"));
    assert!(!verify(&[], signature.as_bytes(), b"{}"));
}

#[test]
fn what_is_signed_and_no_delivery_is_refused_as_such() {
    let signature = sign(&key(), b"[]");
    let refused = receive(&[key()], signature.as_bytes(), b"[]");
    assert_eq!(refused, Err(Refused::Body(BadDelivery)));
}

fn about(action: &str, payload: &Value) -> About {
    let body = json!({"action": action, "payload": payload}).to_string();
    let it = parse(body.as_bytes()).expect("read");
    assert_eq!(it.action.as_str(), action);
    assert!(!matches!(it.action, Action::Unknown(_)), "{action}");
    it.about
}

#[test]
fn a_merge_names_who_is_gone_and_who_stays() {
    let payload = json!({"person": {"id": 4, "new_candidate_id": "6", "first_name": "Ada"}});
    let About::Person(person) = about("merge_candidate", &payload) else {
        panic!("a person");
    };
    assert_eq!(person.id, Some(CandidateId::new(4)));
    assert_eq!(person.new_candidate_id, Some(CandidateId::new(6)));
}

#[rstest]
#[case("deleted_application_ids")]
#[case("application_ids")]
fn a_deletion_names_the_applications_under_either_name(#[case] name: &str) {
    let payload = json!({"person": {"id": 4, name: [5, "x", 6]}});
    let About::Person(person) = about("delete_candidate", &payload) else {
        panic!("a person");
    };
    assert_eq!(person.application_ids, [5.into(), 6.into()]);
}

#[test]
fn what_was_anonymized_is_named() {
    let payload = json!({"candidate_id": 4, "anonymized_fields": ["full_name", 5, "tags"]});
    assert_eq!(
        about("candidate_anonymized", &payload),
        About::Anonymized(
            Some(CandidateId::new(4)),
            vec!["full_name".into(), "tags".into()]
        )
    );
}

#[rstest]
#[case("update_candidate", json!({"candidate": {"id": 4}}), About::Candidate(Some(4.into())))]
#[case("job_updated", json!({"job": {"id": 7}}), About::Job(Some(7.into())))]
#[case("job_post_created", json!({"job_post": {"id": 8, "job_id": 7}}), About::JobPost(Some(8.into()), Some(7.into())))]
#[case("job_post_created", json!({"job_post": {"id": 8}}), About::JobPost(Some(8.into()), None))]
#[case("ping", json!({"web_hook_id": 1}), About::Other)]
#[case("ping", json!([]), About::Other)]
#[case("offer_created", json!({"id": 1}), About::Other)]
fn others_name_their_record(#[case] action: &str, #[case] payload: Value, #[case] expected: About) {
    assert_eq!(about(action, &payload), expected);
}

#[test]
fn a_deleted_application_names_candidate_and_job_beside_it() {
    let payload = json!({"application": {"id": 5, "candidate_id": 4, "job_id": 7}});
    let About::Application(application) = about("delete_application", &payload) else {
        panic!("an application");
    };
    assert_eq!(application.candidate_id, Some(CandidateId::new(4)));
    assert_eq!(application.job_ids, [7.into()]);
}

#[rstest]
#[case::not_json("action=ping")]
#[case::a_list(r#"["ping",{}]"#)]
#[case::no_action(r#"{"payload":{}}"#)]
#[case::action_is_no_text(r#"{"action":5,"payload":{}}"#)]
#[case::half_a_character(r#"{"action":"ping","more":"\ud800"}"#)]
fn these_bodies_are_no_deliveries(#[case] body: &str) {
    assert_eq!(parse(body.as_bytes()), Err(BadDelivery));
}

#[rstest]
#[case::unknown_action(
    r#"{"action":"moon_change","payload":{"application":{"id":5}}}"#,
    "moon_change"
)]
#[case::no_payload(r#"{"action":"ping"}"#, "ping")]
#[case::odd_payload(r#"{"action":"ping","payload":[1]}"#, "ping")]
#[case::odd_members(
    r#"{"action":"ping","payload":{"application":7,"person":null}}"#,
    "ping"
)]
fn what_is_unknown_is_taken(#[case] body: &str, #[case] action: &str) {
    assert_eq!(
        parse(body.as_bytes()).expect("read").action.as_str(),
        action
    );
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_a_panic(body in any::<Vec<u8>>()) {
        let _ = parse(&body);
    }

    #[test]
    fn what_is_signed_is_verified_by_its_key_alone(key in ".{1,60}", other in ".{1,60}", body in any::<Vec<u8>>()) {
        let signature = sign(&key.as_str().into(), &body);
        prop_assert!(verify(&[key.as_str().into()], signature.as_bytes(), &body));
        prop_assert_eq!(verify(&[other.as_str().into()], signature.as_bytes(), &body), key == other);
    }

    #[test]
    fn any_changed_bit_is_noticed(body in proptest::collection::vec(any::<u8>(), 1..80), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let signature = sign(&key(), &body).into_bytes();
        let flipped = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            bytes
        };
        prop_assert!(verify(&[key()], &signature, &body));
        prop_assert!(!verify(&[key()], &signature, &flipped(&body)));
        prop_assert!(!verify(&[key()], &flipped(&signature), &body));
    }
}
