//! The completion PATCH against a real socket.

use std::time::Duration;

use greenhouse_assessment::ats_http::{ClientConfig, HostList, HostRefused, client};
use greenhouse_assessment::client::{CompletionClient, CompletionOutcome};
use greenhouse_assessment::{Credential, Key};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const KEY: &str = "gh_patch";

/// Answers one request with `answer` and gives back what was asked.
async fn serve_once(answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("one call");
        let mut request = vec![0; 4096];
        let length = socket.read(&mut request).await.expect("a request");
        socket.write_all(answer.as_bytes()).await.expect("answered");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (format!("http://{address}/take_home_tests/1?a=b"), served)
}

fn loopback() -> HostList {
    let hosts = HostList::new(["127.0.0.1"]).expect("a host");
    hosts.allow_loopback_http(true)
}

fn patcher() -> CompletionClient {
    CompletionClient::new("patch-test/1", loopback()).expect("a client")
}

fn key() -> Credential {
    Credential::OrganizationKey(Key::new(KEY).expect("a key"))
}

async fn patch(answer: &str) -> (CompletionOutcome, String) {
    let (url, served) = serve_once(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n")).await;
    let outcome = patcher().complete(&url, &key()).await;
    (outcome, served.await.expect("served"))
}

#[tokio::test]
async fn the_patch_is_bare_and_shows_the_key() {
    let (outcome, request) = patch("200 OK").await;
    assert_eq!(outcome, CompletionOutcome::Accepted { status: 200 });
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("PATCH /take_home_tests/1?a=b HTTP/1.1\r\n"));
    let head = head.to_lowercase();
    assert_eq!(head.matches("content-length: 0").count(), 1, "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(head.contains("accept: application/json"));
    assert!(head.contains("user-agent: patch-test/1"));
    let basic = key().authorization().to_lowercase();
    assert!(head.contains(&format!("authorization: {basic}")));
    assert_eq!(body, "");
}

#[rstest]
#[case("200 OK", CompletionOutcome::Accepted { status: 200 })]
#[case("204 No Content", CompletionOutcome::Accepted { status: 204 })]
#[case("302 Found\r\nLocation: http://127.0.0.1:1/", CompletionOutcome::Rejected { status: 302 })]
#[case("308 Permanent\r\nLocation: http://127.0.0.1:1/", CompletionOutcome::Rejected { status: 308 })]
#[case("400 Bad Request", CompletionOutcome::Rejected { status: 400 })]
#[case("401 Unauthorized", CompletionOutcome::CredentialRefused { status: 401 })]
#[case("403 Forbidden", CompletionOutcome::CredentialRefused { status: 403 })]
#[case("404 Not Found", CompletionOutcome::Gone { status: 404 })]
#[case("405 Method Not Allowed", CompletionOutcome::Rejected { status: 405 })]
#[case("408 Timeout", CompletionOutcome::Retry { status: Some(408), not_before: None })]
#[case("409 Conflict", CompletionOutcome::Rejected { status: 409 })]
#[case("410 Gone", CompletionOutcome::Gone { status: 410 })]
#[case("422 Unprocessable", CompletionOutcome::Rejected { status: 422 })]
#[case("429 Busy\r\nRetry-After: 30", CompletionOutcome::RateLimited { not_before: Some(Duration::from_secs(30)) })]
#[case("429 Busy", CompletionOutcome::RateLimited { not_before: None })]
#[case("500 Broken", CompletionOutcome::Retry { status: Some(500), not_before: None })]
#[case("503 Down\r\nRetry-After: 9", CompletionOutcome::Retry { status: Some(503), not_before: Some(Duration::from_secs(9)) })]
#[tokio::test]
async fn every_answer_has_its_outcome(#[case] answer: &str, #[case] expected: CompletionOutcome) {
    let (outcome, _) = patch(answer).await;
    assert_eq!(outcome, expected);
    let shown = format!("{outcome} {outcome:?}");
    assert!(!shown.contains(KEY) && !shown.contains("take_home"));
}

const NO_ANSWER: CompletionOutcome = CompletionOutcome::Retry {
    status: None,
    not_before: None,
};

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again() {
    let (url, served) = serve_once(String::new()).await;
    assert_eq!(patcher().complete(&url, &key()).await, NO_ANSWER);
    served.await.expect("served");
}

#[tokio::test]
async fn a_closed_port_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    drop(listener);
    assert_eq!(patcher().complete(&url, &key()).await, NO_ANSWER);
}

#[tokio::test]
async fn silence_is_broken_off_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let impatient = ClientConfig {
        timeout: Duration::from_millis(200),
        ..ClientConfig::new("patch-test/1")
    };
    let patcher = CompletionClient::with_client(client(impatient).expect("a client"), loopback());
    assert_eq!(patcher.complete(&url, &key()).await, NO_ANSWER);
}

#[rstest]
#[case("https://greenhouse.io.evil.example/1", HostRefused::NotListed)]
#[case("http://app.greenhouse.io/1", HostRefused::Scheme)]
#[case("https://app.greenhouse.io@evil.example/1", HostRefused::UserInfo)]
#[case("https://10.0.0.1/1", HostRefused::IpLiteral)]
#[case("nonsense", HostRefused::NotAUrl)]
#[tokio::test]
async fn an_address_off_the_list_is_never_called(#[case] url: &str, #[case] why: HostRefused) {
    let hosts = HostList::new(["greenhouse.io"]).expect("a host");
    let patcher = CompletionClient::new("patch-test/1", hosts).expect("a client");
    let outcome = patcher.complete(url, &key()).await;
    assert_eq!(outcome, CompletionOutcome::Blocked(why));
    assert!(!outcome.to_string().contains("evil"));
}

#[tokio::test]
async fn a_listener_off_the_list_gets_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let hosts = HostList::new(["greenhouse.io"]).expect("a host");
    let patcher = CompletionClient::new("patch-test/1", hosts.allow_loopback_http(true));
    let outcome = patcher.expect("a client").complete(&url, &key()).await;
    assert_eq!(outcome, CompletionOutcome::Blocked(HostRefused::NotListed));
    // Had it connected, the connection would be waiting here.
    listener
        .into_std()
        .map(|listener| {
            let refused = listener.accept().expect_err("nobody waits");
            assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock);
        })
        .expect("a listener");
}
