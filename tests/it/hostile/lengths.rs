//! How long things may be: exactly as long is taken, a byte longer is not.

use test_support::Database;

use super::wire::{Answer, exchange, head, request};
use crate::harness::{TestApp, written};

const KIB: usize = 1024;
const JSON: &str = "Content-Type: application/json\r\n";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// One route with a body: its longest, and what the longest is answered.
struct Route {
    path: String,
    headers: &'static str,
    longest: usize,
    before: &'static str,
    after: &'static str,
    status: u16,
}

impl Route {
    fn body(&self, length: usize) -> String {
        let filled = length - self.before.len() - self.after.len();
        format!("{}{}{}", self.before, "x".repeat(filled), self.after)
    }
}

#[tokio::test]
async fn each_body_has_its_longest() {
    let app = TestApp::start(Database::sqlite()).await;
    let token = started(&app).await;
    for route in routes(&token) {
        let path = &route.path;
        for (length, status) in [(route.longest, route.status), (route.longest + 1, 413)] {
            let body = route.body(length);
            let counted = request(&app, "POST", path, route.headers, &body);
            let answer = exchange(&app.url, counted).await.expect("an answer");
            assert_eq!(answer.status, status, "{path} of {length}: {}", answer.body);
            let head = head(&app, "POST", path, route.headers);
            let chunked = format!(
                "{head}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
            );
            let answer = exchange(&app.url, chunked).await.expect("an answer");
            assert_eq!(
                answer.status, status,
                "{path} of {length} in chunks: {}",
                answer.body
            );
        }
    }
    app.stop().await;
}

fn routes(token: &str) -> Vec<Route> {
    let json = |path: &str, longest, status| Route {
        path: path.to_owned(),
        headers: JSON,
        longest,
        before: "{\"description_html\":\"",
        after: "\"}",
        status,
    };
    let form = |path: &str, longest, status| Route {
        path: path.to_owned(),
        headers: FORM,
        longest,
        before: "nothing=",
        after: "",
        status,
    };
    vec![
        json("/v1/assessments", 256 * KIB, 422),
        json("/api/greenhouse/send_test", 256 * KIB, 422),
        json("/api/greenhouse/response_errors", KIB * KIB, 200),
        json(&format!("/take/{token}/answers"), 4 * KIB * KIB, 400),
        form(&format!("/take/{token}/save"), 4 * KIB * KIB, 200),
        form("/sign-in", 256 * KIB, 422),
        form("/sign-out", 256 * KIB, 303),
        form("/setup/nobodys", 256 * KIB, 410),
    ]
}

#[tokio::test]
async fn an_address_has_its_longest() {
    let app = TestApp::start(Database::sqlite()).await;
    for (path, good) in [
        ("/v1/organization", 200),
        ("/api/greenhouse/list_tests", 200),
        ("/healthz", 200),
        ("/take/x", 404),
    ] {
        for (length, status) in [(8 * KIB, good), (8 * KIB + 1, 414)] {
            let address = format!("{path}?{}", "x".repeat(length - path.len() - 1));
            let answer = exchange(&app.url, request(&app, "GET", &address, "", ""))
                .await
                .expect("an answer");
            assert_eq!(answer.status, status, "{path} of {length}: {}", answer.body);
            is_whole(&answer, path);
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn headers_have_their_longest() {
    let app = TestApp::start(Database::sqlite()).await;
    for path in ["/v1/organization", "/api/greenhouse/list_tests", "/healthz"] {
        let usual = head(&app, "GET", path, "").len() - format!("GET {path} HTTP/1.1\r\n").len();
        for (length, status) in [(16 * KIB, 200), (16 * KIB + 1, 431)] {
            let filler = length - usual - "X-Filler: \r\n".len() - "Content-Length: 0\r\n".len();
            let headers = format!("X-Filler: {}\r\n", "x".repeat(filler));
            let answer = exchange(&app.url, request(&app, "GET", path, &headers, ""))
                .await
                .expect("an answer");
            assert_eq!(answer.status, status, "{path} of {length}: {}", answer.body);
            is_whole(&answer, path);
        }
    }
    for headers in [
        format!("X-Filler: {}\r\n", "x".repeat(200 * KIB)),
        "X-Filler: x\r\n".repeat(200),
    ] {
        let answer = exchange(&app.url, request(&app, "GET", "/healthz", &headers, "")).await;
        assert!(answer.is_none_or(|answer| [400, 431].contains(&answer.status)));
    }
    app.stop().await;
}

/// Every answer, also one that no route gave: named, careful, and in the form of its door.
fn is_whole(answer: &Answer, path: &str) {
    for header in [
        "x-request-id",
        "content-security-policy",
        "x-content-type-options",
        "cache-control",
    ] {
        assert!(
            answer.header(header).is_some(),
            "{path} {}: {header} is missing",
            answer.status
        );
    }
    if answer.status >= 414 {
        let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        let code = if path.starts_with("/api/") {
            &body["error"]
        } else {
            &body["code"]
        };
        assert!(
            code.as_str()
                .is_some_and(|code| code.ends_with("_too_long")),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn bodies_are_nested_32_deep_at_most() {
    let app = TestApp::start(Database::sqlite()).await;
    for (path, good) in [("/v1/assessments", 422), ("/api/greenhouse/send_test", 422)] {
        for (depth, status) in [(32, good), (33, 400)] {
            let inner = depth - 1;
            let body = format!("{{\"x\":{}{}}}", "[".repeat(inner), "]".repeat(inner));
            let answer = exchange(&app.url, request(&app, "POST", path, JSON, &body))
                .await
                .expect("an answer");
            assert_eq!(
                answer.status, status,
                "{path} {depth} deep: {}",
                answer.body
            );
        }
    }
    app.stop().await;
}

/// A started questionnaire: the token of its link.
async fn started(app: &TestApp) -> String {
    let test = app.publish(written("Essay")).await;
    let invite = app.invite(&test, "ada@candidate.example").await;
    let link = invite["candidate_url"].as_str().expect("a link");
    let token = link.rsplit_once('/').expect("a token").1.to_owned();
    app.command(invite["id"].as_str().expect("an id"), "start", None)
        .await;
    token
}
