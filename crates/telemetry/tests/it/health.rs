//! Health, over a real socket where that matters.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::App;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use serde_json::{Value, json};
use telemetry::{
    Check, Outcome, Readiness, health_routes, install_metrics, serve_operations,
    serve_operations_on,
};

fn passing() -> Readiness {
    Readiness::new(|| async {
        ["database", "schema", "keys"]
            .map(|name| Check {
                name,
                outcome: Outcome::Passed,
            })
            .into()
    })
}

async fn ask(readiness: &Readiness, path: &str) -> (u16, Value) {
    let app = init_service(App::new().configure(health_routes(readiness.clone()))).await;
    let response = call_service(&app, TestRequest::get().uri(path).to_request()).await;
    let kept = response.headers().get("cache-control");
    assert_eq!(kept.map(|value| value.as_bytes()), Some(&b"no-store"[..]));
    (response.status().as_u16(), read_body_json(response).await)
}

#[actix_web::test]
async fn a_process_is_ready_when_every_check_passes() {
    let checks = json!({"database": "ok", "schema": "ok", "keys": "ok"});
    let expected = json!({"status": "ready", "checks": checks});
    assert_eq!(ask(&passing(), "/readyz").await, (200, expected));
}

#[actix_web::test]
async fn a_failed_check_is_named_and_its_reason_kept_for_the_log() {
    let readiness = Readiness::new(|| async {
        vec![
            Check {
                name: "database",
                outcome: Outcome::Passed,
            },
            Check {
                name: "keys",
                outcome: Outcome::Failed("canary".to_owned()),
            },
        ]
    });
    let expected = json!({"status": "not_ready", "checks": {"database": "ok", "keys": "failed"}});
    assert_eq!(ask(&readiness, "/readyz").await, (503, expected));
}

#[actix_web::test]
async fn a_check_that_could_not_be_made_is_not_said_to_be_well() {
    let readiness = Readiness::new(|| async {
        vec![
            Check {
                name: "database",
                outcome: Outcome::Failed("away".to_owned()),
            },
            Check {
                name: "schema",
                outcome: Outcome::NotMade,
            },
        ]
    });
    let checks = json!({"database": "failed", "schema": "unknown"});
    let expected = json!({"status": "not_ready", "checks": checks});
    assert_eq!(ask(&readiness, "/readyz").await, (503, expected));
}

#[actix_web::test]
async fn a_process_that_is_still_opening_its_database_lives_and_is_not_ready() {
    let readiness = Readiness::starting();
    let starting = json!({"status": "starting"});
    assert_eq!(ask(&readiness, "/readyz").await, (503, starting));
    assert_eq!(ask(&readiness, "/healthz").await.0, 200);
    readiness.check(|| async { vec![] });
    assert_eq!(ask(&readiness, "/readyz").await.0, 200);
}

#[actix_web::test]
async fn many_probes_are_one_question_a_second() {
    tokio::time::pause();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let readiness = Readiness::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { vec![] }
    });
    for _ in 0..10 {
        assert_eq!(ask(&readiness, "/readyz").await.0, 200);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(ask(&readiness, "/readyz").await.0, 200);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    readiness.start_draining();
    assert_eq!(
        ask(&readiness, "/readyz").await.0,
        503,
        "nothing old is said of the end"
    );
}

#[actix_web::test]
async fn while_draining_a_process_lives_and_is_not_ready() {
    let readiness = passing();
    readiness.clone().start_draining();
    assert!(readiness.is_draining());
    assert_eq!(
        ask(&readiness, "/readyz").await,
        (503, json!({"status": "draining"}))
    );
    assert_eq!(
        ask(&readiness, "/healthz").await,
        (200, json!({"status": "ok"}))
    );
}

#[actix_web::test]
async fn a_check_that_never_answers_counts_as_failed() {
    tokio::time::pause();
    let readiness = Readiness::new(std::future::pending);
    assert_eq!(
        ask(&readiness, "/readyz").await,
        (503, json!({"status": "timed_out"}))
    );
}

/// One request over a socket of its own; answers head and body.
fn get(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("the listener is open");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("the request is taken");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("the answer is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    (head.to_owned(), body.to_owned())
}

#[actix_web::test]
async fn the_operators_listener_shows_metrics_and_health() {
    let metrics = install_metrics();
    metrics::counter!("baton_test_total").increment(1);
    let readiness = passing();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve_operations_on(listener, metrics, readiness.clone()).unwrap();
    let handle = server.handle();
    let served = actix_web::rt::spawn(server);
    let answers = actix_web::web::block(move || {
        let paths = ["/metrics", "/healthz", "/readyz", "/"];
        let before = paths.map(|path| get(address, path));
        readiness.start_draining();
        (before, get(address, "/readyz"))
    });
    let ([metrics, healthz, readyz, nothing], draining) = answers.await.unwrap();
    assert!(
        metrics
            .0
            .contains("content-type: text/plain; version=0.0.4"),
        "{}",
        metrics.0
    );
    assert!(
        metrics.1.lines().any(|line| line == "baton_test_total 1"),
        "{}",
        metrics.1
    );
    assert_eq!(healthz.1, r#"{"status":"ok"}"#);
    assert!(readyz.0.starts_with("HTTP/1.1 200"), "{}", readyz.0);
    assert!(nothing.0.starts_with("HTTP/1.1 404"), "{}", nothing.0);
    assert!(draining.0.starts_with("HTTP/1.1 503"), "{}", draining.0);
    handle.stop(true).await;
    served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn a_port_that_is_taken_is_an_error_the_caller_can_live_with() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let error = serve_operations(listen, install_metrics(), passing())
        .err()
        .unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
