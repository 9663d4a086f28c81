//! Credentials and other headers that cannot be.

use std::sync::Arc;

use domain::SystemClock;

use super::CANARY;
use super::operations::operations;
use super::watch::{Call, Watch};
use crate::harness::{OPERATOR, TestApp, basic};

test_support::each_database! {
    async fn without_a_good_key_no_operation_is_carried_out(database: Database) {
        // Each call comes from another address: whoever tries out many keys in a minute is slowed down.
        let proxy = [("HTTP__TRUSTED_PROXIES", "127.0.0.1/32")];
        let app = TestApp::start_at(database, Arc::new(SystemClock), &proxy).await;
        let watch = Watch::start(&app).await;
        let mut answers = Vec::new();
        for (number, operation) in operations(&app).await.into_iter().enumerate() {
            let anonymous = Call { headers: Default::default(), ..operation.call_unknown(&app) };
            // Whoever has no key learns neither of ids nor of what is wrong with a body.
            let anonymous = anonymous.text(CANARY).with("x-forwarded-for", format!("203.0.113.{number}"));
            for call in [anonymous.clone(), anonymous.bearer(CANARY)] {
                let answer = watch.refuse("no key", &call, 401, "unauthorized").await;
                assert!(answer.headers.contains_key("www-authenticate"));
                answers.push(answer.without_request_id().text);
            }
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        watch.finish().await;
    }

    async fn a_credential_in_any_other_form_is_none(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let key = &app.platform_key;
        for credential in [
            String::new(), "Bearer".into(), "Bearer ".into(), format!("Bearer  {CANARY}"), key.clone(),
            format!("Bearer{key}"), format!("Bearer {key},"), format!("Bearer {key} {CANARY}"), format!("Bearer \"{key}\""),
            basic(key), basic(CANARY), format!("Token {key}"), format!("Bearer {}", key.to_uppercase()),
            format!("Bearer {}", &key[..key.len() - 1]), format!("Bearer {}", "k".repeat(6_000)),
            format!("Bearer {}", app.greenhouse_key), format!("Bearer {}", OPERATOR.to_uppercase()),
        ] {
            let call = Call::new("GET", "/v1/organization").with("authorization", &credential);
            watch.refuse("credential", &call, 401, "unauthorized").await;
        }
        let odd = Call::new("GET", "/v1/organization").with("authorization", b"Bearer \xff\xfe");
        watch.refuse("no ASCII", &odd, 401, "unauthorized").await;
        let twice = Call::v1(&app, "GET", "organization").and("authorization", format!("Bearer {key}"));
        watch.refuse("two credentials", &twice, 401, "unauthorized").await;
        watch.finish().await;
    }

    async fn the_schemes_letter_case_does_not_matter(database: Database) {
        let app = TestApp::start(database).await;
        for scheme in ["bearer", "BEARER", "Bearer"] {
            let answer = app.http.get(format!("{}/v1/organization", app.url))
                .header("authorization", format!("{scheme} {}", app.platform_key)).send().await;
            assert_eq!(answer.expect("an answer").status(), 200);
        }
    }

    async fn an_idempotency_key_that_cannot_be_is_refused_everywhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for operation in operations(&app).await.iter().filter(|operation| operation.method == "POST") {
            for key in ["", " ", "two words", &"k".repeat(256), "\u{e9}"] {
                let call = operation.call_unknown(&app).text("{}").with("idempotency-key", key);
                watch.refuse(key, &call, 400, "idempotency_key").await;
            }
            let twice = operation.call_unknown(&app).text("{}").with("idempotency-key", CANARY).and("idempotency-key", "b");
            watch.refuse("two keys", &twice, 400, "idempotency_key").await;
        }
        watch.finish().await;
    }

    async fn a_key_that_was_used_for_another_call_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let first = Call::v1(&app, "POST", "assessments").text("{}").with("idempotency-key", CANARY);
        let made = app.http.post(format!("{}/v1/assessments", app.url)).headers(first.headers.clone()).body("{}").send().await;
        assert_eq!(made.expect("an answer").status(), 201);
        let watch = Watch::start(&app).await;
        watch.fault(&first.clone().text(format!("{{\"title\": \"{CANARY}\"}}")), "Idempotency-Key").await;
        watch.finish().await;
    }

    async fn a_request_id_of_the_callers_own_is_no_way_into_the_log(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for id in [format!("{CANARY} {CANARY}"), format!("{CANARY}@candidate.example"), CANARY.repeat(100)] {
            let call = Call::v1(&app, "GET", "organization").with("x-request-id", &id);
            assert_eq!(watch.call(&call).await.status, 200);
        }
        watch.finish().await;
    }

    async fn headers_that_lie_about_the_caller_change_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let call = Call::v1(&app, "GET", "invites")
            .with("host", format!("{CANARY}.example"))
            .with("x-forwarded-host", format!("{CANARY}.example"))
            .with("x-forwarded-for", CANARY)
            .with("forwarded", format!("for={CANARY};host={CANARY}"))
            .with("referer", format!("https://{CANARY}.example/"))
            .with("user-agent", CANARY)
            .with("accept", CANARY)
            .with("accept-language", CANARY)
            .with("traceparent", CANARY)
            .with("cookie", format!("session={CANARY}"));
        assert_eq!(watch.call(&call).await.status, 200);
        watch.finish().await;
    }
}
