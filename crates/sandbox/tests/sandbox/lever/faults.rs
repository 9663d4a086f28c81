//! Faults that a client of the Data API meets on request.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use rstest::rstest;
use serde_json::{Value, json};

use super::play::LeverPlay;

impl LeverPlay {
    async fn faults(&self, faults: Value) {
        let (status, answer) = self
            .control(Method::PUT, &self.of_account("faults"), faults)
            .await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn add_tag(&self, id: &str, tag: &str) -> Result<reqwest::Response, reqwest::Error> {
        let path = format!("/opportunities/{id}/addTags");
        self.send(Method::POST, &path, json!({"tags": [tag]})).await
    }

    async fn own_tags(&self, id: &str) -> Value {
        self.get(&format!("opportunities/{id}")).await["tags"].clone()
    }
}

#[rstest]
#[case::without_effect(false, json!([]))]
#[case::with_effect(true, json!(["Rust"]))]
#[tokio::test]
async fn a_call_that_fails_was_carried_out_or_not(#[case] takes_effect: bool, #[case] tags: Value) {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let play_500 = json!({"kind": "status", "status": 500});
    play.faults(json!({"next": {"play": play_500, "times": 1, "takes_effect": takes_effect}}))
        .await;
    assert_eq!(play.add_tag(&kim, "Rust").await.unwrap().status(), 500);
    assert_eq!(play.own_tags(&kim).await, tags);
    assert_eq!(
        play.add_tag(&kim, "Rust").await.unwrap().status(),
        200,
        "once only"
    );
}

#[tokio::test]
async fn a_reset_after_the_commit_leaves_its_effect() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.faults(json!({"next": {"play": {"kind": "reset"}, "takes_effect": true}}))
        .await;
    assert!(play.add_tag(&kim, "Rust").await.is_err());
    assert_eq!(play.own_tags(&kim).await, json!(["Rust"]));
}

#[tokio::test]
async fn a_throttle_can_say_when_to_come_again_or_not() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.faults(json!({"next": {"play": {"kind": "status", "status": 429, "retry_after": "7"}}}))
        .await;
    let answer = play.add_tag(&kim, "Rust").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()[RETRY_AFTER]),
        (429, &"7".parse().unwrap())
    );
    play.faults(json!({"next": {"play": {"kind": "status", "status": 429}}}))
        .await;
    let answer = play.add_tag(&kim, "Rust").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers().get(RETRY_AFTER)),
        (429, None)
    );
}

#[tokio::test]
async fn half_an_answer_and_a_gateways_page_are_no_json() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.faults(json!({"next": {"play": {"kind": "truncated"}}}))
        .await;
    let half = play.add_tag(&kim, "Rust").await.unwrap();
    assert_eq!(half.status(), 200);
    assert!(serde_json::from_str::<Value>(&half.text().await.unwrap()).is_err());
    assert_eq!(play.own_tags(&kim).await, json!(["Rust"]));
    play.faults(json!({"next": {"play": {"kind": "not_json"}}}))
        .await;
    let page = play.add_tag(&kim, "Other").await.unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()[CONTENT_TYPE]),
        (502, &"text/html".parse().unwrap())
    );
}

#[tokio::test]
async fn a_slow_answer_is_right_and_a_hanging_one_never_comes() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    for (kind, comes) in [("slow", true), ("hang", false)] {
        play.faults(json!({"next": {"play": {"kind": kind, "milliseconds": 20}}}))
            .await;
        assert_eq!(play.add_tag(&kim, kind).await.is_ok(), comes);
    }
    assert_eq!(play.own_tags(&kim).await, json!(["slow"]));
    let log = play
        .http
        .get(play.url("/control/log?call=add_tags"))
        .send()
        .await
        .unwrap();
    let log: Value = log.json().await.unwrap();
    let notes: Vec<&Value> = log["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["note"])
        .collect();
    let expected = [
        "Fault played: answer after 20 ms, carried out",
        "Fault played: hang for 20 ms",
    ];
    assert_eq!(notes, expected);
}

#[tokio::test]
async fn a_redirect_leads_to_the_second_home_which_answers() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.faults(json!({"next": {"play": {"kind": "redirect"}}}))
        .await;
    let moved = play.add_tag(&kim, "Rust").await.unwrap();
    assert_eq!(moved.status(), 301);
    assert_eq!(play.own_tags(&kim).await, json!([]));
    let there = moved.headers()[LOCATION].to_str().unwrap();
    assert!(there.ends_with(&format!("/lever/eu/v1/opportunities/{kim}/addTags")));
    let call = play
        .http
        .post(there)
        .bearer_auth(&play.token)
        .json(&json!({"tags": ["Rust"]}));
    assert_eq!(call.send().await.unwrap().status(), 200);
    assert_eq!(play.own_tags(&kim).await, json!(["Rust"]));
}

#[tokio::test]
async fn who_takes_the_token_off_the_list_of_hosts_is_found_out() {
    let play = LeverPlay::start().await;
    let trap = play.url("/lever/elsewhere/stages");
    play.http.get(&trap).send().await.unwrap();
    play.http
        .get(&trap)
        .bearer_auth(&play.token)
        .send()
        .await
        .unwrap();
    let log = play
        .http
        .get(play.url("/control/log?call=elsewhere"))
        .send()
        .await
        .unwrap();
    let log: Value = log.json().await.unwrap();
    let errors: Vec<usize> = log["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["errors"].as_array().unwrap().len())
        .collect();
    assert_eq!(errors, [0, 1]);
}

#[tokio::test]
async fn a_fault_can_be_for_some_calls_or_one_opportunity_only() {
    let play = LeverPlay::start().await;
    let (kim, ben) = (
        play.kim().await,
        play.candidate(json!({"name": "Ben"})).await,
    );
    let bad = json!({"kind": "status", "status": 503});
    play.faults(json!({"next": {"play": bad, "calls": ["create_note"]}}))
        .await;
    assert_eq!(play.add_tag(&kim, "Rust").await.unwrap().status(), 200);
    play.faults(json!({"next": {"play": bad, "opportunity_id": ben}}))
        .await;
    assert_eq!(play.add_tag(&kim, "Rust").await.unwrap().status(), 200);
    assert_eq!(play.add_tag(&ben, "Rust").await.unwrap().status(), 503);
    play.faults(json!({"next": {"play": bad, "calls": ["token"]}}))
        .await;
    let (status, _) = play.refresh("anything").await;
    assert_eq!(status, 403, "of an unknown token nobody knows the account");
    let code = play.code("stages:read:admin").await;
    let answer = play.exchange(&code, super::play::REDIRECT).await;
    assert_eq!(answer.0, 503);
    play.faults(json!({})).await;
    assert_eq!(
        play.exchange(&code, super::play::REDIRECT).await.0,
        200,
        "the code is still good"
    );
}

#[tokio::test]
async fn faults_come_by_chance_as_often_as_asked_for_and_the_same_again_from_the_same_seed() {
    let statuses = async || {
        let play = LeverPlay::start().await;
        let fault = |status: u16| json!({"play": {"kind": "status", "status": status}});
        let chance = json!({"percent": 50, "faults": [fault(429), fault(500)], "seed": 7});
        play.faults(json!({"chance": chance})).await;
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(play.api(Method::GET, "/stages", Value::Null).await.0);
        }
        statuses
    };
    let first = statuses().await;
    let met = |status: u16| first.iter().filter(|met| **met == status).count();
    assert!((20..=40).contains(&met(200)), "{first:?}");
    assert!(met(429) > 5 && met(500) > 5, "{first:?}");
    assert_eq!(first, statuses().await);
}

#[rstest]
#[case(json!({"next": {"play": {"kind": "status", "status": 200}}}))]
#[case(json!({"next": {"play": {"kind": "slow", "milliseconds": 600_001}}}))]
#[case(json!({"next": {"play": {"kind": "earthquake"}}}))]
#[case(json!({"next": {"play": {"kind": "reset"}, "calls": ["add_tag"]}}))]
#[case(json!({"chance": {"percent": 101, "faults": [{"play": {"kind": "reset"}}]}}))]
#[case(json!({"chance": {"percent": 20, "faults": []}}))]
#[case(json!({"chance": {"percent": 20, "faults": [{"play": {"kind": "reset"}, "times": 1}]}}))]
#[tokio::test]
async fn what_cannot_be_played_is_turned_down(#[case] faults: Value) {
    let play = LeverPlay::start().await;
    let (status, answer) = play
        .control(Method::PUT, &play.of_account("faults"), faults)
        .await;
    assert_eq!(status, 422, "{answer}");
}
