//! The client against a real socket.

use std::time::Duration;

use ats_http::{Answer, ClientConfig, Outcome, answer_of, classify, client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers one request with `answer` and gives back what was asked.
async fn serve_once(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("one call");
        let mut request = vec![0; 4096];
        let length = socket.read(&mut request).await.expect("a request");
        socket.write_all(answer.as_bytes()).await.expect("answered");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (url, served)
}

fn config() -> ClientConfig {
    ClientConfig::new("ats-http-test/1")
}

#[tokio::test]
async fn says_who_calls_and_asks_for_no_compression() {
    let (url, served) = serve_once("HTTP/1.1 204 No Content\r\n\r\n").await;
    let result = client(config()).expect("a client").get(url).send().await;
    assert_eq!(classify(answer_of(&result)), Outcome::Done);
    let request = served.await.expect("served").to_lowercase();
    assert!(request.contains("user-agent: ats-http-test/1\r\n"));
    assert!(!request.contains("accept-encoding"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (url, served) = serve_once(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let result = client(config()).expect("a client").get(url).send().await;
    assert_eq!(
        answer_of(&result),
        Answer::Status {
            code: 302,
            retry_after: None
        }
    );
    served.await.expect("served");
}

#[tokio::test]
async fn a_date_in_retry_after_is_held_against_the_servers_clock() {
    let (url, served) = serve_once(
        "HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
         Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let result = client(config()).expect("a client").get(url).send().await;
    let wait = Some(Duration::from_secs(30));
    assert_eq!(
        answer_of(&result),
        Answer::Status {
            code: 429,
            retry_after: wait
        }
    );
    served.await.expect("served");
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    drop(listener);
    let result = client(config()).expect("a client").get(url).send().await;
    assert_eq!(answer_of(&result), Answer::Unreachable);
}

#[tokio::test]
async fn a_server_that_never_answers_is_broken_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let impatient = ClientConfig {
        timeout: Duration::from_millis(200),
        ..config()
    };
    let result = client(impatient).expect("a client").get(url).send().await;
    assert_eq!(answer_of(&result), Answer::Broken);
}
