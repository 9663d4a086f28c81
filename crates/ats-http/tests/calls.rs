//! Calls in somebody's name, against a real socket.

mod far_side;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ats_http::reqwest::{Method, Url};
use ats_http::{
    AccessTokens, BoxFuture, Call, CallError, Caller, ClientConfig, Credential, HostList,
    HostRefused, RedirectRefused, StaticToken, Throttle, TokenBucket, TokenError, Wait, Window,
    client,
};
use far_side::{FarSide, HANG_UP, answer};
use rstest::rstest;
use secrecy::{ExposeSecret as _, SecretString};

/// Hands out `first`, then `second`, and counts how often it was asked for a newer one.
#[derive(Debug, Default)]
struct TwoTokens {
    refused: Mutex<Vec<String>>,
}

impl AccessTokens for TwoTokens {
    fn current(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(async { Ok("first".into()) })
    }

    fn rejected(&self, token: SecretString) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        let mut refused = self.refused.lock().expect("no test panics here");
        refused.push(token.expose_secret().to_owned());
        Box::pin(async { Ok("second".into()) })
    }
}

/// Writes down what it was told.
#[derive(Debug, Default)]
struct Book {
    permits: Mutex<usize>,
    waits: Mutex<Vec<Duration>>,
    windows: Mutex<Vec<Window>>,
    closed: bool,
}

impl Throttle for Book {
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>> {
        *self.permits.lock().expect("no test panics here") += 1;
        let answer = if self.closed {
            Err(Wait(Duration::from_secs(7)))
        } else {
            Ok(())
        };
        Box::pin(async move { answer })
    }

    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()> {
        self.waits.lock().expect("no test panics here").push(wait);
        Box::pin(async {})
    }

    fn observed(&self, window: Window) -> BoxFuture<'_, ()> {
        self.windows
            .lock()
            .expect("no test panics here")
            .push(window);
        Box::pin(async {})
    }
}

fn loopback() -> HostList {
    let hosts = HostList::new(["127.0.0.1"]).expect("a host");
    hosts.allow_loopback_http(true)
}

fn caller(credential: Credential, throttle: Arc<dyn Throttle>, hosts: HostList) -> Caller {
    let http = client(ClientConfig::new("calls-test/1")).expect("a client");
    Caller::new(http, credential, throttle, hosts)
}

fn bearer() -> Credential {
    Credential::Bearer(Arc::new(StaticToken::new("first")))
}

fn simple() -> Caller {
    caller(bearer(), Arc::new(TokenBucket::new(1000, 1000)), loopback())
}

fn post(base: &str) -> Call {
    let url = Url::parse(&format!("{base}/v1/notes?perform_as=u")).expect("an address");
    Call::new(Method::POST, url).json(br#"{"value":"x"}"#.to_vec())
}

fn moved(status: &str, location: &str) -> String {
    answer(&format!("{status}\r\nLocation: {location}"), "")
}

#[rstest]
#[case("301 Moved Permanently")]
#[case("302 Found")]
#[case("307 Temporary Redirect")]
#[case("308 Permanent Redirect")]
#[tokio::test]
async fn a_redirect_keeps_method_body_and_credential(#[case] status: &str) {
    let elsewhere = FarSide::with([answer("201 Created", "{}")]).await;
    let location = format!("{}/eu/notes?perform_as=u", elsewhere.base);
    let here = FarSide::with([moved(status, &location)]).await;
    let response = simple().call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 201);
    let seen = elsewhere.seen();
    assert_eq!(seen[0].line, "POST /eu/notes?perform_as=u");
    assert_eq!(seen[0].body, r#"{"value":"x"}"#);
    assert_eq!(seen[0].header("authorization"), Some("Bearer first"));
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let here = FarSide::with([""; 0]).await;
    here.then((0..3).map(|_| moved("301 Moved", "/v1/next")));
    here.then([answer("200 OK", "{}")]);
    let response = simple().call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 200);

    here.then((0..4).map(|_| moved("301 Moved", "/v1/next")));
    let error = simple()
        .call(&post(&here.base))
        .await
        .expect_err("too many");
    assert_eq!(error, CallError::Redirect(RedirectRefused::TooMany));
    assert_eq!(here.lines().len(), 8);
}

#[tokio::test]
async fn a_redirect_off_the_list_gets_no_credential() {
    let elsewhere = FarSide::with([answer("200 OK", "{}")]).await;
    let here = FarSide::with([moved("301 Moved", &elsewhere.base)]).await;
    let hosts = HostList::new(["lever.co"]).expect("a host");
    let caller = caller(
        bearer(),
        Arc::new(Book::default()),
        hosts.allow_loopback_http(true),
    );
    let error = caller
        .call(&post(&here.base))
        .await
        .expect_err("off the list");
    let refused = RedirectRefused::NotAllowed(HostRefused::NotListed);
    assert_eq!(error, CallError::Redirect(refused));
    assert_eq!(elsewhere.seen().len(), 0);
    assert!(!error.to_string().contains("127.0.0.1"));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated() {
    let here = FarSide::with([answer("401 Unauthorized", ""), answer("200 OK", "{}")]).await;
    let tokens = Arc::new(TwoTokens::default());
    let credential = Credential::Bearer(tokens.clone());
    let caller = caller(credential, Arc::new(Book::default()), loopback());
    let response = caller.call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let seen = here.seen();
    assert_eq!(seen[0].header("authorization"), Some("Bearer first"));
    assert_eq!(seen[1].header("authorization"), Some("Bearer second"));
    assert_eq!(seen[1].body, r#"{"value":"x"}"#);
    assert_eq!(*tokens.refused.lock().expect("no panic"), ["first"]);
}

#[tokio::test]
async fn a_token_refused_again_is_the_answer() {
    let here = FarSide::with((0..2).map(|_| answer("401 Unauthorized", ""))).await;
    let credential = Credential::Bearer(Arc::new(TwoTokens::default()));
    let caller = caller(credential, Arc::new(Book::default()), loopback());
    let response = caller.call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 401);
    assert_eq!(here.seen().len(), 2);
}

#[tokio::test]
async fn a_lone_token_that_is_refused_is_lost() {
    let here = FarSide::with([answer("401 Unauthorized", "")]).await;
    let error = simple()
        .call(&post(&here.base))
        .await
        .expect_err("no other token");
    assert!(
        matches!(error, CallError::Token(TokenError::Lost(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_key_is_sent_as_user_name_and_never_renewed() {
    let here = FarSide::with([answer("401 Unauthorized", "")]).await;
    let credential = Credential::Basic("key".into());
    assert_eq!(format!("{credential:?}"), "Basic(…)");
    let caller = caller(credential, Arc::new(Book::default()), loopback());
    let response = caller.call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 401);
    assert_eq!(
        here.seen()[0].header("authorization"),
        Some("Basic a2V5Og==")
    );
}

#[tokio::test]
async fn the_throttle_hears_of_each_429_and_is_asked_before_each_request() {
    let here = FarSide::with([
        answer("429 Too Many Requests\r\nRetry-After: 9", ""),
        answer("429 Too Many Requests", ""),
        answer("200 OK", "{}"),
    ])
    .await;
    let book = Arc::new(Book::default());
    let caller = caller(bearer(), book.clone(), loopback());
    let response = caller.call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert_eq!(*book.permits.lock().expect("no panic"), 3);
    let waits = [Duration::from_secs(9), Duration::from_secs(1)];
    assert_eq!(*book.waits.lock().expect("no panic"), waits);
}

/// The windows are held against the far side's clock; the end of one that is used up is a wait too.
#[tokio::test]
async fn the_throttle_hears_what_each_answer_says_of_the_allowance() {
    let said = |status: &str, remaining: u32| {
        let head = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-RateLimit-Limit: 75\r\nX-RateLimit-Reset: 784111797";
        answer(
            &format!("{status}\r\n{head}\r\nX-RateLimit-Remaining: {remaining}"),
            "Retry later",
        )
    };
    let here = FarSide::with([
        said("429 Too Many Requests\r\nRetry-After: 9", 0),
        said("200 OK", 74),
    ])
    .await;
    let book = Arc::new(Book::default());
    let caller = caller(bearer(), book.clone(), loopback());
    caller.call(&post(&here.base)).await.expect("an answer");
    let windows = book.windows.lock().expect("no panic").clone();
    let ends_in = Duration::from_secs(20);
    let of = |remaining| Window {
        limit: 75,
        remaining,
        ends_in,
    };
    assert_eq!(windows, [of(0), of(74)]);
    assert_eq!(*book.waits.lock().expect("no panic"), [ends_in]);
}

#[tokio::test]
async fn without_repeats_a_429_is_the_answer() {
    let here = FarSide::with([answer("429 Too Many Requests", "")]).await;
    let caller = caller(bearer(), Arc::new(Book::default()), loopback()).with_repeats(0);
    let response = caller.call(&post(&here.base)).await.expect("an answer");
    assert_eq!(response.status(), 429);
    assert_eq!(here.seen().len(), 1);
}

#[tokio::test]
async fn a_throttle_that_will_not_wait_lets_nothing_out() {
    let here = FarSide::with([answer("200 OK", "{}")]).await;
    let closed = Book {
        closed: true,
        ..Book::default()
    };
    let caller = caller(bearer(), Arc::new(closed), loopback());
    let error = caller.call(&post(&here.base)).await.expect_err("no permit");
    assert_eq!(error, CallError::Wait(Wait(Duration::from_secs(7))));
    assert_eq!(here.seen().len(), 0);
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_is_broken() {
    let here = FarSide::with([HANG_UP]).await;
    let error = simple()
        .call(&post(&here.base))
        .await
        .expect_err("no answer");
    assert_eq!(error, CallError::Broken);
    assert_eq!(here.seen().len(), 1);
}

#[tokio::test]
async fn a_credential_goes_over_https_or_to_loopback_alone() {
    let error = simple()
        .call(&post("http://api.lever.example"))
        .await
        .expect_err("not secure");
    assert_eq!(error, CallError::NotSent);
}
