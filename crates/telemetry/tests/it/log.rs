//! One line a request, with an id, and nothing of what the caller sent.

use std::io;
use std::sync::{Arc, Mutex, Once};

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, ResponseError, web};
use serde_json::Value;
use telemetry::{LogFormat, LoggingError, RequestId, answer_request_id, log_requests};

/// What was logged so far.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no writer panicked").clone())
            .expect("the log is UTF-8")
    }

    fn json(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
            .collect()
    }
}

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("canary in an error")
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let id = RequestId::current().expect("a request is being answered");
        HttpResponse::InternalServerError().body(id.to_string())
    }
}

async fn take(id: RequestId) -> String {
    tracing::info!("page shown");
    id.to_string()
}

async fn refuse() -> Result<HttpResponse, Refused> {
    Err(Refused)
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/take/{token}", web::get().to(take))
        .service(web::scope("/v1").route("/refuse/{id}", web::post().to(refuse)));
}

/// Sends one request; answers status, `X-Request-Id` and body.
async fn send(request: TestRequest) -> (u16, String, String) {
    keep_every_span_on();
    let app = App::new()
        .configure(routes)
        .wrap(from_fn(answer_request_id))
        .wrap(log_requests());
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let id = response
        .headers()
        .get("x-request-id")
        .map(|id| id.to_str().expect("plain text").to_owned());
    let status = response.status().as_u16();
    let body = read_body(response).await;
    (
        status,
        id.unwrap_or_default(),
        String::from_utf8_lossy(&body).into_owned(),
    )
}

/// Keeps `tracing` from forgetting a span for good: what a thread without a subscriber meets first is switched off for all
/// threads while there is no second subscriber, so a test beside these could silence them.
fn keep_every_span_on() {
    static ON: Once = Once::new();
    ON.call_once(|| {
        let all =
            telemetry::subscriber(LogFormat::Json, "trace", io::sink).expect("a sound filter");
        tracing::subscriber::set_global_default(all).expect("set once");
    });
}

fn capture(format: LogFormat) -> (Lines, tracing::subscriber::DefaultGuard) {
    keep_every_span_on();
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber =
        telemetry::subscriber(format, "info", move || writer.clone()).expect("the filter is sound");
    (lines, tracing::subscriber::set_default(subscriber))
}

#[actix_web::test]
async fn every_line_of_a_request_carries_its_id_and_route() {
    let (lines, _guard) = capture(LogFormat::Json);
    let (status, id, body) = send(TestRequest::get().uri("/take/canary")).await;
    assert_eq!((status, body.as_str()), (200, id.as_str()));
    let lines = lines.json();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!(line["span"]["request_id"], id.as_str());
        assert_eq!(line["span"]["http.method"], "GET");
        assert_eq!(line["span"]["http.route"], "/take/{token}");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(lines[0]["message"], "page shown");
    assert_eq!(lines[1]["message"], "request answered");
    assert_eq!(lines[1]["span"]["http.status_code"], 200);
    assert!(lines[1]["milliseconds"].as_f64().unwrap() >= 0.0);
}

#[actix_web::test]
async fn nothing_of_what_the_caller_sent_is_logged() {
    for format in [LogFormat::Json, LogFormat::Pretty] {
        let (lines, _guard) = capture(format);
        let requests = [
            TestRequest::get().uri("/take/canary?code=canary&state=canary"),
            TestRequest::get().uri("/canary/nowhere?canary"),
            TestRequest::post()
                .uri("/v1/refuse/canary")
                .set_payload("canary"),
            TestRequest::default()
                .method("CANARY".parse().unwrap())
                .uri("/take/canary"),
            TestRequest::post().uri("/take/canary"),
        ];
        for request in requests {
            let request = [
                "host",
                "user-agent",
                "referer",
                "cookie",
                "authorization",
                "x-forwarded-for",
            ]
            .iter()
            .fold(request, |request, header| {
                request.insert_header((*header, "canary"))
            });
            send(request.insert_header(("x-request-id", "canary mail@example.com"))).await;
        }
        let text = lines.text();
        assert_eq!(text.matches("request answered").count(), 5, "{text}");
        assert!(!text.to_lowercase().contains("canary"), "{text}");
        assert!(text.contains("/v1/refuse/{id}"), "{text}");
    }
}

#[actix_web::test]
async fn an_answer_that_is_our_fault_is_a_warning() {
    let (lines, _guard) = capture(LogFormat::Json);
    let (status, id, body) = send(TestRequest::post().uri("/v1/refuse/1")).await;
    assert_eq!((status, body.as_str()), (500, id.as_str()));
    let line = &lines.json()[0];
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["span"]["http.status_code"], 500);
}

#[actix_web::test]
async fn a_plain_id_of_the_callers_is_kept_and_any_other_replaced() {
    let longest = "a".repeat(64);
    for theirs in ["a", "Trace-1._x", longest.as_str()] {
        let (_, id, _) = send(
            TestRequest::get()
                .uri("/take/1")
                .insert_header(("x-request-id", theirs)),
        )
        .await;
        assert_eq!(id, theirs);
    }
    let too_long = "a".repeat(65);
    for theirs in ["", "a b", "a@b", "ä", too_long.as_str()] {
        let (_, id, _) = send(
            TestRequest::get()
                .uri("/take/1")
                .insert_header(("x-request-id", theirs)),
        )
        .await;
        assert_eq!(id.len(), 36, "{theirs} gave {id}");
    }
}

#[actix_web::test]
async fn two_requests_have_two_ids_and_an_unknown_route_has_one_too() {
    let (_, one, _) = send(TestRequest::get().uri("/take/1")).await;
    let (status, two, _) = send(TestRequest::get().uri("/nowhere")).await;
    assert_eq!(status, 404);
    assert_eq!(two.len(), 36);
    assert_ne!(one, two);
}

#[test]
fn a_filter_that_cannot_be_read_is_named() {
    let Err(error) = telemetry::subscriber(LogFormat::Json, "jobs=loud", io::sink) else {
        panic!("the filter was taken");
    };
    assert!(matches!(error, LoggingError::Filter(_)));
    assert!(
        error
            .to_string()
            .starts_with("`log.filter` has to be a level"),
        "{error}"
    );
}

#[test]
fn outside_a_request_there_is_no_id() {
    assert_eq!(RequestId::current(), None);
}
