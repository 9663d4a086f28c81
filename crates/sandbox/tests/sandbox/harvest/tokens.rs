//! Lives of codes and tokens on the sandbox's clock, rotation, and the errors of the token endpoint.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::{HarvestPlay, REDIRECT, SCOPES, parameter};

async fn code(play: &HarvestPlay) -> String {
    let (_, to) = play.decide(&play.authorize_url(SCOPES), json!({})).await;
    parameter(&to["redirect_to"], "code").unwrap()
}

async fn redeemed(play: &HarvestPlay, code: &str, redirect_uri: &str) -> u16 {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ];
    play.token(&form).await.0
}

#[tokio::test]
async fn a_code_is_good_for_a_minute_and_one_use() {
    let play = HarvestPlay::start().await;
    let first = code(&play).await;
    assert_eq!(redeemed(&play, &first, REDIRECT).await, 200);
    assert_eq!(redeemed(&play, &first, REDIRECT).await, 400);
    let late = code(&play).await;
    play.advance(61).await;
    assert_eq!(redeemed(&play, &late, REDIRECT).await, 400);
    let elsewhere = code(&play).await;
    assert_eq!(
        redeemed(&play, &elsewhere, "https://evil.example/").await,
        400
    );
}

#[tokio::test]
async fn an_access_token_lives_for_an_hour_and_the_next_pair_takes_its_place() {
    let mut play = HarvestPlay::start().await;
    play.advance(3_599).await;
    assert_eq!(play.list("jobs").await.len(), 0);
    play.advance(1).await;
    let (status, body) = play.refused("jobs").await;
    assert_eq!((status, &body["message"]), (401, &json!("Unauthorized")));
    let used = play.refresh.clone();
    let (status, pair) = play.refreshed(&used).await;
    assert_eq!(status, 200);
    play.keep(&pair);
    assert_ne!(play.refresh, used);
    assert_eq!(play.list("jobs").await.len(), 0);
    let (status, body) = play.refreshed(&used).await;
    assert_eq!((status, body), (400, json!({"error": "invalid_grant"})));
    let path = play.of_organization("/grants");
    let grants = play.control(Method::GET, &path, Value::Null).await.1;
    let grant = &grants["grants"][0];
    assert_eq!(
        (&grant["refreshes"], &grant["reuses"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn a_refresh_token_lives_for_a_day_from_the_last_refresh_on() {
    let mut play = HarvestPlay::start().await;
    for _ in 0..3 {
        play.advance(86_399).await;
        let (status, pair) = play.refreshed(&play.refresh).await;
        assert_eq!(status, 200);
        play.keep(&pair);
    }
    play.advance(86_400).await;
    assert_eq!(play.refreshed(&play.refresh).await.0, 400);
}

#[rstest]
#[case("at", true, false)]
#[case("in", false, true)]
#[case("both", true, true)]
#[case("none", false, false)]
#[tokio::test]
async fn the_end_is_told_as_was_set(#[case] expiry: &str, #[case] at: bool, #[case] span: bool) {
    let play = HarvestPlay::start().await;
    play.set(json!({"expiry": expiry})).await;
    let (_, pair) = play.refreshed(&play.refresh).await;
    assert_eq!(pair.get("expires_at").is_some(), at);
    assert_eq!(pair.get("expires_in").is_some(), span);
}

#[tokio::test]
async fn parameters_may_stand_in_the_query() {
    let play = HarvestPlay::start().await;
    let path = format!(
        "token?grant_type=refresh_token&refresh_token={}",
        play.refresh
    );
    assert_eq!(play.auth(&path, &[]).await.status(), 200);
}

#[tokio::test]
async fn an_app_that_the_customer_removed_is_out() {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/revoke");
    assert_eq!(play.post(&path, json!({})).await["revoked"], 1);
    assert_eq!(play.refused("jobs").await.0, 401);
    let (status, body) = play.refreshed(&play.refresh).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn errors_have_the_shapes_that_were_measured() {
    let play = HarvestPlay::start().await;
    let (status, body) = play.token(&[]).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("grant_type"));
    let (status, body) = play.token(&[("grant_type", "password")]).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("token-exchange"));
    assert!(body["errorId"].as_str().unwrap().starts_with("err-"));
    let own = play.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(own, (400, json!({"error": "unauthorized_client"})));
    for (id, status, word) in [
        ("nobody", 400, "suffix"),
        ("nobody-7", 401, "invalid_client"),
    ] {
        let url = play.url("/greenhouse/auth/token");
        let call = play.http.post(url).basic_auth(id, Some("x"));
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert!(answer.text().await.unwrap().contains(word));
    }
    let url = play.url("/greenhouse/auth/token");
    assert_eq!(play.http.post(url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_token_endpoint_has_a_minute_of_its_own() {
    let play = HarvestPlay::with(json!({"token_calls_per_minute": 2})).await;
    assert_eq!(play.refreshed("x").await.0, 400);
    let answer = play.auth("token", &[("grant_type", "refresh_token")]).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(serde_json::from_str::<Value>(&answer.text().await.unwrap()).is_err());
}

#[tokio::test]
async fn an_organizations_own_credential_gets_tokens_of_its_own() {
    let mut play = HarvestPlay::start().await;
    let own = json!({
        "name": "Scripts",
        "organization_id": play.organization,
        "scopes": ["harvest:jobs:list"],
    });
    play.app = play.post("apps", own).await;
    let (status, minted) = play.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(status, 200, "{minted}");
    assert_eq!(minted.get("refresh_token"), None);
    minted["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut play.access);
    assert_eq!(play.list("jobs").await.len(), 0);
    assert_eq!(play.refused("users").await.0, 403);
    let form = [("grant_type", "client_credentials"), ("sub", "1")];
    assert_eq!(play.token(&form).await.0, 400);
}

#[tokio::test]
async fn the_log_holds_no_token() {
    let play = HarvestPlay::start().await;
    play.refreshed(&play.refresh).await;
    play.list("jobs").await;
    let log = play
        .call(Method::GET, "/control/log", Value::Null)
        .await
        .1
        .to_string();
    let secret = play.app["client_secret"].as_str().unwrap();
    for secret in [&play.access, &play.refresh, secret] {
        assert!(!log.contains(secret));
    }
}
