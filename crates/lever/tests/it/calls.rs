//! What each failure means to a caller.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use lever::ats_http::{ClientConfig, HostList, StaticToken, Throttle as _, TokenBucket, client};
use lever::{Client, Credential, Error, NewNote};
use rstest::rstest;

use crate::far_side::{FarSide, HANG_UP, answer};
use crate::fixtures::{client_of, connected, fixture, ok, with_credential};

/// Which predicates hold, in the order throttled, temporary, ambiguous, auth lost, forbidden, not found.
fn judged(error: &Error) -> String {
    let marks = [
        (error.is_throttled(), 't'),
        (error.is_temporary(), 'T'),
        (error.is_ambiguous(), 'a'),
        (error.is_auth_lost(), 'l'),
        (error.is_forbidden(), 'f'),
        (error.is_not_found(), 'n'),
    ];
    marks
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, mark)| mark)
        .collect()
}

async fn reading(answered: &str) -> Error {
    let lever = FarSide::with([answered]).await;
    let client = connected(&lever).with_repeats(0);
    client
        .opportunity(&"5e1d".into())
        .await
        .expect_err("a failure")
}

async fn tagging(answered: &str) -> Error {
    let lever = FarSide::with([answered]).await;
    let client = connected(&lever).with_repeats(0);
    client
        .add_tags(&"5e1d".into(), &["x"], None)
        .await
        .expect_err("a failure")
}

async fn noting(answered: &str) -> Error {
    let lever = FarSide::with([answered]).await;
    let client = connected(&lever).with_repeats(0);
    client
        .create_note(&"5e1d".into(), &NewNote::new("x"))
        .await
        .expect_err("a failure")
}

/// Tags are a set, so that nothing about them is ever in doubt; notes are not.
#[rstest]
#[case("400 Bad Request", "", "")]
#[case("401 Unauthorized", "l", "l")]
#[case("403 Forbidden", "f", "f")]
#[case("404 Not Found", "n", "n")]
#[case("410 Gone", "n", "n")]
#[case("422 Unprocessable", "", "")]
#[case("408 Timeout", "T", "Ta")]
#[case("429 Too Many Requests", "tT", "tT")]
#[case("500 Internal Server Error", "T", "Ta")]
#[case("502 Bad Gateway", "T", "Ta")]
#[case("503 Service Unavailable", "T", "Ta")]
#[tokio::test]
async fn each_status_is_judged(#[case] status: &str, #[case] safe: &str, #[case] once: &str) {
    let answered = answer(status, r#"{"code":"X","message":"Ada Example"}"#);
    assert_eq!(judged(&reading(&answered).await), safe);
    assert_eq!(judged(&tagging(&answered).await), safe);
    let error = noting(&answered).await;
    assert_eq!(judged(&error), once);
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("Ada") && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}

#[rstest]
#[case::hangs_up(HANG_UP.to_owned(), "T", "Ta")]
#[case::cut_off("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99\r\n\r\n{\"data\"".to_owned(), "T", "Ta")]
#[case::not_json(answer("200 OK", "<html>"), "T", "Ta")]
#[case::half_json(answer("200 OK", r#"{"data":{"id":"#), "T", "Ta")]
#[case::other_shape(answer("200 OK", r#"{"data":{"id":7}}"#), "", "a")]
#[tokio::test]
async fn an_answer_that_does_not_arrive_is_judged(
    #[case] answered: String,
    #[case] safe: &str,
    #[case] once: &str,
) {
    assert_eq!(judged(&reading(&answered).await), safe);
    assert_eq!(judged(&tagging(&answered).await), safe);
    assert_eq!(judged(&noting(&answered).await), once);
}

#[tokio::test]
async fn no_connection_is_no_doubt() {
    let token = Credential::OAuth(Arc::new(StaticToken::new("token")));
    let client = client_of("http://127.0.0.1:1", token);
    let error = client.create_note(&"5e1d".into(), &NewNote::new("x")).await;
    assert_eq!(judged(&error.expect_err("a closed port")), "T");
}

#[tokio::test]
async fn levers_own_words_are_kept_and_not_shown() {
    let error = reading(&answer("404 Not Found", fixture!("not_found"))).await;
    let refusal = error.refusal().expect("an answer");
    assert_eq!(refusal.code, "ResourceNotFound");
    assert_eq!(refusal.message, "Opportunity 5e1d0c9a was not found");
    assert_eq!(
        error.to_string(),
        "Lever answered 404 (ResourceNotFound): there is no such record"
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_is_kept_in_part() {
    let error = reading(&answer("502 Bad Gateway", &"é".repeat(600))).await;
    let refusal = error.refusal().expect("an answer");
    assert_eq!(refusal.message.chars().count(), 500);
}

#[tokio::test]
async fn the_wait_that_lever_asks_for_is_told() {
    let error = reading(&answer("429 Too Many Requests\r\nRetry-After: 12", "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
    let error = reading(&answer("503 Service Unavailable\r\nRetry-After: 5", "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn a_throttle_that_will_not_wait_reads_like_a_429() {
    let lever = FarSide::with([HANG_UP; 0]).await;
    let http = client(ClientConfig::new("lever-test/1")).expect("a client");
    let bucket = TokenBucket::new(1, 1).with_patience(Duration::ZERO);
    bucket.told_to_wait(Duration::from_secs(60)).await;
    let base = lever.base.parse().expect("an address");
    let token = Credential::OAuth(Arc::new(StaticToken::new("token")));
    let hosts = HostList::new(["lever.co"]).expect("a host");
    let client = Client::new(http, base, token, Arc::new(bucket), hosts);
    let error = client.create_note(&"5e1d".into(), &NewNote::new("x")).await;
    let error = error.expect_err("no permit");
    assert_eq!(judged(&error), "tT");
    assert!(
        error
            .retry_after()
            .is_some_and(|wait| wait > Duration::from_secs(50))
    );
    assert!(lever.seen().is_empty());
}

#[tokio::test]
async fn a_key_goes_out_as_user_name() {
    let lever = FarSide::with([ok(fixture!("stages"))]).await;
    let credential = Credential::ApiKey("key".into());
    assert_eq!(format!("{credential:?}"), "ApiKey(…)");
    with_credential(&lever, credential)
        .stages()
        .await
        .expect("read");
    let seen = lever.seen();
    assert_eq!(seen[0].header("authorization"), Some("Basic a2V5Og=="));
    assert_eq!(seen[0].header("user-agent"), Some("lever-test/1"));
}

#[tokio::test]
async fn a_redirect_in_levers_own_house_is_followed_with_the_tags() {
    let here = FarSide::with([answer("301 Moved Permanently\r\nLocation: /eu/v1/x", "")]).await;
    here.then([ok(fixture!("opportunity_blanked"))]);
    connected(&here)
        .add_tags(&"5e1d".into(), &["x"], None)
        .await
        .expect("added");
    assert_eq!(here.lines()[1], "POST /eu/v1/x");
    assert_eq!(here.seen()[1].body, r#"{"tags":["x"]}"#);
}

#[tokio::test]
async fn a_note_refused_with_a_redirect_elsewhere_was_not_written() {
    let here = FarSide::with([answer(
        "301 Moved Permanently\r\nLocation: https://evil.example/",
        "",
    )])
    .await;
    let error = connected(&here)
        .create_note(&"5e1d".into(), &NewNote::new("x"))
        .await;
    let error = error.expect_err("off the list");
    assert_eq!(judged(&error), "");
    assert!(!error.to_string().contains("evil"));
}

#[tokio::test]
async fn a_client_can_be_shared_by_many_tasks() {
    let lever = FarSide::with((0..20).map(|_| ok(fixture!("stages")))).await;
    let client = connected(&lever);
    let calls = (0..20).map(|_| {
        tokio::spawn({
            let client = client.clone();
            async move { client.stages().await.map(|stages| stages.len()) }
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.expect("no panic"), Ok(5));
    }
    let stream = client.notes(&"5e1d".into());
    drop(client);
    let error = stream
        .try_collect::<Vec<_>>()
        .await
        .expect_err("nothing left to answer");
    assert!(error.is_temporary());
}
