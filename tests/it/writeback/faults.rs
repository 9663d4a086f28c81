//! What becomes of a PATCH that goes wrong at Greenhouse.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Recruiter, TestApp, external};

test_support::each_database! {
    async fn three_failures_and_then_greenhouse_is_told(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        recruiter.play(json!({ "play": { "kind": "status", "status": 500 }, "times": 3 })).await;
        app.complete(&sent.interview, 80).await;
        for failed in 1..=3 {
            let test = recruiter.until_refused(&sent, failed).await;
            assert_eq!(test["patches"], 0);
            let receipt = app.writeback(&sent.interview, "retrying").await;
            assert_eq!(receipt["detail"], "Greenhouse answered 500: it will be tried again");
            app.idle().await;
            app.advance(TimeDelta::seconds(30));
        }
        app.writeback(&sent.interview, "seen").await;
        app.idle().await;
        let test = recruiter.test(&sent).await;
        assert_eq!((&test["patches"], &test["refused_patches"]), (&json!(1), &json!(3)));
        assert_eq!((&test["label"], &test["complaints"]), (&json!("Complete, 80"), &json!([])));
    }

    async fn greenhouse_is_left_alone_as_long_as_it_asks_for(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        let play = json!({ "kind": "status", "status": 429, "retry_after": "600" });
        recruiter.play(json!({ "play": play, "times": 1 })).await;
        app.complete(&sent.interview, 80).await;
        let receipt = app.writeback(&sent.interview, "retrying").await;
        assert_eq!(receipt["detail"], "Greenhouse answered 429: it asks to wait");
        app.idle().await;
        app.advance(TimeDelta::seconds(599));
        // The organization's other notices wait with it, and do not each ask.
        let other = recruiter.send("ada@candidate.example").await;
        app.complete(&other.interview, 70).await;
        app.idle().await;
        for waiting in [&sent, &other] {
            assert_eq!(recruiter.test(waiting).await["patches"], 0);
        }
        assert_eq!(recruiter.calls("patch").await, 1);
        app.advance(TimeDelta::seconds(1));
        app.writeback(&sent.interview, "seen").await;
        app.writeback(&other.interview, "seen").await;
    }

    async fn a_connection_that_breaks_is_tried_again(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        recruiter.play(json!({ "play": { "kind": "reset" }, "times": 1 })).await;
        app.complete(&sent.interview, 80).await;
        let receipt = app.writeback(&sent.interview, "retrying").await;
        assert_eq!(receipt["detail"], "Greenhouse did not answer: it will be tried again");
        app.idle().await;
        app.advance(TimeDelta::seconds(2));
        app.writeback(&sent.interview, "seen").await;
    }

    async fn who_hangs_is_not_waited_for_longer_than_ten_seconds(database: Database) {
        let app = TestApp::start(database).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        recruiter.play(json!({ "play": { "kind": "hang", "seconds": 60 }, "times": 1 })).await;
        app.complete(&sent.interview, 80).await;
        let receipt = app.writeback(&sent.interview, "retrying").await;
        assert_eq!(receipt["detail"], "Greenhouse did not answer: it will be tried again");
        app.writeback(&sent.interview, "seen").await;
    }

    async fn a_patch_whose_answer_is_lost_is_sent_again_and_does_no_harm(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        let fault = json!({ "play": { "kind": "reset" }, "times": 1, "takes_effect": true });
        recruiter.play(fault).await;
        app.complete(&sent.interview, 80).await;
        // Greenhouse has read it; that our call was taken we don't know yet.
        let receipt = app.writeback(&sent.interview, "seen").await;
        assert_ne!(receipt["detail"], "Greenhouse answered 200: accepted");
        app.idle().await;
        app.advance(TimeDelta::seconds(2));
        app.idle().await;
        let receipt = app.writeback(&sent.interview, "seen").await;
        assert_eq!(receipt["detail"], "Greenhouse answered 200: accepted");
        assert_eq!(recruiter.test(&sent).await["patches"], 2);
    }

    async fn a_redirect_is_a_failure_and_never_followed(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        recruiter.play(json!({ "play": { "kind": "redirect" } })).await;
        app.complete(&sent.interview, 80).await;
        let receipt = app.writeback(&sent.interview, "failed").await;
        assert_eq!(receipt["detail"], "Greenhouse answered 302: it does not take this notice");
        stays_failed(&app, &recruiter, 1).await;
        assert_eq!(recruiter.calls("elsewhere").await, 0);
    }

    async fn a_test_that_is_gone_at_greenhouse_is_given_up_with_the_reason(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        for (many, status) in [404, 410].into_iter().enumerate() {
            let sent = recruiter.send(&format!("kim{status}@candidate.example")).await;
            recruiter.play(json!({ "play": { "kind": "status", "status": status } })).await;
            app.complete(&sent.interview, 80).await;
            let receipt = app.writeback(&sent.interview, "failed").await;
            let words = format!("Greenhouse answered {status}: the test or the application is gone there");
            assert_eq!(receipt["detail"], words);
            let told = app.timeline(&sent.interview).await;
            let told = told.iter().find(|entry| entry["type"] == "writeback.failed").expect("an entry");
            assert_eq!(told["detail"]["detail"], words);
            stays_failed(&app, &recruiter, many + 1).await;
        }
    }

    async fn a_notice_that_greenhouse_does_not_take_is_given_up(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        for status in [400, 409, 422] {
            let sent = recruiter.send(&format!("kim{status}@candidate.example")).await;
            recruiter.play(json!({ "play": { "kind": "status", "status": status } })).await;
            app.complete(&sent.interview, 80).await;
            let receipt = app.writeback(&sent.interview, "failed").await;
            let words = format!("Greenhouse answered {status}: it does not take this notice");
            assert_eq!(receipt["detail"], words);
        }
    }

    async fn after_three_days_of_failures_it_is_given_up_and_says_so(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let recruiter = recruiter(&app).await;
        let sent = recruiter.send("kim@candidate.example").await;
        recruiter.play(json!({ "play": { "kind": "status", "status": 503 } })).await;
        app.complete(&sent.interview, 80).await;
        app.writeback(&sent.interview, "retrying").await;
        app.idle().await;
        app.advance(TimeDelta::hours(72) - TimeDelta::seconds(1));
        recruiter.until_refused(&sent, 2).await;
        app.idle().await;
        assert_eq!(app.writeback(&sent.interview, "retrying").await["state"], "retrying");
        app.advance(TimeDelta::seconds(10));
        let receipt = app.writeback(&sent.interview, "failed").await;
        let detail = receipt["detail"].as_str().expect("a reason");
        assert!(detail.starts_with("given up after three days"), "{detail}");
        stays_failed(&app, &recruiter, 3).await;
        assert_eq!(app.test_status(&sent.interview).await["partner_score"], 80);
    }
}

async fn recruiter(app: &TestApp) -> Recruiter<'_> {
    let test = app.publish(external("Backend")).await;
    Recruiter::connect(app, &test).await
}

/// Nothing more is sent, however much time goes by.
async fn stays_failed(app: &TestApp, recruiter: &Recruiter<'_>, patches: usize) {
    app.idle().await;
    app.advance(TimeDelta::days(4));
    app.idle().await;
    assert_eq!(recruiter.calls("patch").await, patches);
    assert_eq!(app.rows("jobs WHERE state <> 'dead'"), 0);
}

impl Recruiter<'_> {
    /// Waits until so many PATCHes have met a fault; what Greenhouse shows then.
    async fn until_refused(&self, sent: &crate::harness::Sent, many: u64) -> Value {
        crate::harness::eventually("the PATCH has met its fault", async || {
            let test = self.test(sent).await;
            (test["refused_patches"] == many).then_some(test)
        })
        .await
    }
}
