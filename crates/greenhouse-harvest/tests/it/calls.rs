//! What each failure means to a caller, and what is learned from each answer.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use greenhouse_harvest::ats_http::{FixedWindow, StaticToken, Throttle as _, TokenBucket};
use greenhouse_harvest::write::{CandidateUpdate, NewNote};
use greenhouse_harvest::{CandidateId, Client, Error, ErrorKind, JobFilter, JobId, Visibility};
use rstest::rstest;

use crate::far_side::{FarSide, HANG_UP, answer};
use crate::fixtures::{connected, ok, throttled};

/// Which predicates hold: throttled, temporary, ambiguous, auth lost, forbidden, not found, invalid.
fn judged(error: &Error) -> String {
    let marks = [
        (error.is_throttled(), 't'),
        (error.is_temporary(), 'T'),
        (error.is_ambiguous(), 'a'),
        (error.is_auth_lost(), 'l'),
        (error.is_forbidden(), 'f'),
        (error.is_not_found(), 'n'),
        (error.is_invalid(), 'i'),
    ];
    marks
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, mark)| mark)
        .collect()
}

fn note() -> NewNote {
    NewNote::new(CandidateId::new(4), &Visibility::Private, "x")
}

async fn reading(answered: &str) -> Error {
    let greenhouse = FarSide::with([answered]).await;
    let client = connected(&greenhouse).with_repeats(0);
    client.find(JobId::new(7)).await.expect_err("a failure")
}

async fn changing(answered: &str) -> Error {
    let greenhouse = FarSide::with([answered]).await;
    let client = connected(&greenhouse).with_repeats(0);
    let changes = CandidateUpdate::new().title("x");
    let changed = client.update_candidate(CandidateId::new(4), &changes);
    changed.await.expect_err("a failure")
}

async fn noting(answered: &str) -> Error {
    let greenhouse = FarSide::with([answered]).await;
    let client = connected(&greenhouse).with_repeats(0);
    client.create_note(&note()).await.expect_err("a failure")
}

/// An update leaves what it names, so that nothing about it is ever in doubt; a new note is.
#[rstest]
#[case("400 Bad Request", "", "")]
#[case("401 Unauthorized", "l", "l")]
#[case("403 Forbidden", "f", "f")]
#[case("404 Not Found", "n", "n")]
#[case("410 Gone", "n", "n")]
#[case("422 Unprocessable Content", "i", "i")]
#[case("408 Timeout", "T", "Ta")]
#[case("429 Too Many Requests", "tT", "tT")]
#[case("500 Internal Server Error", "T", "Ta")]
#[case("502 Bad Gateway", "T", "Ta")]
#[case("503 Service Unavailable", "T", "Ta")]
#[tokio::test]
async fn each_status_is_judged(#[case] status: &str, #[case] safe: &str, #[case] once: &str) {
    let answered = answer(status, r#"{"message":"Ada","errors":["Ada"]}"#);
    assert_eq!(judged(&reading(&answered).await), safe);
    assert_eq!(judged(&changing(&answered).await), safe);
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
#[case::cut_off("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99\r\n\r\n{\"id\"".to_owned(), "T", "Ta")]
#[case::not_json(ok("<html>"), "T", "Ta")]
#[case::half_json(ok(r#"{"id":"#), "T", "Ta")]
#[case::other_shape(ok(r#"{"id":"x"}"#), "", "a")]
#[tokio::test]
async fn an_answer_that_does_not_arrive_is_judged(
    #[case] answered: String,
    #[case] safe: &str,
    #[case] once: &str,
) {
    assert_eq!(judged(&reading(&answered).await), safe);
    assert_eq!(judged(&changing(&answered).await), safe);
    assert_eq!(judged(&noting(&answered).await), once);
}

#[tokio::test]
async fn no_connection_is_no_doubt() {
    let client = throttled("http://127.0.0.1:1", Arc::new(TokenBucket::new(9, 9)));
    let error = client.create_note(&note()).await;
    assert_eq!(judged(&error.expect_err("a closed port")), "T");
}

#[tokio::test]
async fn a_refusal_names_the_fields_and_keeps_the_words() {
    let body = r#"{"message":"Unprocessable Content","errors":[{"message":"Ada is unknown","field":"candidate_id"},{"a b":"x"}]}"#;
    let answered = answer("422 Unprocessable Content\r\nX-Request-Id: req-1", body);
    let error = noting(&answered).await;
    assert_eq!(
        error.to_string(),
        "Greenhouse answered 422: it does not like what was sent (candidate_id)"
    );
    let refusal = error.refusal().expect("an answer");
    assert_eq!(refusal.request_id.as_deref(), Some("req-1"));
    assert_eq!(refusal.complaint.details[0].message, "Ada is unknown");
}

#[rstest]
#[case("429 Too Many Requests\r\nRetry-After: 12", 12)]
#[case("503 Service Unavailable\r\nRetry-After: 5", 5)]
#[tokio::test]
async fn the_wait_that_greenhouse_asks_for_is_told(#[case] head: &str, #[case] seconds: u64) {
    let error = reading(&answer(head, "Retry later")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
}

#[tokio::test]
async fn a_throttle_that_will_not_wait_reads_like_a_429() {
    let greenhouse = FarSide::with([HANG_UP; 0]).await;
    let throttle = FixedWindow::new(50, Duration::from_secs(30)).with_patience(Duration::ZERO);
    throttle.told_to_wait(Duration::from_secs(60)).await;
    let client = throttled(&greenhouse.base, Arc::new(throttle));
    let error = client.create_note(&note()).await.expect_err("no permit");
    assert_eq!(judged(&error), "tT");
    assert!(error.retry_after() > Some(Duration::from_secs(50)));
    assert!(greenhouse.seen().is_empty());
}

/// What a 429's plain text says is no matter: its headers say when to come again.
#[tokio::test]
async fn the_allowance_is_learned_from_the_answers() {
    let said = |status: &str, remaining: u32| {
        let head = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-RateLimit-Limit: 75\r\nX-RateLimit-Reset: 784111797";
        format!("{status}\r\n{head}\r\nX-RateLimit-Remaining: {remaining}")
    };
    let greenhouse = FarSide::with([
        answer(&said("200 OK", 16), "[]"),
        answer(&said("429 Too Many Requests", 0), "Retry later"),
    ])
    .await;
    let throttle = FixedWindow::new(50, Duration::from_secs(30)).with_patience(Duration::ZERO);
    let client = throttled(&greenhouse.base, Arc::new(throttle)).with_repeats(0);
    let all = client.list(&JobFilter::new()).try_collect::<Vec<_>>();
    assert_eq!(all.await.expect("an empty list").len(), 0);
    // Of the 16 that are left 15 are kept for others.
    let error = client.find(JobId::new(7)).await.expect_err("429");
    assert_eq!(error.status(), Some(429));
    let error = client.find(JobId::new(7)).await.expect_err("nothing left");
    assert!(matches!(error.kind(), ErrorKind::Throttled(_)));
    assert!(error.retry_after() > Some(Duration::from_secs(15)));
    assert_eq!(greenhouse.seen().len(), 2);
}

#[tokio::test]
async fn the_token_and_the_name_go_along_and_nobody_is_acted_for() {
    let greenhouse = FarSide::with([ok("[]")]).await;
    let found = connected(&greenhouse).find(JobId::new(7)).await;
    assert_eq!(found.expect("read"), None);
    let seen = &greenhouse.seen()[0];
    assert_eq!(seen.header("authorization"), Some("Bearer token"));
    assert_eq!(seen.header("user-agent"), Some("harvest-test/1"));
    assert_eq!(seen.header("on-behalf-of"), None);
}

#[test]
fn a_client_shows_no_token() {
    let client = Client::connect("x/1", StaticToken::new("s3cret")).expect("a client");
    assert!(!format!("{client:?}").contains("s3cret"));
}
