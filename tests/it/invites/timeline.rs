//! What a timeline tells.

use serde_json::{Value, json};

use crate::harness::{Callback, TestApp, answer, ask, external};

test_support::each_database! {
    async fn a_whole_life_stands_on_the_timeline(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.mail_to("zoe@candidate.example").await;
        app.idle().await;
        app.command(&interview, "start", None).await;
        app.command(&interview, "reset", None).await;
        app.command(&interview, "resend", None).await;
        app.idle().await;
        app.command(&interview, "start", None).await;
        app.report(&interview, json!({ "score": 40, "final": false })).await;
        app.command(&interview, "submit", None).await;
        app.report(&interview, json!({ "score": 80 })).await;
        app.writeback(&interview, "sent").await;
        app.test_status(&interview).await;
        app.report(&interview, json!({ "score": 82 })).await;
        let told = told(app.timeline(&interview).await);
        insta::assert_json_snapshot!("a_whole_life", told);
    }

    async fn a_refusal_stands_there_with_its_reason(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        let reason = "We no longer offer this test.\nAsk for \u{201c}Backend 2\u{201d}.";
        let body = json!({ "reason": format!("  {reason}\u{0} ") });
        let shown = app.command(&interview, "refuse", Some(body)).await;
        assert_eq!((&shown["status"], &shown["candidate_url"]), (&json!("cancelled"), &Value::Null));
        let last = app.timeline(&interview).await.into_iter().rfind(|entry| entry["type"] == "invite.cancelled");
        assert_eq!(last.expect("an entry")["detail"], json!({ "reason": reason }));
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "cancelled" }));
    }

    async fn what_greenhouse_could_not_read_stands_there_too(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        for path in ["response_errors", "response_error"] {
            let report = json!({
                "api_call": "test_status", "errors": ["partner_score must be a number"],
                "partner_interview_id": interview, "candidate_email": "zoe@candidate.example",
            });
            let (status, _) = app.greenhouse("POST", path, Some(report)).await;
            assert_eq!(status, 200);
        }
        let timeline = app.timeline(&interview).await;
        let reports: Vec<_> = timeline.iter().filter(|entry| entry["type"] == "greenhouse.response_error").collect();
        assert_eq!(reports.len(), 2);
        let detail = json!({ "api_call": "test_status", "errors": ["partner_score must be a number"] });
        assert_eq!(reports[0]["detail"], detail);
    }

    async fn no_entry_names_the_candidate(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        app.mail.fail_next(1, mail::catcher::Fault::Permanent);
        app.command(&interview, "resend", None).await;
        app.complete(&interview, 80).await;
        app.idle().await;
        let told = Value::from(app.timeline(&interview).await).to_string();
        for personal in ["zoe@candidate.example", "Zoë", "Nguyễn", "7946"] {
            assert!(!told.contains(personal), "{told}");
        }
    }
}

/// Types and details, without what differs from run to run.
fn told(timeline: Vec<Value>) -> Vec<Value> {
    let entries = timeline.into_iter();
    entries
        .map(|entry| json!({ "type": entry["type"], "detail": entry["detail"] }))
        .collect()
}
