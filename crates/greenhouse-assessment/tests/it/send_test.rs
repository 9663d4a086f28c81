//! Every dialect of `send_test`, and what is refused.

use greenhouse_assessment::{Candidate, Fault, PartnerError, SendTest, Test};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

const CALLBACK: &str = "https://app4.greenhouse.io/integrations/testing_partners/take_home_tests/1";
const PROFILE: &str = "https://app4.greenhouse.io/people/163900000004?application_id=172800000004";

fn parse(body: &Value) -> Result<SendTest, Fault> {
    SendTest::parse(body.to_string().as_bytes())
}

/// All documented members of January 2025.
fn documented() -> Value {
    json!({
        "partner_test_id": "tst_8Qm2f0",
        "candidate": {
            "first_name": "Zoë",
            "last_name": "Nguyễn-Okafor",
            "preferred_name": null,
            "resume_url": "https://files.example/resume/5f0c?sig=abc",
            "phone_number": "+44 20 7946 0018 ext 4",
            "email": "Zoe.N@candidate.example",
            "greenhouse_profile_url": PROFILE
        },
        "sent_by": "recruiter@customer.example",
        "url": CALLBACK
    })
}

/// Takes `member` (a JSON pointer) out of the documented body, or puts another value there.
fn altered(member: &str, value: Option<Value>) -> Value {
    let mut body = documented();
    let (parent, name) = member.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
    let parent = parent.expect("an object");
    match value {
        Some(value) => drop(parent.insert(name.to_owned(), value)),
        None => drop(parent.remove(name)),
    }
    body
}

#[test]
fn the_documented_body_is_read_whole() {
    let ask = parse(&documented()).expect("an ask");
    assert_eq!(ask.partner_test_id, "tst_8Qm2f0");
    assert_eq!(ask.url.as_deref(), Some(CALLBACK));
    assert_eq!(ask.sent_by.as_deref(), Some("recruiter@customer.example"));
    let candidate = &ask.candidate;
    assert_eq!(candidate.email, "Zoe.N@candidate.example");
    assert_eq!(candidate.first_name.as_deref(), Some("Zoë"));
    assert_eq!(candidate.last_name.as_deref(), Some("Nguyễn-Okafor"));
    assert_eq!(candidate.preferred_name, None);
    assert_eq!(
        candidate.phone_number.as_deref(),
        Some("+44 20 7946 0018 ext 4")
    );
    assert!(candidate.resume_url.is_some());
    let ids = ask.profile_ids();
    assert_eq!(ids.person, Some(163_900_000_004));
    assert_eq!(ids.application, Some(172_800_000_004));
}

#[rstest]
#[case::of_2016(json!({
    "partner_test_id": 42,
    "candidate": {"first_name": "Ada", "last_name": "L", "resume_url": null, "phone_number": null,
                  "email": "ada@c.example", "greenhouse_profile_url": PROFILE},
    "url": CALLBACK
}))]
#[case::of_2019_with_the_url_inside(json!({
    "partner_test_id": "42",
    "candidate": {"first_name": "Ada", "last_name": "L", "email": "ada@c.example",
                  "greenhouse_profile_url": PROFILE, "url": CALLBACK}
}))]
#[case::of_2024_with_a_sender(json!({
    "partner_test_id": "42",
    "candidate": {"first_name": "Ada", "last_name": "L", "email": "ada@c.example",
                  "greenhouse_profile_url": PROFILE},
    "sent_by": "r@c.example", "url": CALLBACK
}))]
#[case::of_2025_with_a_preferred_name(json!({
    "partner_test_id": "42",
    "candidate": {"first_name": "Ada", "last_name": "L", "preferred_name": "Addie", "email": "ada@c.example",
                  "greenhouse_profile_url": PROFILE},
    "sent_by": null, "url": CALLBACK
}))]
#[case::with_members_nobody_documented(json!({
    "partner_test_id": "42", "job": {"id": 3, "name": ["x"]}, "application": {"id": 172_800_000_004_u64},
    "candidate": {"id": 163_900_000_004_u64, "email": "ada@c.example", "tags": []}, "url": CALLBACK
}))]
fn every_dialect_says_the_same(#[case] body: Value) {
    let ask = parse(&body).expect("an ask");
    assert_eq!(ask.partner_test_id, "42");
    assert_eq!(ask.candidate.email, "ada@c.example");
    assert_eq!(ask.url.as_deref(), Some(CALLBACK));
    assert_eq!(ask.profile_ids().person, Some(163_900_000_004));
    assert_eq!(ask.profile_ids().application, Some(172_800_000_004));
}

#[test]
fn what_is_documented_wins_over_what_is_not() {
    let mut body = documented();
    body["candidate"]["url"] = json!("https://app.greenhouse.io/other");
    body["candidate"]["id"] = json!(1);
    body["application"] = json!({"id": 2});
    let ask = parse(&body).expect("an ask");
    assert_eq!(ask.url.as_deref(), Some(CALLBACK));
    assert_eq!(ask.profile_ids().person, Some(163_900_000_004));
    assert_eq!(ask.profile_ids().application, Some(172_800_000_004));
}

#[rstest]
#[case("/candidate/first_name")]
#[case("/candidate/last_name")]
#[case("/candidate/phone_number")]
#[case("/candidate/resume_url")]
#[case("/candidate/greenhouse_profile_url")]
#[case("/sent_by")]
#[case("/url")]
fn absent_null_and_blank_are_the_same(#[case] member: &str) {
    let absent = parse(&altered(member, None)).expect("an ask");
    for value in [json!(null), json!(""), json!(" \t ")] {
        let ask = parse(&altered(member, Some(value))).expect("an ask");
        assert!(ask == absent, "{member}");
    }
}

#[rstest]
#[case("/candidate/phone_number", json!({"mobile": "1"}))]
#[case("/candidate/resume_url", json!([1]))]
#[case("/candidate/resume_url", json!("x".repeat(3000)))]
#[case("/candidate/greenhouse_profile_url", json!(7))]
#[case("/sent_by", json!(true))]
fn decoration_that_cannot_be_used_counts_as_absent(#[case] member: &str, #[case] value: Value) {
    let absent = parse(&altered(member, None)).expect("an ask");
    assert!(parse(&altered(member, Some(value))).expect("an ask") == absent);
}

#[rstest]
#[case::no_test("/partner_test_id", None, "partner_test_id is missing")]
#[case::blank_test("/partner_test_id", Some(json!(" ")), "partner_test_id is missing")]
#[case::float("/partner_test_id", Some(json!(1.5)), "partner_test_id can't be used")]
#[case::truth("/partner_test_id", Some(json!(true)), "partner_test_id can't be used")]
#[case::no_candidate("/candidate", None, "candidate is missing")]
#[case::null_candidate("/candidate", Some(json!(null)), "candidate is missing")]
#[case::odd_candidate("/candidate", Some(json!("Ada")), "candidate can't be used")]
#[case::no_email("/candidate/email", None, "candidate.email is missing")]
#[case::null_email("/candidate/email", Some(json!(null)), "candidate.email is missing")]
#[case::blank_email("/candidate/email", Some(json!("  ")), "candidate.email is missing")]
#[case::odd_email("/candidate/email", Some(json!(["a"])), "candidate.email can't be used")]
#[case::odd_url("/url", Some(json!(1)), "url can't be used")]
#[case::url_with_a_line_break("/url", Some(json!("https://a.example/\n/")), "url can't be used")]
#[case::endless_url("/url", Some(json!("u".repeat(2049))), "url can't be used")]
fn what_is_needed_is_named_when_it_lacks(
    #[case] member: &str,
    #[case] value: Option<Value>,
    #[case] message: &str,
) {
    let fault = parse(&altered(member, value)).expect_err("a fault");
    assert!(fault.to_string().starts_with(message), "{fault}");
    assert_eq!(PartnerError::from(fault).status(), 422);
}

#[rstest]
#[case::nul(json!("a\u{0}b"))]
#[case::endless(json!("a".repeat(256)))]
fn an_id_that_nobody_hands_out_is_an_unknown_test(#[case] id: Value) {
    let fault = parse(&altered("/partner_test_id", Some(id))).expect_err("a fault");
    assert_eq!(PartnerError::from(fault), PartnerError::UnknownTest);
}

#[test]
fn without_url_and_profile_there_is_nothing_to_tell_asks_apart() {
    let body = json!({"partner_test_id": "1", "candidate": {"email": "a@c.example"}});
    let fault = parse(&body).expect_err("a fault");
    assert!(fault.to_string().starts_with("url is missing"));
}

#[rstest]
#[case::empty(b"".as_slice())]
#[case::cut_off(br#"{"partner_test_id": "1""#)]
#[case::two_values(b"{} {}")]
#[case::not_utf8(b"{\"partner_test_id\": \"\xFF\"}")]
#[case::a_form(b"partner_test_id=1")]
fn what_is_not_json_is_a_400(#[case] body: &[u8]) {
    let fault = SendTest::parse(body).expect_err("a fault");
    assert_eq!(fault, Fault::NotJson);
    assert_eq!(PartnerError::from(fault).status(), 400);
}

#[test]
fn json_nested_without_end_is_refused() {
    let body = "[".repeat(100_000);
    assert_eq!(SendTest::parse(body.as_bytes()), Err(Fault::NotJson));
}

#[rstest]
#[case("[]")]
#[case("null")]
#[case("17")]
#[case("\"text\"")]
fn json_that_is_no_object_lacks_everything(#[case] body: &str) {
    assert_eq!(SendTest::parse(body.as_bytes()), Err(Fault::NotAnObject));
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let body = format!("\u{FEFF}{}", documented());
    assert!(SendTest::parse(body.as_bytes()).is_ok());
}

#[test]
fn an_own_ask_is_written_with_all_documented_members() {
    let mut ask = SendTest::new(&Test::new("7", "Rust"), Candidate::new("ada@c.example"));
    ask.url = Some(CALLBACK.into());
    let json = serde_json::to_value(&ask).expect("JSON");
    assert_eq!(json.as_object().expect("an object").len(), 4);
    assert_eq!(json["candidate"].as_object().expect("an object").len(), 7);
    assert_eq!(json["candidate"]["preferred_name"], Value::Null);
    assert!(parse(&json).expect("reads back") == ask);
}

#[test]
fn people_are_addressed_as_they_want() {
    let mut candidate = Candidate::new("ada.l@c.example");
    assert_eq!(candidate.salutation(), "ada.l");
    candidate.first_name = Some("Augusta".into());
    assert_eq!(candidate.salutation(), "Augusta");
    candidate.preferred_name = Some("Ada".into());
    assert_eq!(candidate.salutation(), "Ada");
}

#[test]
fn debug_says_nothing_about_the_candidate() {
    let ask = parse(&documented()).expect("an ask");
    let debug = format!("{ask:?} {:?}", ask.candidate);
    for personal in ["Zo", "candidate.example", "7946", "people", "take_home"] {
        assert!(!debug.contains(personal), "{debug}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_a_panic(body in any::<Vec<u8>>()) {
        let _ = SendTest::parse(&body);
    }

    #[test]
    fn whatever_is_taken_has_what_is_needed(id in ".{0,8}", email in ".{0,8}", url in ".{0,8}") {
        let body = json!({"partner_test_id": id, "candidate": {"email": email}, "url": url});
        if let Ok(ask) = parse(&body) {
            prop_assert!(!ask.partner_test_id.trim().is_empty());
            prop_assert!(!ask.candidate.email.trim().is_empty());
            prop_assert!(ask.url.is_some_and(|url| !url.contains(char::is_control)));
        }
    }

    #[test]
    fn whole_numbers_are_ids(number in any::<i64>()) {
        let ask = parse(&altered("/partner_test_id", Some(json!(number)))).expect("an ask");
        prop_assert_eq!(ask.partner_test_id, number.to_string());
    }
}
