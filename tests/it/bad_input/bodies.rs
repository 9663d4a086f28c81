//! Bodies that are no JSON, or too much of it, at every operation that takes one.

use super::CANARY;
use super::operations::operations;
use super::watch::Watch;
use crate::harness::TestApp;

test_support::each_database! {
    async fn a_body_that_is_no_json_is_refused_everywhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let broken: [Vec<u8>; 10] = [
            CANARY.into(),
            format!("{{\"{CANARY}").into(),
            format!("{{\"title\": \"{CANARY}\"").into(),
            format!("{{}} {CANARY}").into(),
            format!("{{'title': '{CANARY}'}}").into(),
            [b"{\"title\": \"", &[0xff, 0xfe][..], CANARY.as_bytes(), b"\"}"].concat(),
            format!("{{\"title\": \"\\ud800{CANARY}\"}}").into(),
            format!("{{\"title\": \"a\nb {CANARY}\"}}").into(),
            b"\0".to_vec(),
            format!("<?xml version=\"1.0\"?><title>{CANARY}</title>").into(),
        ];
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            for body in &broken {
                let call = operation.call_unknown(&app).text(body.clone());
                watch.refuse("no JSON", &call, 400, "not_json").await;
            }
        }
        watch.finish().await;
    }

    async fn an_empty_body_is_refused_where_one_is_needed(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for operation in operations(&app).await.iter().filter(|operation| operation.body == Some(true)) {
            for body in ["", "  ", "\n"] {
                let call = operation.call_unknown(&app).text(body);
                watch.refuse("empty", &call, 400, "not_json").await;
            }
        }
        watch.finish().await;
    }

    async fn a_body_of_another_type_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense", ""] {
                let call = operation.call_unknown(&app).text("{}").with("content-type", kind);
                watch.refuse(kind, &call, 400, "not_json").await;
            }
            let twice = operation.call_unknown(&app).text("{}").and("content-type", "application/json");
            watch.refuse("two types", &twice, 400, "not_json").await;
        }
        watch.finish().await;
    }

    async fn a_body_that_is_no_object_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let others = [
            "[]".to_owned(), "null".into(), "17".into(), "true".into(), format!("\"{CANARY}\""),
            format!("[\"{CANARY}\"]"), format!("[{{\"title\": \"{CANARY}\"}}]"),
        ];
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            for body in &others {
                let call = operation.call_unknown(&app).text(body.clone());
                watch.fault(&call, "body").await;
            }
        }
        watch.finish().await;
    }

    async fn an_unknown_member_is_refused_everywhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            let call = operation.call_unknown(&app).text(format!("{{\"colour\": \"{CANARY}\"}}"));
            let answer = watch.refuse("unknown member", &call, 422, "unprocessable").await;
            assert!(answer.text.contains("colour"), "{}", answer.text);
        }
        watch.finish().await;
    }

    async fn more_than_256_kib_are_refused_everywhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let long = format!("{{\"title\": \"{}\"}}", CANARY.repeat(30_000));
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            let call = operation.call_unknown(&app).text(long.clone());
            watch.refuse("too long", &call, 413, "too_large").await;
        }
        watch.finish().await;
    }

    async fn nesting_beyond_reason_is_refused_everywhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for operation in operations(&app).await.iter().filter(|operation| operation.body.is_some()) {
            for deep in [format!("{}{CANARY}", "[".repeat(50_000)), "{\"a\":".repeat(40_000)] {
                let call = operation.call_unknown(&app).text(deep);
                watch.refuse("deep", &call, 400, "not_json").await;
            }
        }
        watch.finish().await;
    }
}
