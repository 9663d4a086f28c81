//! Ids that are none, at every operation that takes one; addresses and methods that are not there.

use super::CANARY;
use super::operations::{Operation, operations};
use super::watch::{Call, Watch};
use crate::harness::TestApp;

test_support::each_database! {
    async fn a_text_that_is_no_id_is_answered_like_an_unknown_one(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let malformed = [
            CANARY.to_owned(), "17".into(), "-1".into(), "%00".into(), "%FF".into(), "%20".into(), "%2F..%2F".into(),
            "%27%20OR%201=1--".into(), "null".into(), format!("{CANARY}%0d%0aSet-Cookie:%20a=b"), "a".repeat(4_000),
            "01920000-0000-7000-8000-00000000000".into(), "01920000-0000-7000-8000-0000000000000".into(),
            "01920000-0000-7000-8000-00000000000g".into(), "%F0%9F%92%A9".into(),
        ];
        for operation in operations(&app).await.iter().filter(|operation| operation.has_id()) {
            let body = if operation.body == Some(true) { body_for(&operation.pattern) } else { "" };
            let unknown = operation.call_unknown(&app);
            let unknown = if body.is_empty() { unknown } else { unknown.text(body) };
            let expected = watch.refuse("unknown", &unknown, 404, "not_found").await.without_request_id();
            for id in &malformed {
                let call = operation.call(&app, id);
                let call = if body.is_empty() { call } else { call.text(body) };
                let answer = watch.refuse(id, &call, 404, "not_found").await.without_request_id();
                assert_eq!(answer.text, expected.text, "{} {id}", operation.pattern);
            }
        }
        watch.finish().await;
    }

    async fn what_is_not_there_is_not_found(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for path in ["", CANARY, "invites/", "invites//start", "Invites", "invites/start/now/please"] {
            watch.refuse("nothing there", &Call::v1(&app, "GET", path), 404, "not_found").await;
        }
        let long = "x/".repeat(3_000);
        watch.refuse("long", &Call::v1(&app, "GET", &long), 404, "not_found").await;
        watch.finish().await;
    }

    async fn another_method_is_told_which_ones_there_are(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let known = operations(&app).await;
        for operation in &known {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                let there = |other: &&Operation| other.pattern == operation.pattern && other.method == method;
                if known.iter().any(|other| there(&other)) {
                    continue;
                }
                let call = Call { method, ..operation.call_unknown(&app) };
                let answer = watch.refuse("method", &call, 405, "method_not_allowed").await;
                let allow = answer.headers["allow"].to_str().expect("a list").to_owned();
                assert!(allow.contains(operation.method) && !allow.contains(method), "{allow}");
            }
        }
        watch.finish().await;
    }

    async fn greenhouses_addresses_know_their_methods(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for (path, allow) in [
            ("list_tests", "GET"), ("test_status", "GET"), ("send_test", "POST"),
            ("response_errors", "POST"), ("response_error", "POST"),
        ] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                if method != allow {
                    let call = Call::greenhouse(&app, method, path);
                    let answer = watch.refuse("method", &call, 405, "method_not_allowed").await;
                    assert_eq!(answer.headers["allow"], allow);
                }
            }
        }
        watch.finish().await;
    }
}

/// A body that would be taken if the id were known.
fn body_for(pattern: &str) -> &'static str {
    match pattern.rsplit('/').next() {
        Some("api-keys") => r#"{"kind":"platform","name":"x"}"#,
        Some("extend") => r#"{"expires_at":"2099-01-01T00:00:00Z"}"#,
        Some("refuse") => r#"{"reason":"x"}"#,
        Some("grades") => r#"{"grades":[]}"#,
        Some("consent") => r#"{"interested":false}"#,
        Some("result") => r#"{"score":1}"#,
        _ => "{}",
    }
}
