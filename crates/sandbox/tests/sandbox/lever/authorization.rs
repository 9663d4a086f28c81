//! The authorise page, codes and scopes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::play::{LeverPlay, REDIRECT, SCOPES, parameter};

#[tokio::test]
async fn a_grant_carries_both_tokens_the_scopes_and_who_gave_it() {
    let play = LeverPlay::start().await;
    let answer = play.connect(SCOPES).await;
    assert_eq!(
        (&answer["token_type"], &answer["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert_eq!(
        answer["scope"],
        SCOPES.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    assert!(answer["refresh_token"].is_string());
    let token = answer["access_token"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD
        .decode(token.split('.').nth(1).unwrap())
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(
        claims["https://oauth.lever.co/accountId"],
        play.account["id"]
    );
    assert_eq!(
        claims["https://oauth.lever.co/userId"],
        play.account["users"][0]["id"]
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        3600
    );
}

#[tokio::test]
async fn a_denial_leads_back_with_the_state_and_no_code() {
    let play = LeverPlay::start().await;
    let to = play.decide(&play.authorize_url(SCOPES, &[]), "deny").await;
    assert_eq!(parameter(&to, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&to, "state").unwrap(), "st4te");
    assert_eq!(parameter(&to, "code"), None);
}

#[rstest]
#[case::unknown_app(&[("client_id", "nobody")])]
#[case::another_path(&[("redirect_uri", "https://app.vendor.example/oauth/lever/callback/")])]
#[case::another_case(&[("redirect_uri", "https://APP.vendor.example/oauth/lever/callback")])]
#[tokio::test]
async fn a_redirect_uri_has_to_fit_byte_for_byte(#[case] more: &[(&str, &str)]) {
    let play = LeverPlay::start().await;
    let url = play.authorize_url(SCOPES, more);
    let page = play.http.get(url.clone()).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("undefined"));
    let order = json!({"url": url, "account_id": play.account["id"]});
    assert_eq!(play.control(Method::POST, "authorize", order).await.0, 409);
}

#[rstest]
#[case::missing("")]
#[case::without_the_slash("https://api.lever.co/v1")]
#[tokio::test]
async fn without_the_right_audience_only_offline_access_is_granted(#[case] audience: &str) {
    let play = LeverPlay::start().await;
    let url = play.authorize_url(SCOPES, &[("audience", audience)]);
    let to = play.decide(&url, "accept").await;
    let code = parameter(&to, "code").unwrap();
    let (_, answer) = play.exchange(&code, REDIRECT).await;
    assert_eq!(answer["scope"], "offline_access");
}

#[tokio::test]
async fn levers_own_audience_is_as_good() {
    let play = LeverPlay::start().await;
    let more = [("audience", "https://api.lever.co/v1/")];
    let to = play
        .decide(&play.authorize_url("stages:read:admin", &more), "accept")
        .await;
    let code = parameter(&to, "code").unwrap();
    let (_, answer) = play.exchange(&code, REDIRECT).await;
    assert_eq!(answer["scope"], "stages:read:admin");
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let play = LeverPlay::start().await;
    let answer = play.connect("opportunities:write:admin").await;
    assert_eq!(answer["refresh_token"], Value::Null);
}

#[tokio::test]
async fn scopes_that_lever_does_not_know_are_left_out() {
    let play = LeverPlay::start().await;
    let answer = play
        .connect("tags:write:admin candidates:read:admin tags:read:admin")
        .await;
    assert_eq!(answer["scope"], "tags:read:admin");
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes() {
    let play = LeverPlay::start().await;
    let code = play.code(SCOPES).await;
    assert_eq!(play.exchange(&code, REDIRECT).await.0, 200);
    let (status, again) = play.exchange(&code, REDIRECT).await;
    assert_eq!((status, &again["error"]), (403, &json!("invalid_grant")));
    let code = play.code(SCOPES).await;
    play.advance(601).await;
    let (status, late) = play.exchange(&code, REDIRECT).await;
    assert_eq!((status, &late["error"]), (403, &json!("invalid_grant")));
}

#[rstest]
#[case::wrong_secret(&[("client_secret", "guess")], 401, "access_denied")]
#[case::unknown_app(&[("client_id", "nobody")], 401, "access_denied")]
#[case::no_code(&[("code", "")], 400, "invalid_request")]
#[case::other_redirect(&[("redirect_uri", "https://elsewhere.example/")], 403, "invalid_grant")]
#[case::other_grant(&[("grant_type", "password")], 403, "unsupported_grant_type")]
#[tokio::test]
async fn what_is_wrong_at_the_token_endpoint_is_told_in_oauths_words(
    #[case] wrong: &[(&str, &str)],
    #[case] status: u16,
    #[case] error: &str,
) {
    let play = LeverPlay::start().await;
    let code = play.code(SCOPES).await;
    let usual = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
    ];
    let mut form: Vec<(&str, &str)> = usual.to_vec();
    form.retain(|(name, _)| !wrong.iter().any(|(other, _)| other == name));
    form.extend(wrong);
    let (answered, body) = play.token(&form).await;
    assert_eq!(
        (answered, &body["error"]),
        (status, &json!(error)),
        "{body}"
    );
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier() {
    let play = LeverPlay::start().await;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(b"a long enough verifier"));
    let more = [
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let url = play.authorize_url(SCOPES, &more);
    for (verifier, expected) in [("another verifier", 403), ("a long enough verifier", 200)] {
        let code = parameter(&play.decide(&url, "accept").await, "code").unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ];
        assert_eq!(play.token(&form).await.0, expected);
    }
}

#[tokio::test]
async fn only_an_active_super_admin_can_authorise() {
    let play = LeverPlay::start().await;
    let url = play.authorize_url(SCOPES, &[]);
    let order = |user: &str| json!({"url": url, "account_id": play.account["id"], "user_id": user});
    let recruiter = order(play.user(2));
    assert_eq!(
        play.control(Method::POST, "authorize", recruiter).await.0,
        409
    );
    let path = format!("users/{}", play.user(0));
    play.control(Method::PATCH, &path, json!({"deactivated": true}))
        .await;
    let gone = order(play.user(0));
    assert_eq!(play.control(Method::POST, "authorize", gone).await.0, 409);
}

#[tokio::test]
async fn a_call_without_the_scope_is_refused_and_writing_implies_reading() {
    let mut play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.use_scopes("opportunities:read:admin notes:write:admin")
        .await;
    let tags = format!("/opportunities/{kim}/addTags");
    let (status, body) = play.api(Method::POST, &tags, json!({"tags": ["A"]})).await;
    assert_eq!((status, &body["code"]), (403, &json!("Forbidden")));
    assert_eq!(play.api(Method::GET, "/stages", Value::Null).await.0, 403);
    play.read(&format!("/opportunities/{kim}/notes")).await;
    assert_eq!(
        play.get(&format!("opportunities/{kim}")).await["tags"],
        json!([])
    );
}

#[tokio::test]
async fn a_token_of_the_other_environment_is_refused() {
    let mut play = LeverPlay::start().await;
    let app = json!({"name": "Trial", "redirect_uris": [REDIRECT], "environment": "sandbox"});
    play.app = play.post("apps", app).await;
    play.use_scopes(SCOPES).await;
    let (status, body) = play.api(Method::GET, "/stages", Value::Null).await;
    assert_eq!(status, 403);
    assert_eq!(body["message"], "Unable to find a signing key that matches");
}

#[tokio::test]
async fn an_api_key_may_everything() {
    let play = LeverPlay::start().await;
    let key = play.account["api_key"].as_str().unwrap();
    let call = |key: &str| {
        play.http
            .get(play.url("/lever/v1/users"))
            .basic_auth(key, Some(""))
    };
    assert_eq!(call(key).send().await.unwrap().status(), 200);
    assert_eq!(call("guess").send().await.unwrap().status(), 401);
    let none = play
        .http
        .get(play.url("/lever/v1/users"))
        .send()
        .await
        .unwrap();
    assert_eq!(none.status(), 401);
}
