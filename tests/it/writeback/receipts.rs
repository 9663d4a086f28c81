//! From pending over sent to seen.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::harness::{Callback, Recruiter, TestApp, answer, ask, choices, eventually, external};

test_support::each_database! {
    async fn greenhouse_reads_before_it_answers_and_sees_the_result(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let recruiter = Recruiter::connect(&app, &test).await;
        let sent = recruiter.send("kim@candidate.example").await;
        assert_eq!(recruiter.test(&sent).await["label"], "Test sent");
        assert_eq!(app.show(&sent.interview).await["writebacks"], json!([]));

        app.complete(&sent.interview, 80).await;
        let receipt = app.writeback(&sent.interview, "seen").await;
        assert_eq!((&receipt["target"], &receipt["revision"]), (&json!("greenhouse_status"), &json!(1)));
        let shown = eventually("the PATCH is answered", async || {
            let shown = recruiter.test(&sent).await;
            (shown["label"] == "Complete, 80").then_some(shown)
        })
        .await;
        assert_eq!((&shown["patches"], &shown["complaints"]), (&json!(1), &json!([])));
        let page = app.http.get(shown["profile_url"].as_str().expect("a link")).send().await;
        assert_eq!(page.expect("an answer").status(), 200);
        let accepted = "Greenhouse answered 200: accepted";
        eventually("the answer is kept", async || {
            let writeback = app.show(&sent.interview).await["writebacks"][0].clone();
            (writeback["detail"] == accepted && writeback["state"] == "seen").then_some(())
        })
        .await;
    }

    async fn the_receipt_goes_from_pending_to_sent_to_seen(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let gate = Arc::new(Semaphore::new(0));
        let callback = gated(&gate).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.complete(&interview, 80).await;
        eventually("the PATCH is there", async || callback.heard().pop()).await;
        assert_eq!(app.writeback(&interview, "pending").await["detail"], Value::Null);
        gate.add_permits(1);
        let sent = app.writeback(&interview, "sent").await;
        assert_eq!(sent["detail"], "Greenhouse answered 200: accepted");
        app.test_status(&interview).await;
        let seen = app.writeback(&interview, "seen").await;
        assert!(seen["at"].as_str() > sent["at"].as_str(), "{seen}");
        let told = app.timeline(&interview).await.into_iter().map(|entry| entry["type"].clone());
        let told: Vec<_> = told.filter(|kind| kind.as_str().expect("a type").starts_with("writeback.")).collect();
        assert_eq!(told, ["writeback.sent", "writeback.seen"]);
    }

    async fn the_result_is_there_to_read_before_the_patch_is_sent(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let gate = Arc::new(Semaphore::new(0));
        let callback = gated(&gate).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.complete(&interview, 80).await;
        eventually("the PATCH is there", async || callback.heard().pop()).await;
        let read = app.test_status(&interview).await;
        assert_eq!((&read["partner_status"], &read["partner_score"]), (&json!("complete"), &json!(80)));
        gate.add_permits(1);
        app.idle().await;
    }

    async fn a_revision_is_not_told_again(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(204)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.complete(&interview, 80).await;
        app.writeback(&interview, "sent").await;
        app.report(&interview, json!({ "score": 80 })).await;
        app.report(&interview, json!({ "score": 85 })).await;
        app.report(&interview, json!({ "score": 90, "final": false })).await;
        app.idle().await;
        assert_eq!(callback.heard().len(), 1);
    }

    async fn only_what_is_finished_is_told(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.command(&interview, "start", None).await;
        app.report(&interview, json!({ "score": 80, "final": false })).await;
        app.command(&interview, "submit", None).await;
        app.command(&interview, "reset", None).await;
        app.command(&interview, "cancel", None).await;
        app.idle().await;
        assert_eq!((callback.heard().len(), app.show(&interview).await["writebacks"].clone()), (0, json!([])));
    }

    async fn a_submission_is_told_at_once_where_greenhouse_grades(database: Database) {
        let app = TestApp::start(database).await;
        let mut body = external("Backend");
        body["greenhouse_complete_on"] = json!("submitted");
        let test = app.publish(body).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        app.command(&interview, "start", None).await;
        app.command(&interview, "submit", None).await;
        assert_eq!(app.writeback(&interview, "sent").await["revision"], Value::Null);
        app.report(&interview, json!({ "score": 80 })).await;
        app.idle().await;
        assert_eq!(callback.heard().len(), 1);
    }

    async fn a_second_submission_is_told_again_where_greenhouse_grades(database: Database) {
        let app = TestApp::start(database).await;
        let mut body = external("Backend");
        body["greenhouse_complete_on"] = json!("submitted");
        let test = app.publish(body).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        for verb in ["start", "submit"] {
            app.command(&interview, verb, None).await;
        }
        app.writeback(&interview, "sent").await;
        app.command(&interview, "reset", None).await;
        assert_eq!(app.show(&interview).await["writebacks"], json!([]));
        for verb in ["start", "submit"] {
            app.command(&interview, verb, None).await;
        }
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard().len(), 2);
    }

    async fn a_second_attempts_result_is_told(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(choices("Numbers")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", &callback.url("1"))).await;
        for verb in ["start", "reset", "start", "submit"] {
            app.command(&interview, verb, None).await;
        }
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard().len(), 1);
    }
}

/// A callback that answers 200 once the gate has a permit.
async fn gated(gate: &Arc<Semaphore>) -> Callback {
    let gate = Arc::clone(gate);
    Callback::start(move |_| {
        let gate = Arc::clone(&gate);
        async move {
            gate.acquire().await.expect("open").forget();
            answer(200)
        }
    })
    .await
}
