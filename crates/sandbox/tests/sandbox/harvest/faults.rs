//! Faults that a client of Harvest meets on request.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::HarvestPlay;

impl HarvestPlay {
    pub(crate) async fn faults(&self, faults: Value) {
        let path = self.of_organization("/faults");
        let (status, answer) = self.control(Method::PUT, &path, faults.clone()).await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn candidates_there(&self) -> usize {
        let path = self.of_organization("/candidates");
        let all = self.control(Method::GET, &path, Value::Null).await.1;
        all["candidates"].as_array().unwrap().len()
    }
}

fn ada() -> Value {
    json!({"first_name": "Ada", "last_name": "Example"})
}

#[rstest]
#[case::without_effect(false, 0)]
#[case::with_effect(true, 1)]
#[tokio::test]
async fn a_call_that_fails_was_carried_out_or_not(
    #[case] takes_effect: bool,
    #[case] there: usize,
) {
    let play = HarvestPlay::start().await;
    let fault = json!({"play": {"kind": "status", "status": 500}, "times": 1, "takes_effect": takes_effect});
    play.faults(json!({"next": fault})).await;
    let answer = play.api(Method::POST, "candidates", Some(ada())).await;
    assert_eq!(answer.status(), 500);
    assert!(answer.headers().contains_key("x-ratelimit-remaining"));
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(play.candidates_there().await, there);
    let again = play.write(Method::POST, "candidates", ada()).await;
    assert_eq!(again.0, 201, "once only");
}

#[tokio::test]
async fn a_reset_after_the_commit_leaves_its_effect() {
    let play = HarvestPlay::start().await;
    let fault =
        json!({"play": {"kind": "reset"}, "calls": ["create_candidate"], "takes_effect": true});
    play.faults(json!({"next": fault})).await;
    let url = play.url("/greenhouse/harvest/v3/candidates");
    let call = play.http.post(url).bearer_auth(&play.access).json(&ada());
    assert!(call.send().await.is_err());
    assert_eq!(play.candidates_there().await, 1);
    assert_eq!(play.list("users").await.len(), 2, "other calls go well");
}

#[rstest]
#[case::when(json!("7"), Some("7"))]
#[case::not_when(Value::Null, None)]
#[tokio::test]
async fn a_throttle_is_plain_text_and_can_say_when_to_come_again(
    #[case] retry_after: Value,
    #[case] header: Option<&str>,
) {
    let play = HarvestPlay::start().await;
    let throttle = json!({"kind": "status", "status": 429, "retry_after": retry_after});
    play.faults(json!({"next": {"play": throttle}})).await;
    let answer = play.api(Method::GET, "jobs", None).await;
    assert_eq!(answer.status(), 429);
    let said = answer.headers().get("retry-after");
    assert_eq!(said.map(|it| it.to_str().unwrap()), header);
    assert_eq!(answer.text().await.unwrap(), "Retry later\n");
}

#[tokio::test]
async fn the_token_endpoint_fails_where_it_is_named_and_one_token_outlives_that() {
    let play = HarvestPlay::start().await;
    let away = json!({"play": {"kind": "status", "status": 503}});
    play.faults(json!({"next": away})).await;
    let (_, pair) = play.refreshed(&play.refresh).await;
    assert!(
        pair["refresh_token"].is_string(),
        "it was not named: {pair}"
    );
    let refresh = pair["refresh_token"].as_str().unwrap();
    let away = json!({"play": {"kind": "status", "status": 503}, "calls": ["token"]});
    play.faults(json!({"next": away})).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(play.auth("token", &form).await.status(), 503);
    play.faults(json!({})).await;
    assert_eq!(play.refreshed(refresh).await.0, 200);
}

#[tokio::test]
async fn a_pair_that_was_lost_on_its_way_is_lost() {
    let play = HarvestPlay::start().await;
    let lost =
        json!({"play": {"kind": "reset"}, "calls": ["token"], "takes_effect": true, "times": 1});
    play.faults(json!({"next": lost})).await;
    let url = play.url("/greenhouse/auth/token");
    let (id, secret) = (&play.app["client_id"], &play.app["client_secret"]);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*play.refresh),
    ];
    let call = play
        .http
        .post(url)
        .basic_auth(id.as_str().unwrap(), secret.as_str());
    assert!(call.form(&form).send().await.is_err());
    let (status, answer) = play.refreshed(&play.refresh).await;
    assert_eq!((status, answer), (400, json!({"error": "invalid_grant"})));
}

#[tokio::test]
async fn faults_come_by_chance_as_often_as_asked_for() {
    let play = HarvestPlay::start().await;
    let faults = json!([{"play": {"kind": "status", "status": 502}}]);
    play.faults(json!({"chance": {"percent": 30, "seed": 7, "faults": faults}}))
        .await;
    let mut met = 0;
    for _ in 0..200 {
        met += usize::from(play.api(Method::GET, "jobs", None).await.status() == 502);
    }
    assert!((40..=80).contains(&met), "{met} of 200");
}

#[rstest]
#[case(json!({"next": {"play": {"kind": "status", "status": 200}}}))]
#[case(json!({"next": {"play": {"kind": "reset"}, "calls": ["add_tags"]}}))]
#[case(json!({"next": {"play": {"kind": "reset"}, "opportunity_id": "x"}}))]
#[case(json!({"chance": {"percent": 101, "faults": [{"play": {"kind": "reset"}}]}}))]
#[tokio::test]
async fn what_cannot_be_played_is_turned_down(#[case] faults: Value) {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/faults");
    assert_eq!(play.control(Method::PUT, &path, faults).await.0, 422);
}
