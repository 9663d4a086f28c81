//! Faults that the vendor's PATCH meets.

use std::time::{Duration, Instant};

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::play::Play;

impl Play {
    /// Switches a fault on.
    async fn fault(&self, fault: Value) {
        let (status, answer) = self
            .control(Method::PUT, "faults", json!({"patch": fault}))
            .await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[rstest]
#[case(401)]
#[case(403)]
#[case(404)]
#[case(410)]
#[case(500)]
#[case(503)]
#[tokio::test]
async fn a_status_is_answered_and_nothing_is_read(#[case] status: u16) {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "status", "status": status}}))
        .await;
    assert_eq!(play.complete(&sent, 80.0).await, status);
    let test = play.test(&sent).await;
    assert_eq!(
        (&test["state"], &test["polls"]),
        (&json!("waiting"), &json!(0))
    );
    assert_eq!(
        (&test["patches"], &test["refused_patches"]),
        (&json!(0), &json!(1))
    );
}

#[tokio::test]
async fn too_many_requests_says_when_to_come_back() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "status", "status": 429, "retry_after": "7"}}))
        .await;
    let answer = play.patch(&sent).await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "7");
}

#[tokio::test]
async fn a_fault_ends_after_so_many_times() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "status", "status": 500}, "times": 2}))
        .await;
    assert_eq!(play.complete(&sent, 80.0).await, 500);
    assert_eq!(play.complete(&sent, 80.0).await, 500);
    assert_eq!(play.complete(&sent, 80.0).await, 200);
    assert_eq!(play.test(&sent).await["label"], "Complete, 80");
    assert_eq!(
        play.get("faults").await,
        json!({"patch": null, "chance": null})
    );
}

#[tokio::test]
async fn a_fault_can_be_for_one_test_only() {
    let play = Play::start().await;
    let (one, other) = (play.send().await, play.send().await);
    let only = &one["take_home_test_id"];
    play.fault(json!({"play": {"kind": "status", "status": 500}, "take_home_test_id": only}))
        .await;
    assert_eq!(play.complete(&other, 80.0).await, 200);
    assert_eq!(play.complete(&one, 80.0).await, 500);
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_effect() {
    let play = Play::start().await;
    let sent = play.send().await;
    let fault = json!({"play": {"kind": "status", "status": 500}, "takes_effect": true});
    play.fault(fault).await;
    assert_eq!(play.complete(&sent, 80.0).await, 500);
    assert_eq!(play.test(&sent).await["label"], "Complete, 80");
}

#[tokio::test]
async fn who_follows_a_redirect_is_found_out() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "redirect"}})).await;
    let answer = play.patch(&sent).await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("http://localhost:"), "{location}");
    assert!(play.log("call=elsewhere").await.is_empty());
    // As a careless client would.
    let there = location.replace("localhost", "127.0.0.1");
    play.http.patch(there).send().await.unwrap();
    let visit = &play.log("call=elsewhere").await[0];
    assert_eq!(visit["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_reset_breaks_the_connection_without_an_answer() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "reset"}})).await;
    let error = play.patch(&sent).await.unwrap_err();
    assert!(chain(&error).contains("reset"), "{}", chain(&error));
}

#[tokio::test]
async fn a_hang_lasts_and_then_breaks() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "hang", "seconds": 1}}))
        .await;
    let begun = Instant::now();
    play.patch(&sent).await.unwrap_err();
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_slow_drip_is_a_whole_answer_in_the_end() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.fault(json!({"play": {"kind": "slow_drip", "seconds": 1}}))
        .await;
    let begun = Instant::now();
    assert_eq!(play.patch(&sent).await.unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(900));
}

#[rstest]
#[case(json!({"play": {"kind": "status", "status": 200}}))]
#[case(json!({"play": {"kind": "hang", "seconds": 601}}))]
#[case(json!({"play": {"kind": "earthquake"}}))]
#[case(json!({"play": {"kind": "status", "status": 429, "retry_after": "1\n2"}}))]
#[tokio::test]
async fn what_cannot_be_played_is_turned_down(#[case] fault: Value) {
    let play = Play::start().await;
    let (status, answer) = play
        .control(Method::PUT, "faults", json!({"patch": fault}))
        .await;
    assert_eq!(status, 422, "{answer}");
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[tokio::test]
async fn faults_come_by_chance_as_often_as_asked_for_and_the_same_again_from_the_same_seed() {
    let statuses = async || {
        let play = Play::start().await;
        let sent = play.send().await;
        let status = |status| json!({"play": {"kind": "status", "status": status}});
        let chance = json!({"percent": 50, "faults": [status(429), status(500)], "seed": 7});
        let faults = json!({ "chance": chance });
        let (status, answer) = play.control(Method::PUT, "faults", faults).await;
        assert_eq!(status, 200, "{answer}");
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(play.patch(&sent).await.unwrap().status().as_u16());
        }
        statuses
    };
    let first = statuses().await;
    let met = |status| first.iter().filter(|met| **met == status).count();
    assert!((20..=40).contains(&met(200)), "{first:?}");
    assert!(met(429) > 5 && met(500) > 5, "{first:?}");
    assert_eq!(first, statuses().await);
}

#[tokio::test]
async fn chance_without_faults_or_above_a_hundred_is_refused() {
    let play = Play::start().await;
    let reset = json!({"play": {"kind": "reset"}});
    let once = json!({"play": {"kind": "reset"}, "times": 1});
    for chance in [
        json!({"percent": 20, "faults": []}),
        json!({"percent": 101, "faults": [reset]}),
        json!({"percent": 20, "faults": [once]}),
    ] {
        let faults = json!({ "chance": chance });
        let (status, answer) = play.control(Method::PUT, "faults", faults).await;
        assert_eq!(
            (status, &answer["field"]),
            (422, &json!("chance")),
            "{answer}"
        );
    }
}
