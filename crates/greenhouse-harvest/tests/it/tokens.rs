//! Access tokens that keep themselves fresh.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use greenhouse_harvest::UserId;
use greenhouse_harvest::ats_http::{AccessTokens as _, TokenError};
use greenhouse_harvest::oauth::{App, Grant, RefreshingTokens};
use secrecy::ExposeSecret as _;

use crate::far_side::{FarSide, HANG_UP, answer};
use crate::oauth::{IN_AN_HOUR, app, at, granted, http};

/// Tokens on a clock that the test moves, and what was kept.
struct Kept {
    tokens: Arc<RefreshingTokens>,
    now: Arc<Mutex<Instant>>,
    refresh_tokens: Arc<Mutex<Vec<String>>>,
}

impl Kept {
    fn of(greenhouse: &FarSide) -> Self {
        let refresh_tokens = Arc::<Mutex<Vec<String>>>::default();
        let keep = {
            let kept = Arc::clone(&refresh_tokens);
            move |grant: &Grant| {
                let token = grant.refresh_token.as_ref().expect("it rotates");
                let token = token.expose_secret().to_owned();
                kept.lock().expect("no panic").push(token);
            }
        };
        let tokens = RefreshingTokens::of_grant(app(greenhouse), http(), "rt_0".into(), keep);
        Self::on_a_clock(tokens, refresh_tokens)
    }

    fn on_a_clock(tokens: RefreshingTokens, refresh_tokens: Arc<Mutex<Vec<String>>>) -> Self {
        let now = Arc::new(Mutex::new(Instant::now()));
        let clock = Arc::clone(&now);
        let tokens = tokens.with_clock(move || *clock.lock().expect("no panic"));
        Self {
            tokens: Arc::new(tokens),
            now,
            refresh_tokens,
        }
    }

    fn advance(&self, minutes: u64) {
        *self.now.lock().expect("no panic") += Duration::from_secs(60 * minutes);
    }

    async fn current(&self) -> Result<String, TokenError> {
        let token = self.tokens.current().await?;
        Ok(token.expose_secret().to_owned())
    }

    fn kept(&self) -> Vec<String> {
        self.refresh_tokens.lock().expect("no panic").clone()
    }
}

fn trouble() -> String {
    answer("503 Service Unavailable", "")
}

fn dead() -> String {
    answer("400 Bad Request", r#"{"error":"invalid_grant"}"#)
}

#[tokio::test]
async fn two_hundred_callers_make_one_refresh() {
    let greenhouse = FarSide::with([granted("a1", Some("rt_1"), IN_AN_HOUR)]).await;
    let kept = Kept::of(&greenhouse);
    let callers: Vec<_> = (0..200)
        .map(|_| {
            let tokens = Arc::clone(&kept.tokens);
            tokio::spawn(async move { tokens.current().await.map(|_| ()) })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("no panic"), Ok(()));
    }
    assert_eq!(greenhouse.seen().len(), 1);
    assert_eq!(kept.kept(), ["rt_1"]);
}

#[tokio::test]
async fn a_token_is_renewed_at_three_quarters_of_its_life() {
    let greenhouse = FarSide::with([
        granted("a1", Some("rt_1"), IN_AN_HOUR),
        granted("a2", Some("rt_2"), IN_AN_HOUR),
    ])
    .await;
    let kept = Kept::of(&greenhouse);
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
    kept.advance(44);
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
    kept.advance(1);
    assert_eq!(kept.current().await.as_deref(), Ok("a2"));
    let bodies: Vec<_> = greenhouse.seen().into_iter().map(|it| it.body).collect();
    assert!(bodies[0].ends_with("=rt_0") && bodies[1].ends_with("=rt_1"));
    assert_eq!(kept.kept(), ["rt_1", "rt_2"]);
}

#[tokio::test]
async fn a_token_refused_twice_is_renewed_once() {
    let greenhouse = FarSide::with([
        granted("a1", Some("rt_1"), IN_AN_HOUR),
        granted("a2", Some("rt_2"), IN_AN_HOUR),
    ])
    .await;
    let kept = Kept::of(&greenhouse);
    let first = kept.tokens.current().await.expect("a token");
    for _ in 0..2 {
        let newer = kept.tokens.rejected(first.clone()).await;
        assert_eq!(newer.expect("a newer one").expose_secret(), "a2");
    }
    assert_eq!(greenhouse.seen().len(), 2);
}

#[tokio::test]
async fn while_the_server_is_in_trouble_the_token_is_used_to_its_end() {
    let greenhouse = FarSide::with([granted("a1", Some("rt_1"), IN_AN_HOUR), trouble()]).await;
    let kept = Kept::of(&greenhouse);
    kept.current().await.expect("a token");
    kept.advance(50);
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
    // The server is left alone for a while.
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
    assert_eq!(greenhouse.seen().len(), 2);

    greenhouse.then([HANG_UP.to_owned()]);
    kept.advance(11);
    let error = kept.current().await.expect_err("it has run out");
    assert!(matches!(error, TokenError::Unavailable(_)), "{error}");

    greenhouse.then([granted("a2", Some("rt_2"), IN_AN_HOUR)]);
    kept.advance(1);
    assert_eq!(kept.current().await.as_deref(), Ok("a2"));
    assert_eq!(kept.kept(), ["rt_1", "rt_2"]);
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_used_again() {
    let greenhouse = FarSide::with([granted("a1", Some("rt_1"), IN_AN_HOUR), trouble()]).await;
    let kept = Kept::of(&greenhouse);
    let first = kept.tokens.current().await.expect("a token");
    let error = kept.tokens.rejected(first).await.expect_err("no other");
    assert!(matches!(error, TokenError::Unavailable(_)), "{error}");
    assert!(kept.current().await.is_err());
    assert_eq!(greenhouse.seen().len(), 2);
}

#[tokio::test]
async fn the_wait_that_the_server_asks_for_is_kept() {
    let busy = answer("429 Too Many Requests\r\nRetry-After: 90", "Retry later");
    let greenhouse = FarSide::with([busy, granted("a1", Some("rt_1"), IN_AN_HOUR)]).await;
    let kept = Kept::of(&greenhouse);
    for _ in 0..2 {
        kept.current().await.expect_err("busy");
        kept.advance(1);
    }
    assert_eq!(greenhouse.seen().len(), 1);
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
}

#[tokio::test]
async fn a_dead_grant_is_never_tried_again() {
    let greenhouse = FarSide::with([dead()]).await;
    let kept = Kept::of(&greenhouse);
    for _ in 0..3 {
        let error = kept.current().await.expect_err("dead");
        assert!(matches!(error, TokenError::Lost(_)), "{error}");
        kept.advance(600);
    }
    assert_eq!(greenhouse.seen().len(), 1);
    assert!(kept.kept().is_empty());
}

#[tokio::test]
async fn a_client_that_is_not_taken_says_nothing_about_the_grant() {
    let refused = answer("401 Unauthorized", r#"{"error":"invalid_client"}"#);
    let greenhouse = FarSide::with([refused]).await;
    let error = Kept::of(&greenhouse).current().await.expect_err("refused");
    assert!(matches!(error, TokenError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn an_own_credential_asks_again_and_a_person_hears_when_it_is_not_taken() {
    let greenhouse = FarSide::with([
        granted("a1", None, IN_AN_HOUR),
        granted("a2", None, IN_AN_HOUR),
        answer("401 Unauthorized", r#"{"error":"invalid_client"}"#),
    ])
    .await;
    let app = at(&greenhouse, App::own("client-17", "s3cret"));
    let tokens = RefreshingTokens::of_own(app, http(), Some(UserId::new(9)));
    assert!(!format!("{tokens:?}").contains("s3cret"));
    let kept = Kept::on_a_clock(tokens, Arc::default());
    assert_eq!(kept.current().await.as_deref(), Ok("a1"));
    kept.advance(45);
    assert_eq!(kept.current().await.as_deref(), Ok("a2"));
    kept.advance(60);
    let error = kept.current().await.expect_err("refused");
    assert!(matches!(error, TokenError::Lost(_)), "{error}");
    for seen in greenhouse.seen() {
        assert_eq!(seen.body, "grant_type=client_credentials&sub=9");
    }
}
