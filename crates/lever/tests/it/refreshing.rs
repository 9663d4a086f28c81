//! Access tokens that keep themselves fresh.

use std::sync::{Arc, Mutex};

use lever::ats_http::{AccessTokens as _, TokenError};
use lever::oauth::{Grant, RefreshingTokens};
use secrecy::{ExposeSecret as _, SecretString};

use crate::far_side::{FarSide, HANG_UP, answer};
use crate::oauth::{app, granted, http};

type Kept = Arc<Mutex<Vec<String>>>;

fn tokens(lever: &FarSide) -> (Arc<RefreshingTokens>, Kept) {
    let kept = Kept::default();
    let keep = {
        let kept = Arc::clone(&kept);
        move |_: &Grant, refresh: &SecretString| {
            kept.lock()
                .expect("no panic")
                .push(refresh.expose_secret().to_owned());
        }
    };
    let tokens = RefreshingTokens::new(app(lever), http(), "rt_0".into(), keep);
    (Arc::new(tokens), kept)
}

#[tokio::test]
async fn two_hundred_callers_make_one_refresh() {
    let lever = FarSide::with([granted("a1", Some("rt_1"))]).await;
    let (tokens, kept) = tokens(&lever);
    let callers: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn({
                let tokens = Arc::clone(&tokens);
                async move {
                    tokens
                        .current()
                        .await
                        .map(|token| token.expose_secret().to_owned())
                }
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("no panic"), Ok("a1".to_owned()));
    }
    assert_eq!(lever.seen().len(), 1);
    assert_eq!(*kept.lock().expect("no panic"), ["rt_1"]);
}

#[tokio::test]
async fn a_token_refused_twice_is_renewed_once() {
    let lever = FarSide::with([granted("a1", Some("rt_1")), granted("a2", None)]).await;
    let (tokens, kept) = tokens(&lever);
    let first = tokens.current().await.expect("a token");
    for _ in 0..2 {
        let newer = tokens.rejected(first.clone()).await.expect("a newer one");
        assert_eq!(newer.expose_secret(), "a2");
    }
    let bodies: Vec<_> = lever.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0].ends_with("refresh_token=rt_0") && bodies[1].ends_with("refresh_token=rt_1"));
    assert_eq!(*kept.lock().expect("no panic"), ["rt_1", "rt_1"]);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_once_more() {
    let lever = FarSide::with([HANG_UP.to_owned(), granted("a1", Some("rt_1"))]).await;
    let (tokens, _) = tokens(&lever);
    assert_eq!(
        tokens.current().await.expect("a token").expose_secret(),
        "a1"
    );
    assert_eq!(lever.seen().len(), 2);
}

#[tokio::test]
async fn trouble_is_for_now_and_a_dead_grant_for_good() {
    let lever = FarSide::with((0..2).map(|_| answer("503 Service Unavailable", ""))).await;
    let (tokens, kept) = tokens(&lever);
    let error = tokens.current().await.expect_err("no token");
    assert!(matches!(error, TokenError::Unavailable(_)), "{error}");
    lever.then([answer("403 Forbidden", r#"{"error":"invalid_grant"}"#)]);
    let error = tokens.current().await.expect_err("no token");
    assert!(matches!(error, TokenError::Lost(_)), "{error}");
    assert!(kept.lock().expect("no panic").is_empty());
}
