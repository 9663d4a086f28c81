//! Rude vendors: what Greenhouse makes of their answers, and what it tells them.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::play::Play;
use crate::vendor::KEY;

async fn test_connection(play: &Play) -> (u16, Value) {
    let path = format!("organizations/{}/test-connection", play.organization);
    play.control(Method::POST, &path, json!({})).await
}

#[tokio::test]
async fn a_malformed_list_is_reported_with_call_and_errors_only() {
    let play = Play::start().await;
    play.vendor
        .say("list_tests", 200, r#"[{"partner_test_id": null}, 3]"#);
    let (status, answer) = test_connection(&play).await;
    assert_eq!(
        (status, &answer["error"]),
        (502, &json!("vendor_answer_unusable"))
    );
    let notices = play.vendor.received("response_errors");
    assert_eq!(notices.len(), 1, "all faults in one notice");
    assert_eq!(
        notices[0].body,
        json!({
            "api_call": "list_tests",
            "errors": [
                "test 1: partner_test_id is missing",
                "test 1: partner_test_name is missing",
                "test 2 must be an object",
            ],
        })
    );
    assert_eq!(notices[0].user.as_deref(), Some(KEY));
}

#[rstest]
#[case(r#"{"partner_interview_id": null}"#, "partner_interview_id is missing")]
#[case(
    r#"{"partner_interview_id": ""}"#,
    "partner_interview_id must not be blank"
)]
#[case(r#"{"error": "no phone"}"#, "partner_interview_id is missing")]
#[case(r#"["inv_1"]"#, "the answer must be an object")]
#[case("<html></html>", "the answer must be JSON")]
#[tokio::test]
async fn a_malformed_send_answer_fails_and_is_reported(#[case] body: &str, #[case] error: &str) {
    let play = Play::start().await;
    play.vendor.say("send_test", 200, body);
    let sent = play.send().await;
    assert_eq!(
        (&sent["state"], &sent["label"]),
        (&json!("send_failed"), &json!("Test not sent"))
    );
    let notice = &play.vendor.received("response_errors")[0].body;
    assert_eq!(
        *notice,
        json!({
            "api_call": "send_test",
            "errors": [error],
            "partner_test_id": "7",
            "partner_test_name": "Backend practical",
            "candidate_email": "Zoë@candidate.example",
        })
    );
}

#[rstest]
#[case(r#"{"partner_status": "complete"}"#)]
#[case(r#"{"partner_status": "complete", "partner_profile_url": "javascript:alert(1)"}"#)]
#[case(r#"{"partner_status": "complete", "partner_profile_url": "https://v.example/1", "partner_score": "80"}"#)]
#[case(r#"{"partner_status": "complete", "partner_profile_url": "https://v.example/1", "metadata": {"Skills": ["a"]}}"#)]
#[case(r#"{"partner_status": 3}"#)]
#[case("[]")]
#[tokio::test]
async fn a_malformed_status_is_not_shown_and_is_reported(#[case] body: &str) {
    let play = Play::start().await;
    let sent = play.send().await;
    play.vendor.say("test_status", 200, body);
    assert_eq!(play.patch(&sent).await.unwrap().status(), 200);
    assert_eq!(play.test(&sent).await["state"], "waiting");
    let notice = &play.vendor.received("response_errors")[0].body;
    assert_eq!(notice["api_call"], "test_status");
    assert_eq!(notice["partner_interview_id"], sent["partner_interview_id"]);
}

#[tokio::test]
async fn a_result_on_a_private_host_can_be_hidden_as_the_real_one_does() {
    let play = Play::with(json!({"accept_private_results": false})).await;
    let sent = play.send().await;
    let body = r#"{"partner_status":"complete","partner_profile_url":"http://127.0.0.1/r","partner_score":80}"#;
    play.vendor.say("test_status", 200, body);
    play.patch(&sent).await.unwrap();
    let test = play.test(&sent).await;
    assert_eq!(test["label"], "Complete, result hidden");
    assert_eq!(
        (&test["score"], &test["profile_url"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(play.vendor.received("response_errors").len(), 1);
}

#[tokio::test]
async fn a_local_vendor_may_show_a_local_result() {
    let play = Play::start().await;
    let sent = play.send().await;
    let body = r#"{"partner_status":"complete","partner_profile_url":"http://127.0.0.1/r","partner_score":80}"#;
    play.vendor.say("test_status", 200, body);
    play.patch(&sent).await.unwrap();
    let test = play.test(&sent).await;
    assert_eq!(
        (&test["label"], &test["errors"]),
        (&json!("Complete, 80"), &json!([]))
    );
    assert_eq!(test["warnings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn numbers_as_ids_pass_unless_strict() {
    let play = Play::start().await;
    play.vendor.say(
        "send_test",
        200,
        r#"{"partner_interview_id": 172800000004}"#,
    );
    assert_eq!(play.send().await["partner_interview_id"], "172800000004");
    play.configure(json!({"strict": true})).await;
    assert_eq!(play.send().await["state"], "send_failed");
}

#[rstest]
#[case::silent(false, 0)]
#[case::told(true, 1)]
#[tokio::test]
async fn a_refusal_is_no_malformed_answer(#[case] notify: bool, #[case] notices: usize) {
    let play = Play::with(json!({"notify_failures": notify})).await;
    play.vendor
        .say("send_test", 404, r#"{"error": "not_found"}"#);
    assert_eq!(
        play.send().await["failure"],
        "The partner does not know what we asked for (404)"
    );
    assert_eq!(play.vendor.received("response_errors").len(), notices);
}

#[tokio::test]
async fn a_failing_error_endpoint_is_asked_once() {
    let play = Play::start().await;
    play.vendor.say("response_errors", 500, "{}");
    play.vendor.say("send_test", 200, "{}");
    play.send().await;
    assert_eq!(play.vendor.received("response_errors").len(), 1);
    assert_eq!(play.log("call=response_error").await[0]["status"], 500);
}

#[tokio::test]
async fn an_error_that_repeats_what_it_was_told_is_noted() {
    let play = Play::start().await;
    let echo = format!("no Zoë@candidate.example (Nguyễn-Okafor) for {KEY}");
    play.vendor.say("send_test", 422, &echo);
    let sent = play.send().await;
    assert_eq!(sent["warnings"].as_array().unwrap().len(), 3, "{sent}");
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_told_in_words() {
    let play = Play::start().await;
    play.configure(json!({"base_url": "http://127.0.0.1:1/"}))
        .await;
    let (status, answer) = test_connection(&play).await;
    assert_eq!(status, 502);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("is the partner running"),
        "{answer}"
    );
    assert_eq!(
        play.log("call=list_tests").await.pop().unwrap()["status"],
        Value::Null
    );
}
