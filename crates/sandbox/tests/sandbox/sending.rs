//! Send Test, double click, bulk, rule, resend, dialects.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::play::Play;

#[tokio::test]
async fn send_test_carries_every_documented_member() {
    let play = Play::start().await;
    let sent = play.send().await;
    assert_eq!(sent["state"], "waiting");
    assert_eq!(sent["label"], "Test sent");
    let received = &play.vendor.received("send_test")[0];
    assert_eq!(received.headers["accept"], "application/json");
    assert_eq!(received.headers["content-type"], "application/json");
    let id = &sent["take_home_test_id"];
    assert_eq!(id.to_string().len(), 12);
    let application = &sent["application_id"];
    assert_eq!(application.to_string().len(), 12);
    let profile = received.body["candidate"]["greenhouse_profile_url"]
        .as_str()
        .unwrap();
    assert!(profile.contains("/people/"));
    assert!(profile.ends_with(&format!("?application_id={application}")));
    assert_eq!(
        received.body,
        json!({
            "partner_test_id": "7",
            "candidate": {
                "first_name": "Zoë",
                "last_name": "Nguyễn-Okafor",
                "preferred_name": null,
                "resume_url": null,
                "phone_number": null,
                "email": "Zoë@candidate.example",
                "greenhouse_profile_url": profile,
            },
            "sent_by": null,
            "url": play.callback(&sent),
        })
    );
}

#[tokio::test]
async fn a_double_click_is_two_posts_at_once_with_one_url() {
    let play = Play::start().await;
    play.vendor.wait_for_company(2);
    let application = play.candidate("Zoë").await;
    let sent = play.act(application, "double-click").await;
    let received = play.vendor.received("send_test");
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].text, received[1].text);
    assert_eq!(sent["sends"], 2);
    assert_eq!(sent["interview_ids"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_vendor_that_forgets_asks_is_found_out() {
    let play = Play::start().await;
    play.vendor.forget_asks();
    let application = play.candidate("Zoë").await;
    let sent = play.act(application, "double-click").await;
    assert_eq!(sent["interview_ids"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_test_goes_out_once_unless_sent_again() {
    let play = Play::start().await;
    let first = play.send().await;
    let application = first["application_id"].as_u64().unwrap();
    let path = format!("applications/{application}/send");
    let (status, answer) = play.control(Method::POST, &path, json!({})).await;
    assert_eq!(status, 409);
    assert!(answer["message"].as_str().unwrap().contains("Send again"));
    let second = play.act(application, "resend").await;
    assert_ne!(first["take_home_test_id"], second["take_home_test_id"]);
    let received = play.vendor.received("send_test");
    assert_ne!(received[0].body["url"], received[1].body["url"]);
}

#[tokio::test]
async fn a_send_that_failed_is_tried_again_under_its_own_url() {
    let play = Play::start().await;
    play.vendor.say("send_test", 503, "{}");
    let failed = play.send().await;
    assert_eq!(failed["state"], "send_failed");
    assert_eq!(failed["failure"], "The partner answered 503");
    play.vendor.be_honest();
    let sent = play
        .act(failed["application_id"].as_u64().unwrap(), "send")
        .await;
    assert_eq!(sent["state"], "waiting");
    assert_eq!(sent["failure"], Value::Null);
    let received = play.vendor.received("send_test");
    assert_eq!(received[0].body["url"], received[1].body["url"]);
}

#[tokio::test]
async fn a_repeat_sends_what_the_application_says_now() {
    let play = Play::start().await;
    let sent = play.send().await;
    let application = &sent["application_id"];
    let change = json!({"email": "other@candidate.example"});
    play.control(
        Method::PATCH,
        &format!("applications/{application}"),
        change,
    )
    .await;
    let id = &sent["take_home_test_id"];
    play.post(&format!("take-home-tests/{id}/repeat"), json!({}))
        .await;
    let received = play.vendor.received("send_test");
    assert_eq!(received[0].body["url"], received[1].body["url"]);
    assert_eq!(
        received[1].body["candidate"]["email"],
        "other@candidate.example"
    );
}

#[tokio::test]
async fn two_hundred_go_out_twenty_at_a_time() {
    let play = Play::start().await;
    // Answers come only in company of twenty: fewer at a time would wait for ever.
    play.vendor.wait_for_company(20);
    let mut ids = Vec::new();
    for number in 0..200 {
        ids.push(play.candidate(&format!("candidate{number}")).await);
    }
    let body =
        json!({"application_ids": ids, "concurrency": 20, "sent_by": "rosa@customer.example"});
    let report = play.post("bulk-send", body).await;
    assert_eq!(report["sent"].as_array().unwrap().len(), 200);
    assert_eq!(report["failed"], json!([]));
    let received = play.vendor.received("send_test");
    assert!(
        received
            .iter()
            .all(|call| call.body["sent_by"] == "rosa@customer.example")
    );
    let urls: std::collections::HashSet<_> = received
        .iter()
        .map(|call| call.body["url"].to_string())
        .collect();
    assert_eq!(urls.len(), 200);
}

#[tokio::test]
async fn a_bulk_send_leaves_out_who_cannot_be_sent_to() {
    let play = Play::start().await;
    let good = play.candidate("Zoë").await;
    let rejected = play.candidate("Jon").await;
    play.act(rejected, "reject").await;
    let body = json!({"application_ids": [good, rejected, 5]});
    let report = play.post("bulk-send", body).await;
    assert_eq!(report["sent"].as_array().unwrap().len(), 1);
    assert_eq!(report["skipped"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_stage_rule_sends_on_entry_without_a_sender() {
    let play = Play::start().await;
    play.edit_stage(json!({"auto_send": true})).await;
    let application = play.candidate_in(play.review, "Zoë").await;
    let path = format!("applications/{application}/move");
    let moved = play.post(&path, json!({"stage_id": play.stage})).await;
    assert_eq!(moved["not_sent_because"], Value::Null);
    let received = &play.vendor.received("send_test")[0];
    assert_eq!(received.body["sent_by"], Value::Null);
    let id = &moved["take_home_test_id"];
    let sent = play.get(&format!("take-home-tests/{id}")).await;
    assert_eq!(sent["reason"], "stage_rule");
}

#[rstest]
#[case::off(json!({}), false, Value::Null)]
#[case::do_not_email(json!({"do_not_email": true}), true, json!("The candidate is marked Do Not Email."))]
#[case::no_address(json!({"email": ""}), true, json!("The candidate has no e-mail address."))]
#[tokio::test]
async fn a_stage_rule_holds_back(#[case] change: Value, #[case] rule: bool, #[case] why: Value) {
    let play = Play::start().await;
    play.edit_stage(json!({"auto_send": rule})).await;
    let application = play.candidate_in(play.review, "Zoë").await;
    play.control(
        Method::PATCH,
        &format!("applications/{application}"),
        change,
    )
    .await;
    let path = format!("applications/{application}/move");
    let moved = play.post(&path, json!({"stage_id": play.stage})).await;
    assert_eq!(moved["take_home_test_id"], Value::Null);
    assert_eq!(moved["not_sent_because"], why);
    assert!(play.vendor.received("send_test").is_empty());
}

#[tokio::test]
async fn the_form_of_2016_has_numbers_and_no_url() {
    let play = Play::with(json!({"dialect": "2016"})).await;
    play.send().await;
    let body = &play.vendor.received("send_test")[0].body;
    assert_eq!(body["partner_test_id"], 7);
    let mut members: Vec<_> = body.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["candidate", "partner_test_id"]);
    assert!(body["candidate"].get("preferred_name").is_none());
}

#[tokio::test]
async fn the_form_of_2019_has_the_url_inside_the_candidate() {
    let play = Play::with(json!({"dialect": "2019"})).await;
    let sent = play.send().await;
    let body = &play.vendor.received("send_test")[0].body;
    assert!(body.get("url").is_none());
    assert!(body.get("sent_by").is_none());
    assert_eq!(body["candidate"]["url"], play.callback(&sent));
}

#[tokio::test]
async fn the_form_of_2024_has_a_sender_and_no_preferred_name() {
    let play = Play::with(json!({"dialect": "2024"})).await;
    play.send().await;
    let body = &play.vendor.received("send_test")[0].body;
    assert_eq!(body["sent_by"], Value::Null);
    assert!(body["candidate"].get("preferred_name").is_none());
}

#[tokio::test]
async fn absent_values_can_be_left_out_and_unknown_members_added() {
    let dialect =
        json!({"omit_absent": true, "unknown_members": true, "user_agent": "Greenhouse/9"});
    let play = Play::with(json!({"dialect": dialect})).await;
    let sent = play.send().await;
    let received = &play.vendor.received("send_test")[0];
    assert_eq!(received.headers["user-agent"], "Greenhouse/9");
    assert!(received.body["candidate"].get("resume_url").is_none());
    assert!(received.body.get("sent_by").is_none());
    assert!(received.body["candidate"]["id"].is_u64());
    assert_eq!(received.body["application"]["id"], sent["application_id"]);
}
