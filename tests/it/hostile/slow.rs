//! Callers that take their time. Each part of a request has its own, and those who use it up stand in nobody's way.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use test_support::Database;

use super::wire::{Wire, head, request};
use crate::harness::TestApp;

/// Slow callers at the same moment.
const CROWD: usize = 2_000;

#[tokio::test]
async fn two_thousand_slow_callers_do_not_keep_a_good_one_out() {
    let app = TestApp::start(Database::sqlite()).await;
    let dribbles = |number: usize| match number % 4 {
        // Silent from the start.
        0 => String::new(),
        // In the middle of its headers.
        1 => head(&app, "GET", "/v1/organization", "X-Slow"),
        // In the middle of a body.
        2 => format!(
            "{}Content-Length: 1000\r\n\r\n{{",
            head(
                &app,
                "POST",
                "/v1/assessments",
                "Content-Type: application/json\r\n"
            )
        ),
        _ => format!(
            "{}Transfer-Encoding: chunked\r\n\r\n5\r\n{{",
            head(&app, "POST", "/api/greenhouse/send_test", "")
        ),
    };
    let crowd = join_all((0..CROWD).map(async |number| {
        let mut wire = Wire::to(&app.url).await;
        wire.send(dribbles(number)).await.expect("it is taken");
        wire
    }))
    .await;
    for path in ["organization", "assessments", "invites"] {
        let (status, answer) = app.v1("GET", path, None).await;
        assert_eq!(status, 200, "{answer}");
    }
    let (status, tests) = app.greenhouse("GET", "list_tests", None).await;
    assert_eq!(status, 200, "{tests}");
    assert_eq!(crowd.len(), CROWD);
    app.stop().await;
}

#[tokio::test]
async fn each_part_of_a_request_has_its_time() {
    let app = TestApp::start(Database::sqlite()).await;
    let json = "Content-Type: application/json\r\n";
    let cut = |path: &str| {
        format!(
            "{}Content-Length: 9\r\n\r\n{{",
            head(&app, "POST", path, json)
        )
    };
    let no_headers = times_out(&app, "GET /v1/organization HTTP/1.1\r\nX-Slow".to_owned());
    let no_bytes = times_out(&app, String::new());
    let of_v1 = times_out(&app, cut("/v1/assessments"));
    let of_greenhouse = times_out(&app, cut("/api/greenhouse/send_test"));
    let of_a_page = times_out(&app, cut("/sign-in"));
    let kept_alive = async {
        let mut wire = Wire::to(&app.url).await;
        wire.send(request(&app, "GET", "/v1/organization", "", ""))
            .await
            .expect("it is taken");
        assert_eq!(wire.answer().await.expect("an answer").status, 200);
        let begun = Instant::now();
        wire.hung_up().await;
        begun.elapsed()
    };
    let waits = tokio::join!(
        no_bytes,
        no_headers,
        kept_alive,
        of_greenhouse,
        of_v1,
        of_a_page
    );
    for (what, wait, seconds) in [
        ("no bytes", waits.0, 5),
        ("no end of headers", waits.1, 5),
        ("nothing after an answer", waits.2, 15),
        ("no end of a send_test", waits.3, 15),
        ("no end of a body", waits.4, 30),
        ("no end of a form", waits.5, 30),
    ] {
        // Never earlier: the far side may use all of it. How much later is the machine's business.
        assert!(
            wait + Duration::from_secs(1) >= Duration::from_secs(seconds),
            "{what}: {wait:?}"
        );
    }
    app.stop().await;
}

/// Sends this and nothing more; how long it took until the refusal, with which it ends.
async fn times_out(app: &TestApp, bytes: String) -> Duration {
    let begun = Instant::now();
    let mut wire = Wire::to(&app.url).await;
    wire.send(&bytes).await.expect("it is taken");
    let answer = wire.answer().await.expect("a refusal");
    assert_eq!(answer.status, 408, "{bytes}: {answer:?}");
    let waited = begun.elapsed();
    wire.hung_up().await;
    waited
}
