//! PATCH, reading, scores, polling, keys.

use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use crate::play::Play;
use crate::vendor::{KEY, RESULT};

#[tokio::test]
async fn a_patch_brings_score_link_and_metadata_before_it_is_answered() {
    let play = Play::start().await;
    let sent = play.send().await;
    assert_eq!(play.complete(&sent, 80.0).await, 200);
    let done = play.test(&sent).await;
    assert_eq!(done["state"], "to_be_graded");
    assert_eq!(done["label"], "Complete, 80");
    assert_eq!(done["profile_url"], RESULT);
    assert_eq!(done["metadata"], json!({"Recommendation": "Advance"}));
    assert_eq!((&done["patches"], &done["polls"]), (&json!(1), &json!(1)));
    assert_eq!(done["complaints"], json!([]));
    let query = &play.vendor.received("test_status")[0].query;
    let id = sent["partner_interview_id"].as_str().unwrap();
    let encoded = id.replace(' ', "%20").replace('/', "%2F");
    assert_eq!(*query, format!("partner_interview_id={encoded}"));
}

#[tokio::test]
async fn a_registered_query_is_kept() {
    let play = Play::start().await;
    let base = format!("{}?tenant-id=4", play.vendor.base);
    play.configure(json!({"base_url": base})).await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    let query = &play.vendor.received("test_status")[0].query;
    assert!(
        query.starts_with("tenant-id=4&partner_interview_id="),
        "{query}"
    );
    assert_eq!(play.vendor.received("send_test")[0].query, "tenant-id=4");
}

#[tokio::test]
async fn a_patch_too_early_is_told() {
    let play = Play::start().await;
    let sent = play.send().await;
    assert_eq!(play.patch(&sent).await.unwrap().status(), 200);
    let test = play.test(&sent).await;
    assert_eq!(test["state"], "waiting");
    assert_eq!(
        test["complaints"],
        json!(["1 PATCH before the final state was visible"])
    );
}

#[tokio::test]
async fn a_second_patch_takes_a_new_score_or_is_told_to_be_idle() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    play.complete(&sent, 81.5).await;
    let test = play.test(&sent).await;
    assert_eq!(test["label"], "Complete, 81.5");
    assert_eq!(test["idle_patches"], 0);
    play.patch(&sent).await.unwrap();
    assert_eq!(play.test(&sent).await["idle_patches"], 1);
}

#[tokio::test]
async fn a_complete_test_can_be_left_as_it_is() {
    let play = Play::with(json!({"reread_complete": false})).await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    assert_eq!(play.complete(&sent, 90.0).await, 200);
    assert_eq!(play.test(&sent).await["label"], "Complete, 80");
}

#[tokio::test]
async fn a_status_may_not_fall_back() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    play.vendor
        .say("test_status", 200, r#"{"partner_status":"sent"}"#);
    let id = &sent["take_home_test_id"];
    let test = play
        .post(&format!("take-home-tests/{id}/poll"), json!({}))
        .await;
    assert_eq!(test["label"], "Complete, 80");
    assert_eq!(
        test["warnings"],
        json!(["partner_status was complete before and must stay so"])
    );
}

#[rstest]
#[case::hired("hire")]
#[case::rejected("reject")]
#[tokio::test]
async fn who_is_out_gets_no_result(#[case] action: &str) {
    let play = Play::start().await;
    let sent = play.send().await;
    play.act(sent["application_id"].as_u64().unwrap(), action)
        .await;
    assert_eq!(play.complete(&sent, 80.0).await, 200);
    assert_eq!(play.test(&sent).await["state"], "waiting");
    assert!(play.vendor.received("test_status").is_empty());
}

#[tokio::test]
async fn who_is_unrejected_gets_the_result_at_the_next_patch() {
    let play = Play::start().await;
    let sent = play.send().await;
    let application = sent["application_id"].as_u64().unwrap();
    play.act(application, "reject").await;
    play.complete(&sent, 80.0).await;
    play.act(application, "unreject").await;
    play.patch(&sent).await.unwrap();
    assert_eq!(play.test(&sent).await["label"], "Complete, 80");
}

#[tokio::test]
async fn the_status_can_be_read_after_the_answer() {
    let play = Play::with(json!({"read_before_answer": false})).await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    let mut version = 0;
    while play.test(&sent).await["state"] != "to_be_graded" {
        version = play.version(version).await;
    }
}

const PAIR: (&str, &str) = ("partner", "pa:ss");

#[rstest]
#[case::key("org_key", Some((KEY, "")), 200)]
#[case::key_with_password("org_key", Some((KEY, "x")), 401)]
#[case::pair_for_key("org_key", Some(PAIR), 401)]
#[case::nothing("org_key", None, 401)]
#[case::pair("partner_pair", Some(PAIR), 200)]
#[case::key_for_pair("partner_pair", Some((KEY, "")), 401)]
#[case::either_key("either", Some((KEY, "")), 200)]
#[case::either_pair("either", Some(PAIR), 200)]
#[case::either_wrong("either", Some(("partner", "")), 401)]
#[case::open("none", None, 200)]
#[tokio::test]
async fn patch_takes_the_credential_it_is_set_to(
    #[case] mode: &str,
    #[case] credential: Option<(&str, &str)>,
    #[case] status: u16,
) {
    let settings =
        json!({"patch_auth": mode, "partner_username": PAIR.0, "partner_password": PAIR.1});
    let play = Play::with(settings).await;
    let sent = play.send().await;
    let mut call = play.http.patch(play.callback(&sent));
    if let Some((user, password)) = credential {
        call = call.basic_auth(user, Some(password));
    }
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(
        answer.headers().contains_key("www-authenticate"),
        status == 401
    );
    let refused = u64::from(status == 401);
    assert_eq!(play.test(&sent).await["refused_patches"], refused);
}

#[tokio::test]
async fn an_unknown_test_is_404_and_another_method_405() {
    let play = Play::start().await;
    let unknown = play.callback(&json!({"take_home_test_id": 999}));
    let answer = play
        .http
        .patch(&unknown)
        .basic_auth(KEY, Some(""))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    let answer = play.http.patch(&unknown).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let sent = play.send().await;
    let answer = play.http.post(play.callback(&sent)).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "PATCH");
}

#[tokio::test]
async fn a_new_key_is_used_once_the_staff_entered_it() {
    let play = Play::start().await;
    let new = "gh_new_0123456789abcdef";
    play.vendor.accept_keys(&[KEY, new]);
    let path = format!("organizations/{}/rotate-key", play.organization);
    play.post(&path, json!({"key": new, "delay_seconds": 3600}))
        .await;
    let sent = play.send().await;
    let advance = json!({"advance_seconds": 3600});
    play.http
        .post(play.url("/control/clock"))
        .json(&advance)
        .send()
        .await
        .unwrap();
    assert_eq!(
        play.complete(&sent, 80.0).await,
        401,
        "the old key is dead now"
    );
    let call = play
        .http
        .patch(play.callback(&sent))
        .basic_auth(new, Some(""));
    assert_eq!(call.send().await.unwrap().status(), 200);
    let users = |call: &str| play.vendor.received(call).pop().unwrap().user;
    assert_eq!(users("send_test").as_deref(), Some(KEY));
    assert_eq!(users("test_status").as_deref(), Some(new));
}

#[tokio::test]
async fn a_legacy_partner_is_polled_hourly_until_complete() {
    let play = Play::with(json!({"polling": "legacy"})).await;
    let sent = play.send().await;
    let tick = play.post("poll", json!({})).await;
    assert_eq!(tick["reads"], 0, "the first hour is not over");
    let ticks = play.post("poll", json!({"hours": 3})).await;
    assert_eq!(ticks, json!({"reads": 3, "news": 0, "gave_up": 0}));
    assert_eq!(play.complete(&sent, 80.0).await, 200);
    assert_eq!(
        play.test(&sent).await["state"],
        "waiting",
        "a PATCH is not heard"
    );
    let ticks = play.post("poll", json!({"hours": 3})).await;
    assert_eq!(ticks, json!({"reads": 1, "news": 1, "gave_up": 0}));
    assert_eq!(play.test(&sent).await["label"], "Complete, 80");
}

#[tokio::test]
async fn polling_ends_with_a_hire_and_after_eight_weeks() {
    let play = Play::with(json!({"polling": "both"})).await;
    let waiting = play.send().await;
    let hired = play.send().await;
    play.act(hired["application_id"].as_u64().unwrap(), "hire")
        .await;
    let ticks = play.post("poll", json!({"hours": 2})).await;
    assert_eq!(ticks["reads"], 2);
    let seven_weeks = json!({"advance_seconds": 8 * 7 * 24 * 3600 - 3 * 3600});
    play.http
        .post(play.url("/control/clock"))
        .json(&seven_weeks)
        .send()
        .await
        .unwrap();
    let ticks = play.post("poll", json!({"hours": 2})).await;
    assert_eq!((&ticks["reads"], &ticks["gave_up"]), (&json!(0), &json!(1)));
    let test = play.test(&waiting).await;
    assert_eq!(
        (&test["state"], &test["label"]),
        (&json!("gave_up"), &json!("No result after 8 weeks"))
    );
}

#[tokio::test]
async fn partners_since_2019_are_not_polled() {
    let play = Play::start().await;
    play.send().await;
    let ticks = play.post("poll", json!({"hours": 5})).await;
    assert_eq!(ticks["reads"], 0);
}

#[tokio::test]
async fn the_log_holds_both_directions_without_a_key() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.complete(&sent, 80.0).await;
    let calls = play
        .log(&format!("take_home_test_id={}", sent["take_home_test_id"]))
        .await;
    let names: Vec<_> = calls
        .iter()
        .map(|call| call["call"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["send_test", "patch", "test_status"]);
    assert_eq!(calls[1]["direction"], "from_vendor");
    assert_eq!(calls[1]["method"], "PATCH");
    assert!(
        calls[0]["request_body"]
            .as_str()
            .unwrap()
            .contains("Nguyễn-Okafor")
    );
    let everything = serde_json::to_string(&play.log("").await).unwrap();
    assert!(!everything.contains(KEY));
    let (_, organization) = play
        .control(
            Method::GET,
            &format!("organizations/{}", play.organization),
            json!(null),
        )
        .await;
    assert!(!organization.to_string().contains(KEY));
}
