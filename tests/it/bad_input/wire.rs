//! What is no HTTP at all.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::CANARY;
use super::watch::{Call, Watch};
use crate::harness::TestApp;

test_support::each_database! {
    async fn bytes_that_are_no_request_get_a_refusal_and_harm_nobody(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let key = &app.platform_key;
        let head = format!("POST /v1/assessments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n");
        let head = format!("{head}Content-Type: application/json\r\n");
        for bytes in [
            format!("{CANARY}\r\n\r\n").into_bytes(),
            format!("GET /{CANARY} HTTP/9.9\r\n\r\n").into(),
            format!("GET /v1/invites\r\n{CANARY}\r\n\r\n").into(),
            format!("GET  /{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n").into(),
            format!("G\0T /{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n").into(),
            format!("GET /v1/invites HTTP/1.1\r\n{CANARY}: {}\r\n\r\n", CANARY.repeat(50_000)).into(),
            [&b"\x16\x03\x01\x02\x00\x01"[..], CANARY.as_bytes(), b"\r\n\r\n"].concat(),
            format!("{head}Content-Length: -1\r\n\r\n{{}}").into(),
            format!("{head}Content-Length: {CANARY}\r\n\r\n{{}}").into(),
            format!("{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}").into(),
            format!("{head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").into(),
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{CANARY}\r\n\r\n").into(),
            format!("{head}Transfer-Encoding: {CANARY}\r\n\r\n{{}}").into(),
            format!("{head}Content-Length: 100\r\nConnection: close\r\n\r\n{{\"title\": \"{CANARY}").into(),
        ] {
            let answer = exchange(&app, &bytes).await;
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
            assert!(!answer.contains(CANARY), "{shown}: {answer}");
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4"), "{shown}: {answer}");
        }
        let good = Call::v1(&app, "GET", "organization");
        assert_eq!(watch.call(&good).await.status, 200);
        watch.finish().await;
    }
}

/// Sends the bytes and nothing more; what comes back until the end.
async fn exchange(app: &TestApp, bytes: &[u8]) -> String {
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // It may hang up before it has heard everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
