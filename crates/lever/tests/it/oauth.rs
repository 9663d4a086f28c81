//! The authorization server.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lever::ats_http::{ClientConfig, client};
use lever::oauth::{App, Grant, OAuthError};
use lever::scope;
use rstest::rstest;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::far_side::{FarSide, HANG_UP, answer};

pub(crate) fn app(lever: &FarSide) -> App {
    let mut app = App::new(
        "client",
        "s3cret",
        "https://baton.example/oauth/lever/callback",
    );
    app.auth_base = format!("{}/lever/auth", lever.base)
        .parse()
        .expect("an address");
    app
}

pub(crate) fn http() -> lever::ats_http::reqwest::Client {
    client(ClientConfig::new("lever-test/1")).expect("a client")
}

fn jwt(claims: &Value) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!(
        "{}.{}.c2ln",
        part(r#"{"alg":"RS256"}"#),
        part(&claims.to_string())
    )
}

pub(crate) fn granted(access: &str, refresh: Option<&str>) -> String {
    let mut body = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "opportunities:write:admin offline_access",
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    answer("200 OK", &body.to_string())
}

async fn exchanged(answered: String) -> (FarSide, Result<Grant, OAuthError>) {
    let lever = FarSide::with([answered]).await;
    let grant = app(&lever).exchange(&http(), "c0de&", None).await;
    (lever, grant)
}

#[test]
fn the_browser_is_sent_with_all_that_lever_asks_for() {
    let mut app = App::new(
        "client",
        "s3cret",
        "https://baton.example/oauth/lever/callback",
    );
    app.scopes = vec![scope::STAGES_READ.into(), scope::OFFLINE_ACCESS.into()];
    let url = app.authorize_url("st4te", None);
    assert_eq!(
        url.as_str(),
        "https://auth.lever.co/authorize?client_id=client\
         &redirect_uri=https%3A%2F%2Fbaton.example%2Foauth%2Flever%2Fcallback&response_type=code&state=st4te\
         &audience=https%3A%2F%2Fapi.lever.co%2Fv1%2F&scope=stages%3Aread%3Aadmin+offline_access"
    );
    app.prompt = Some("consent".into());
    assert!(
        app.authorize_url("x", None)
            .as_str()
            .ends_with("&prompt=consent")
    );
    assert!(!format!("{app:?}").contains("s3cret"));
}

/// Verifier and challenge of RFC 7636, appendix B.
#[tokio::test]
async fn a_verifier_binds_the_code() {
    let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let lever = FarSide::with([granted("a", Some("r"))]).await;
    let app = app(&lever);
    let url = app.authorize_url("st4te", Some(&verifier));
    assert!(url.as_str().ends_with(
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    ));
    app.exchange(&http(), "c0de", Some(&verifier))
        .await
        .expect("granted");
    assert!(
        lever.seen()[0]
            .body
            .ends_with("&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    );
}

#[tokio::test]
async fn a_code_is_given_for_a_grant() {
    let token = jwt(&json!({
        "https://oauth.lever.co/accountId": "acc0",
        "https://oauth.lever.co/userId": "u5e4",
    }));
    let (lever, grant) = exchanged(granted(&token, Some("rt_1"))).await;
    let grant = grant.expect("granted");
    let seen = &lever.seen()[0];
    assert_eq!(seen.line, "POST /lever/auth/oauth/token");
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        seen.body,
        "client_id=client&client_secret=s3cret&grant_type=authorization_code&code=c0de%26\
         &redirect_uri=https%3A%2F%2Fbaton.example%2Foauth%2Flever%2Fcallback"
    );
    assert_eq!(grant.account_id.as_deref(), Some("acc0"));
    assert_eq!(grant.user_id.as_deref(), Some("u5e4"));
    assert_eq!(grant.expires_in, Duration::from_secs(3600));
    assert_eq!(
        grant.scopes,
        ["opportunities:write:admin", "offline_access"]
    );
    assert_eq!(
        grant.refresh_token_or(&"old".into()).expose_secret(),
        "rt_1"
    );
    let shown = format!("{grant:?}");
    assert!(
        !shown.contains("rt_1") && !shown.contains(&token),
        "{shown}"
    );
}

#[rstest]
#[case::opaque("opaque".to_owned())]
#[case::not_base64("a.!.c".to_owned())]
#[case::not_json("a.YWJj.c".to_owned())]
#[case::other_claims(jwt(&json!({"sub": "x"})))]
#[tokio::test]
async fn a_token_that_says_nothing_is_as_good(#[case] token: String) {
    let (_lever, grant) = exchanged(granted(&token, None)).await;
    let grant = grant.expect("granted");
    assert_eq!((grant.account_id, grant.user_id), (None, None));
    assert!(grant.refresh_token.is_none());
}

#[tokio::test]
async fn a_refresh_may_give_no_new_refresh_token() {
    let lever = FarSide::with([granted("a2", None)]).await;
    let old = SecretString::from("rt_1");
    let grant = app(&lever).refresh(&http(), &old).await.expect("granted");
    assert_eq!(grant.refresh_token_or(&old).expose_secret(), "rt_1");
    assert_eq!(
        lever.seen()[0].body,
        "client_id=client&client_secret=s3cret&grant_type=refresh_token&refresh_token=rt_1"
    );
}

#[tokio::test]
async fn a_grant_can_be_given_back() {
    let lever = FarSide::with([answer("200 OK", "")]).await;
    app(&lever)
        .revoke(&http(), &"rt_1".into())
        .await
        .expect("revoked");
    let seen = &lever.seen()[0];
    assert_eq!(seen.line, "POST /lever/auth/oauth/revoke");
    assert_eq!(
        seen.body,
        "client_id=client&client_secret=s3cret&token=rt_1"
    );
}

/// Which predicates hold: invalid grant, app refused, temporary.
fn judged(error: &OAuthError) -> String {
    let marks = [
        (error.is_invalid_grant(), 'g'),
        (error.is_app_refused(), 'a'),
        (error.is_temporary(), 't'),
    ];
    marks
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, mark)| mark)
        .collect()
}

#[rstest]
#[case::auth0(
    answer(
        "403 Forbidden",
        r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#
    ),
    "g"
)]
#[case::rfc(answer("400 Bad Request", r#"{"error":"invalid_grant"}"#), "g")]
#[case::secret(answer("401 Unauthorized", r#"{"error":"access_denied"}"#), "a")]
#[case::client(answer("400 Bad Request", r#"{"error":"invalid_client"}"#), "a")]
#[case::parameter(answer("400 Bad Request", r#"{"error":"invalid_request"}"#), "")]
#[case::busy(answer("429 Too Many Requests\r\nRetry-After: 3", ""), "t")]
#[case::trouble(answer("503 Service Unavailable", "<html>"), "t")]
#[case::redirect(answer("302 Found\r\nLocation: https://evil.example/", ""), "")]
#[case::no_grant(answer("200 OK", "{}"), "t")]
#[case::no_json(answer("200 OK", "<html>"), "t")]
#[case::empty_token(answer("200 OK", r#"{"access_token":""}"#), "t")]
#[case::hang_up(HANG_UP.to_owned(), "t")]
#[tokio::test]
async fn each_answer_is_judged(#[case] answered: String, #[case] expected: &str) {
    let (_lever, grant) = exchanged(answered).await;
    let error = grant.expect_err("no grant");
    assert_eq!(judged(&error), expected, "{error}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("c0de") && !shown.contains("evil"));
}

#[tokio::test]
async fn the_wait_that_it_asks_for_is_told() {
    let (_lever, grant) = exchanged(answer("429 Too Many Requests\r\nRetry-After: 3", "")).await;
    assert_eq!(
        grant.expect_err("busy").retry_after(),
        Some(Duration::from_secs(3))
    );
}

#[tokio::test]
async fn a_secret_goes_over_https_or_to_loopback_alone() {
    let mut app = App::new("client", "s3cret", "https://baton.example/cb");
    app.auth_base = "http://auth.lever.example".parse().expect("an address");
    let error = app
        .refresh(&http(), &"rt_1".into())
        .await
        .expect_err("not secure");
    assert_eq!(error, OAuthError::NotSent);
}

#[test]
fn missing_scopes_are_named_and_write_holds_read() {
    let granted = ["notes:write:admin", "offline_access"];
    let needed = [scope::NOTES_READ, scope::OFFLINE_ACCESS, scope::STAGES_READ];
    assert_eq!(scope::missing(&needed, &granted), [scope::STAGES_READ]);
}
