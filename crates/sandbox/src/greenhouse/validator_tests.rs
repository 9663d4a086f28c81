//! Every row of the table of malformed answers.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn lenient() -> Strictness {
    Strictness::default()
}

fn strict() -> Strictness {
    Strictness {
        ids_must_be_strings: true,
        ..Strictness::default()
    }
}

#[rstest]
#[case::no_json("<html>", "the answer must be JSON")]
#[case::object(r#"{"tests":[]}"#, "the answer must be an array of tests")]
#[case::text(r#"["a"]"#, "test 1 must be an object")]
#[case::no_id(r#"[{"partner_test_name":"A"}]"#, "test 1: partner_test_id is missing")]
#[case::null_id(
    r#"[{"partner_test_id":null,"partner_test_name":"A"}]"#,
    "test 1: partner_test_id is missing"
)]
#[case::no_name(r#"[{"partner_test_id":"1"}]"#, "test 1: partner_test_name is missing")]
#[case::list_as_id(
    r#"[{"partner_test_id":["1"],"partner_test_name":"A"}]"#,
    "test 1: partner_test_id must be a string"
)]
#[case::fraction_as_id(
    r#"[{"partner_test_id":1.5,"partner_test_name":"A"}]"#,
    "test 1: partner_test_id must be a string"
)]
#[case::number_as_name(
    r#"[{"partner_test_id":"1","partner_test_name":4}]"#,
    "test 1: partner_test_name must be a string"
)]
fn a_malformed_list_is_an_error(#[case] body: &str, #[case] error: &str) {
    let (findings, tests) = list_tests(body, lenient());
    assert_eq!(findings.errors, [error]);
    assert_eq!(tests, None);
}

#[rstest]
#[case::blank_id(
    r#"[{"partner_test_id":" ","partner_test_name":"A"}]"#,
    "test 1: partner_test_id is blank"
)]
#[case::blank_name(
    r#"[{"partner_test_id":"1","partner_test_name":""}]"#,
    "test 1: partner_test_name is blank"
)]
#[case::twin_id(
    r#"[{"partner_test_id":"1","partner_test_name":"A"},{"partner_test_id":"1","partner_test_name":"B"}]"#,
    "partner_test_id 1 appears twice"
)]
#[case::number(
    r#"[{"partner_test_id":7,"partner_test_name":"A"}]"#,
    "test 1: partner_test_id should be a string, not a number"
)]
fn an_unwise_list_is_a_warning(#[case] body: &str, #[case] warning: &str) {
    let (findings, tests) = list_tests(body, lenient());
    assert_eq!(findings.errors, Vec::<String>::new());
    assert_eq!(findings.warnings, [warning]);
    assert!(tests.is_some());
}

#[test]
fn a_list_without_tests_is_fine() {
    assert_eq!(
        list_tests("[]", strict()),
        (Findings::default(), Some(Vec::new()))
    );
}

#[test]
fn all_faults_of_a_list_are_told_at_once() {
    let (findings, _) = list_tests(r#"[1, {"partner_test_id":"1"}, {}]"#, lenient());
    assert_eq!(findings.errors.len(), 4);
}

#[rstest]
#[case::array("[]", "the answer must be an object")]
#[case::text("\"id\"", "the answer must be an object")]
#[case::empty("", "the answer must be JSON")]
#[case::missing("{}", "partner_interview_id is missing")]
#[case::null(r#"{"partner_interview_id":null}"#, "partner_interview_id is missing")]
#[case::blank(
    r#"{"partner_interview_id":"  "}"#,
    "partner_interview_id must not be blank"
)]
#[case::object(
    r#"{"partner_interview_id":{}}"#,
    "partner_interview_id must be a string"
)]
fn a_malformed_send_answer_is_an_error(#[case] body: &str, #[case] error: &str) {
    let (findings, id) = send_test(body, lenient());
    assert_eq!(findings.errors, [error]);
    assert_eq!(id, None);
}

#[test]
fn a_number_as_interview_id_is_converted_unless_strict() {
    let body = r#"{"partner_interview_id": 163900000004}"#;
    let (findings, id) = send_test(body, lenient());
    assert_eq!(id.as_deref(), Some("163900000004"));
    assert_eq!(findings.warnings.len(), 1);
    let (findings, id) = send_test(body, strict());
    assert_eq!(findings.errors, ["partner_interview_id must be a string"]);
    assert_eq!(id, None);
}

#[rstest]
#[case::array("[]", "the answer must be an object")]
#[case::no_status("{}", "partner_status is missing")]
#[case::number(r#"{"partner_status":1}"#, "partner_status must be a string")]
#[case::no_url(
    r#"{"partner_status":"complete"}"#,
    "partner_profile_url is missing although partner_status is complete"
)]
#[case::null_url(
    r#"{"partner_status":"complete","partner_profile_url":null}"#,
    "partner_profile_url is missing although partner_status is complete"
)]
#[case::ftp(
    r#"{"partner_status":"complete","partner_profile_url":"ftp://v.example/1"}"#,
    "partner_profile_url must be an http or https URL"
)]
#[case::relative(
    r#"{"partner_status":"complete","partner_profile_url":"/results/1"}"#,
    "partner_profile_url must be an http or https URL"
)]
#[case::score_text(
    r#"{"partner_status":"sent","partner_score":"81"}"#,
    "partner_score must be a number"
)]
#[case::score_flag(
    r#"{"partner_status":"sent","partner_score":true}"#,
    "partner_score must be a number"
)]
#[case::metadata_list(
    r#"{"partner_status":"sent","metadata":[{"a":1}]}"#,
    "metadata must be an object"
)]
#[case::nested_list(
    r#"{"partner_status":"sent","metadata":{"Skills":["a"]}}"#,
    "metadata must be flat: Skills is no string, number or boolean"
)]
#[case::nested_object(
    r#"{"partner_status":"sent","metadata":{"Skills":{}}}"#,
    "metadata must be flat: Skills is no string, number or boolean"
)]
fn a_malformed_status_is_an_error(#[case] body: &str, #[case] error: &str) {
    let (findings, answer) = test_status(body, lenient());
    assert_eq!(findings.errors, [error]);
    assert_eq!(answer, None);
}

#[rstest]
#[case("http://localhost/r")]
#[case("http://127.0.0.1:8080/r")]
#[case("http://0x7f.1/r")]
#[case("https://10.1.2.3/r")]
#[case("https://192.168.0.9/r")]
#[case("https://100.64.0.1/r")]
#[case("https://169.254.169.254/r")]
#[case("https://[::1]/r")]
#[case("https://[::ffff:10.0.0.1]/r")]
#[case("https://[fd00::1]/r")]
#[case("https://intranet/r")]
fn a_result_on_a_private_host_is_hidden(#[case] url: &str) {
    let body = format!(
        r#"{{"partner_status":"complete","partner_profile_url":"{url}","partner_score":80,"metadata":{{"A":1}}}}"#
    );
    let (findings, answer) = test_status(&body, lenient());
    assert_eq!(findings.errors.len(), 1);
    let answer = answer.expect("complete all the same");
    assert!(answer.hidden);
    assert_eq!((answer.profile_url, answer.score), (None, None));
    assert!(answer.metadata.is_empty());
}

#[test]
fn a_private_result_is_shown_where_that_was_asked_for() {
    let rules = Strictness {
        private_results_are_shown: true,
        ..Strictness::default()
    };
    let body = r#"{"partner_status":"complete","partner_profile_url":"http://127.0.0.1/r","partner_score":80}"#;
    let (findings, answer) = test_status(body, rules);
    assert_eq!((findings.errors.len(), findings.warnings.len()), (0, 1));
    assert_eq!(
        answer.and_then(|answer| answer.profile_url).as_deref(),
        Some("http://127.0.0.1/r")
    );
}

#[test]
fn metadata_keeps_its_order() {
    let body = r#"{"partner_status":"complete","partner_profile_url":"https://v.example/r",
        "metadata":{"Zeal":"high","Ability":4,"Remote":true,"None":null}}"#;
    let (findings, answer) = test_status(body, strict());
    assert_eq!(findings, Findings::default());
    let labels: Vec<_> = answer
        .expect("good")
        .metadata
        .into_iter()
        .map(|(label, _)| label)
        .collect();
    assert_eq!(labels, ["Zeal", "Ability", "Remote"]);
}

#[test]
fn a_fifth_member_is_a_warning() {
    let (findings, answer) = test_status(r#"{"partner_status":"sent","id":"x"}"#, lenient());
    assert_eq!(
        findings.warnings,
        ["id is none of the four documented members"]
    );
    assert!(answer.is_some());
}

proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic(body in ".*") {
        let _ = list_tests(&body, lenient());
        let _ = send_test(&body, lenient());
        let _ = test_status(&body, lenient());
    }
}
