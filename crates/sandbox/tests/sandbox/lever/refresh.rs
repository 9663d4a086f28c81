//! Refresh tokens in every mode, and how access ends.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::{LeverPlay, SCOPES};

const DAY: i64 = 24 * 3_600;

fn refresh_token(answer: &Value) -> String {
    answer["refresh_token"].as_str().unwrap().to_owned()
}

async fn stages(play: &LeverPlay, answer: &Value) -> u16 {
    let token = answer["access_token"].as_str().unwrap();
    let call = play
        .http
        .get(play.url("/lever/v1/stages"))
        .bearer_auth(token);
    call.send().await.unwrap().status().as_u16()
}

async fn newest_grant(play: &LeverPlay) -> Value {
    let grants = play.get(&play.of_account("grants")).await;
    grants["grants"].as_array().unwrap().last().unwrap().clone()
}

#[tokio::test]
async fn an_access_token_lives_an_hour_and_is_replaced_by_a_refresh() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    play.advance(3_599).await;
    assert_eq!(stages(&play, &first).await, 200);
    play.advance(1).await;
    assert_eq!(stages(&play, &first).await, 401);
    let (status, second) = play.refresh(&refresh_token(&first)).await;
    assert_eq!(status, 200);
    assert_eq!(stages(&play, &second).await, 200);
}

#[tokio::test]
async fn in_strict_rotation_a_token_that_comes_again_kills_the_family() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    let (_, second) = play.refresh(&refresh_token(&first)).await;
    assert_ne!(refresh_token(&second), refresh_token(&first));
    let (status, body) = play.refresh(&refresh_token(&first)).await;
    assert_eq!((status, &body["error"]), (403, &json!("invalid_grant")));
    assert_eq!(play.refresh(&refresh_token(&second)).await.0, 403);
    let grant = newest_grant(&play).await;
    assert_eq!(
        (&grant["reuses"], &grant["live"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        (&grant["refreshes"], &grant["refused_refreshes"]),
        (&json!(1), &json!(2))
    );
}

#[tokio::test]
async fn with_overlap_the_token_before_the_newest_is_let_off_for_a_while() {
    let settings =
        json!({"calls_per_second": 0, "refresh_mode": "rotate_overlap", "overlap_seconds": 10});
    let play = LeverPlay::with(settings).await;
    let first = refresh_token(&play.connect(SCOPES).await);
    let (_, lost) = play.refresh(&first).await;
    play.advance(10).await;
    let (status, second) = play.refresh(&first).await;
    assert_eq!(status, 200, "the answer that was lost is given once more");
    assert_eq!(play.refresh(&refresh_token(&second)).await.0, 200);
    assert_eq!(
        play.refresh(&first).await.0,
        403,
        "it is not the one before the newest any more"
    );
    assert_eq!(
        play.refresh(&refresh_token(&lost)).await.0,
        403,
        "the family is dead"
    );
}

#[tokio::test]
async fn after_the_overlap_a_token_that_comes_again_kills_the_family() {
    let settings =
        json!({"calls_per_second": 0, "refresh_mode": "rotate_overlap", "overlap_seconds": 10});
    let play = LeverPlay::with(settings).await;
    let first = refresh_token(&play.connect(SCOPES).await);
    let (_, second) = play.refresh(&first).await;
    play.advance(11).await;
    assert_eq!(play.refresh(&first).await.0, 403);
    assert_eq!(play.refresh(&refresh_token(&second)).await.0, 403);
}

#[tokio::test]
async fn a_static_token_stays_and_is_not_told_again() {
    let settings = json!({"calls_per_second": 0, "refresh_mode": "static"});
    let play = LeverPlay::with(settings).await;
    let first = refresh_token(&play.connect(SCOPES).await);
    for _ in 0..3 {
        let (status, answer) = play.refresh(&first).await;
        assert_eq!((status, &answer["refresh_token"]), (200, &Value::Null));
    }
}

#[tokio::test]
async fn ninety_idle_days_end_a_grant() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    play.advance(90 * DAY).await;
    let (status, second) = play.refresh(&refresh_token(&first)).await;
    assert_eq!(status, 200);
    play.advance(90 * DAY + 1).await;
    assert_eq!(play.refresh(&refresh_token(&second)).await.0, 403);
}

#[tokio::test]
async fn a_year_ends_a_grant_that_was_in_use() {
    let play = LeverPlay::start().await;
    let mut token = refresh_token(&play.connect(SCOPES).await);
    for _ in 0..6 {
        play.advance(60 * DAY).await;
        let (status, answer) = play.refresh(&token).await;
        assert_eq!(status, 200);
        token = refresh_token(&answer);
    }
    play.advance(6 * DAY).await;
    assert_eq!(play.refresh(&token).await.0, 403);
}

#[rstest]
#[case::at_once("die_now", 401)]
#[case::after_their_hour("live_out", 200)]
#[tokio::test]
async fn after_a_revoke_access_tokens_die_as_they_were_told(
    #[case] rule: &str,
    #[case] status: u16,
) {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    let order = json!({"client_id": play.app["client_id"], "access_tokens": rule});
    let path = play.of_account("revoke");
    assert_eq!(play.post(&path, order).await["revoked"], 2);
    assert_eq!(stages(&play, &first).await, status);
    assert_eq!(play.refresh(&refresh_token(&first)).await.0, 403);
    play.advance(3_600).await;
    assert_eq!(stages(&play, &first).await, 401);
}

#[tokio::test]
async fn an_app_can_give_its_token_back() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    let revoke = play.url("/lever/auth/oauth/revoke");
    let form = [
        ("client_id", play.app["client_id"].as_str().unwrap()),
        ("client_secret", play.app["client_secret"].as_str().unwrap()),
        ("token", first["refresh_token"].as_str().unwrap()),
    ];
    let answer = play.http.post(revoke).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(play.refresh(&refresh_token(&first)).await.0, 403);
    assert_eq!(newest_grant(&play).await["live"], false);
}

#[tokio::test]
async fn all_access_tokens_can_be_made_to_expire_at_once() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    let path = play.of_account("expire-access-tokens");
    assert_eq!(play.post(&path, json!({})).await["expired"], 2);
    assert_eq!(stages(&play, &first).await, 401);
    assert_eq!(play.refresh(&refresh_token(&first)).await.0, 200);
}

#[tokio::test]
async fn json_is_as_good_as_a_form_and_no_secret_is_in_the_log() {
    let play = LeverPlay::start().await;
    let first = play.connect(SCOPES).await;
    let body = json!({
        "grant_type": "refresh_token",
        "client_id": play.app["client_id"],
        "client_secret": play.app["client_secret"],
        "refresh_token": first["refresh_token"],
    });
    let url = play.url("/lever/auth/oauth/token");
    let answer = play.http.post(url).json(&body).send().await.unwrap();
    let second: Value = answer.json().await.unwrap();
    let log = play
        .http
        .get(play.url("/control/log?ats=lever"))
        .send()
        .await
        .unwrap();
    let log = log.text().await.unwrap();
    assert!(log.contains("refresh_token"));
    for secret in [
        &first["refresh_token"],
        &second["access_token"],
        &play.app["client_secret"],
    ] {
        assert!(!log.contains(secret.as_str().unwrap()));
    }
}

#[tokio::test]
async fn the_webhooks_of_an_app_can_go_with_its_access() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "webhooks_after_revoke": "go"})).await;
    let hook = json!({"event": "candidateStageChange", "url": "https://app.vendor.example/hook"});
    assert_eq!(play.api(Method::POST, "/webhooks", hook).await.0, 201);
    play.post(&play.of_account("revoke"), json!({})).await;
    let left = play.get(&play.of_account("webhooks")).await;
    assert_eq!(left["webhooks"], json!([]));
}
