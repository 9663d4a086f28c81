//! The authorization server.

use std::time::Duration;

use greenhouse_harvest::UserId;
use greenhouse_harvest::ats_http::reqwest::Client;
use greenhouse_harvest::ats_http::{ClientConfig, client};
use greenhouse_harvest::oauth::{App, Grant, OAuthError, Parameters};
use rstest::rstest;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::far_side::{FarSide, HANG_UP, answer};

const REDIRECT: &str = "https://baton.example/oauth/greenhouse/callback";

/// `client-17:s3cret`
const BASIC: &str = "Basic Y2xpZW50LTE3OnMzY3JldA==";

pub(crate) fn at(greenhouse: &FarSide, mut app: App) -> App {
    app.auth_base = format!("{}/gh/auth", greenhouse.base)
        .parse()
        .expect("an address");
    app
}

pub(crate) fn app(greenhouse: &FarSide) -> App {
    at(greenhouse, App::partner("client-17", "s3cret", REDIRECT))
}

pub(crate) fn http() -> Client {
    client(ClientConfig::new("harvest-test/1")).expect("a client")
}

/// As the guides show it: with a moment, sent at 08:49:37.
pub(crate) fn granted(access: &str, refresh: Option<&str>, expires_at: &str) -> String {
    let mut body = json!({
        "token_type": "Bearer",
        "access_token": access,
        "expires_at": expires_at,
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    dated(&body)
}

fn dated(body: &Value) -> String {
    answer(
        "200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT",
        &body.to_string(),
    )
}

pub(crate) const IN_AN_HOUR: &str = "1994-11-06T09:49:37Z";

async fn exchanged(answered: String) -> (FarSide, Result<Grant, OAuthError>) {
    let greenhouse = FarSide::with([answered]).await;
    let grant = app(&greenhouse).exchange(&http(), "c0de&", None).await;
    (greenhouse, grant)
}

#[test]
fn the_browser_is_sent_with_all_that_greenhouse_asks_for() {
    let mut app = App::partner("client-17", "s3cret", REDIRECT);
    app.scopes = vec!["harvest:jobs:list".into(), "harvest:notes:create".into()];
    assert_eq!(
        app.authorize_url("st4te", None).as_str(),
        "https://auth.greenhouse.io/authorize?response_type=code&client_id=client-17\
         &redirect_uri=https%3A%2F%2Fbaton.example%2Foauth%2Fgreenhouse%2Fcallback\
         &scope=harvest%3Ajobs%3Alist+harvest%3Anotes%3Acreate&state=st4te"
    );
    assert!(!format!("{app:?}").contains("s3cret"));
}

/// Verifier and challenge of RFC 7636, appendix B.
#[tokio::test]
async fn a_verifier_binds_the_code() {
    let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let greenhouse = FarSide::with([granted("a", Some("r"), IN_AN_HOUR)]).await;
    let app = app(&greenhouse);
    let url = app.authorize_url("st4te", Some(&verifier));
    assert!(url.as_str().ends_with(
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    ));
    let grant = app.exchange(&http(), "c0de", Some(&verifier)).await;
    grant.expect("granted");
    let body = &greenhouse.seen()[0].body;
    assert!(body.ends_with("&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
}

#[tokio::test]
async fn a_code_is_given_for_a_grant() {
    let (greenhouse, grant) = exchanged(granted("at_1", Some("rt_1"), IN_AN_HOUR)).await;
    let grant = grant.expect("granted");
    let seen = &greenhouse.seen()[0];
    assert_eq!(seen.line, "POST /gh/auth/token");
    assert_eq!(seen.header("authorization"), Some(BASIC));
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        seen.body,
        "grant_type=authorization_code&code=c0de%26\
         &redirect_uri=https%3A%2F%2Fbaton.example%2Foauth%2Fgreenhouse%2Fcallback"
    );
    assert_eq!(grant.access_token.expose_secret(), "at_1");
    let refresh_token = grant.refresh_token.as_ref().map(|it| it.expose_secret());
    assert_eq!(refresh_token, Some("rt_1"));
    assert_eq!(grant.expires_in, Duration::from_secs(3600));
    assert!(grant.scopes.contains(&"harvest:jobs:list".to_owned()));
    let shown = format!("{grant:?}");
    assert!(
        !shown.contains("rt_1") && !shown.contains("at_1"),
        "{shown}"
    );
}

#[tokio::test]
async fn parameters_may_stand_in_the_address() {
    let greenhouse = FarSide::with([granted("a", Some("r"), IN_AN_HOUR)]).await;
    let mut app = app(&greenhouse);
    app.parameters = Parameters::Query;
    app.send_redirect_uri = false;
    app.exchange(&http(), "c0de", None).await.expect("granted");
    assert_eq!(
        greenhouse.lines(),
        ["POST /gh/auth/token?grant_type=authorization_code&code=c0de"]
    );
    assert_eq!(greenhouse.seen()[0].header("authorization"), Some(BASIC));
}

#[rstest]
#[case::span(json!({"expires_in": 1800}), 1800)]
#[case::moment(json!({"expires_at": IN_AN_HOUR}), 3600)]
#[case::both(json!({"expires_in": 3600, "expires_at": "1994-11-06T09:19:37.000Z"}), 1800)]
#[case::old_name(json!({"expires": IN_AN_HOUR}), 3600)]
#[case::null_beside_old_name(json!({"expires_at": null, "expires": IN_AN_HOUR}), 3600)]
#[case::neither(json!({}), 300)]
#[case::past(json!({"expires_at": "1994-11-06T08:49:37Z"}), 300)]
#[tokio::test]
async fn the_end_of_a_token_is_read_by_greenhouses_own_clock(
    #[case] said: Value,
    #[case] seconds: u64,
) {
    let mut body = json!({"access_token": "a", "token_type": "bearer"});
    body.as_object_mut()
        .expect("an object")
        .extend(said.as_object().expect("an object").clone());
    let (_greenhouse, grant) = exchanged(dated(&body)).await;
    let grant = grant.expect("granted");
    assert_eq!(grant.expires_in, Duration::from_secs(seconds));
}

#[tokio::test]
async fn a_refresh_token_is_given_for_the_next() {
    let greenhouse = FarSide::with([granted("at_2", Some("rt_2"), IN_AN_HOUR)]).await;
    let grant = app(&greenhouse).refresh(&http(), &"rt_1".into()).await;
    let grant = grant.expect("granted");
    assert_eq!(
        grant.refresh_token.expect("the next").expose_secret(),
        "rt_2"
    );
    let body = &greenhouse.seen()[0].body;
    assert_eq!(body, "grant_type=refresh_token&refresh_token=rt_1");
}

#[rstest]
#[case(None, "grant_type=client_credentials")]
#[case(Some(UserId::new(9)), "grant_type=client_credentials&sub=9")]
#[tokio::test]
async fn an_own_credential_gets_a_token(#[case] user: Option<UserId>, #[case] body: &str) {
    let greenhouse = FarSide::with([granted("at_1", None, IN_AN_HOUR)]).await;
    let app = at(&greenhouse, App::own("client-17", "s3cret"));
    let grant = app
        .client_credentials(&http(), user)
        .await
        .expect("granted");
    assert!(grant.refresh_token.is_none() && grant.scopes.is_empty());
    assert_eq!(greenhouse.seen()[0].body, body);
    assert_eq!(greenhouse.seen()[0].header("authorization"), Some(BASIC));
}

#[tokio::test]
async fn the_organization_is_learned_from_the_token() {
    let said = json!({
        "active": true,
        "client_id": "client-17",
        "sub": "7300001",
        "scope": "harvest:jobs:list harvest:notes:create",
        "https://auth.greenhouse.io/claims": {
            "organization": {"id": 4_200_000_007_i64, "name": "Acme"},
            "user_role": "site_admin",
        },
    });
    let greenhouse = FarSide::with([answer("200 OK", &said.to_string())]).await;
    let it = app(&greenhouse).introspect(&http(), &"at_1".into()).await;
    let it = it.expect("told");
    let seen = &greenhouse.seen()[0];
    assert_eq!(seen.line, "POST /gh/auth/introspect");
    assert_eq!(seen.body, "token=at_1&token_type_hint=access_token");
    assert_eq!(seen.header("authorization"), Some(BASIC));
    assert!(it.active);
    assert_eq!(it.organization_id, Some(4_200_000_007));
    assert_eq!(it.organization_name.as_deref(), Some("Acme"));
    assert_eq!(it.user_id(), Some(UserId::new(7_300_001)));
    assert_eq!(it.scopes, ["harvest:jobs:list", "harvest:notes:create"]);
    assert_eq!(it.user_role.as_deref(), Some("site_admin"));
    assert!(!format!("{it:?}").contains("Acme"));
}

#[rstest]
#[case::not_active(r#"{"active":false}"#, false, None)]
#[case::nothing("{}", false, None)]
#[case::id_as_text(
    r#"{"active":true,"https://auth.greenhouse.io/claims":{"organization":{"id":"7"}}}"#,
    true,
    Some(7)
)]
#[case::other_claims(
    r#"{"active":true,"sub":5,"scope":null,"https://auth.greenhouse.io/claims":[]}"#,
    true,
    None
)]
#[tokio::test]
async fn a_token_that_says_less_is_read_too(
    #[case] said: &str,
    #[case] active: bool,
    #[case] organization: Option<i64>,
) {
    let greenhouse = FarSide::with([answer("200 OK", said)]).await;
    let it = app(&greenhouse).introspect(&http(), &"at_1".into()).await;
    let it = it.expect("told");
    assert_eq!((it.active, it.organization_id), (active, organization));
}

#[tokio::test]
async fn a_grant_is_given_back_only_where_a_place_is_known() {
    let greenhouse = FarSide::with([answer("200 OK", "")]).await;
    let mut app = app(&greenhouse);
    assert_eq!(app.revoke(&http(), &"rt_1".into()).await, Ok(false));
    assert!(greenhouse.seen().is_empty());
    app.revoke_url = format!("{}/revoke", greenhouse.base).parse().ok();
    assert_eq!(app.revoke(&http(), &"rt_1".into()).await, Ok(true));
    assert_eq!(greenhouse.seen()[0].body, "token=rt_1");
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
#[case::no_credentials(
    answer("401 Unauthorized", r#"{"message":"Unauthorized","errorId":"err-1"}"#),
    "a"
)]
#[case::malformed_client(
    answer(
        "400 Bad Request",
        r#"{"message":"client-17 has no valid suffix","errorId":"err-1"}"#
    ),
    ""
)]
#[case::secret(answer("401 Unauthorized", r#"{"error":"invalid_client"}"#), "a")]
#[case::no_grant_type(
    answer("400 Bad Request", r#"{"message":"grant_type is missing"}"#),
    ""
)]
#[case::spent(answer("400 Bad Request", r#"{"error":"invalid_grant"}"#), "g")]
#[case::spent_with_another_status(answer("401 Unauthorized", r#"{"error":"invalid_grant"}"#), "g")]
#[case::not_for_this_client(answer("400 Bad Request", r#"{"error":"unauthorized_client"}"#), "a")]
#[case::scope(answer("400 Bad Request", r#"{"error":"invalid_scope"}"#), "a")]
#[case::busy(answer("429 Too Many Requests\r\nRetry-After: 3", "Retry later"), "t")]
#[case::trouble(answer("503 Service Unavailable", "<html>"), "t")]
#[case::redirect(answer("302 Found\r\nLocation: https://evil.example/", ""), "")]
#[case::no_grant(answer("200 OK", "{}"), "t")]
#[case::no_json(answer("200 OK", "<html>"), "t")]
#[case::empty_token(answer("200 OK", r#"{"access_token":""}"#), "t")]
#[case::hang_up(HANG_UP.to_owned(), "t")]
#[tokio::test]
async fn each_answer_is_judged(#[case] answered: String, #[case] expected: &str) {
    let (_greenhouse, grant) = exchanged(answered).await;
    let error = grant.expect_err("no grant");
    assert_eq!(judged(&error), expected, "{error}");
    if let OAuthError::Refused { description, .. } = &error {
        assert!(!description.contains("client-17"), "{description}");
    }
    let shown = format!("{error} {error:?}");
    for secret in ["s3cret", "c0de", "evil", "suffix"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn the_wait_that_it_asks_for_is_told() {
    let (_greenhouse, grant) =
        exchanged(answer("429 Too Many Requests\r\nRetry-After: 3", "")).await;
    let error = grant.expect_err("busy");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
}

#[rstest]
#[case::not_secure("http://auth.greenhouse.example", "client-17")]
#[case::a_colon("https://auth.greenhouse.example", "client:17")]
#[case::blank("https://auth.greenhouse.example", "")]
#[tokio::test]
async fn a_secret_does_not_go_where_it_should_not(#[case] base: &str, #[case] client_id: &str) {
    let mut app = App::partner(client_id, "s3cret", REDIRECT);
    app.auth_base = base.parse().expect("an address");
    let error = app.refresh(&http(), &"rt_1".into()).await;
    assert!(matches!(error, Err(OAuthError::Unusable(_))));
}
