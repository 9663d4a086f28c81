//! Results: reported, revised, provisional.

use serde_json::{Value, json};

use crate::harness::{TestApp, external};

test_support::each_database! {
    async fn each_new_result_is_the_next_revision_and_the_same_one_is_none(database: Database) {
        let (app, invite) = started(database).await;
        let first = app.report(&invite, json!({ "score": 80 })).await;
        assert_eq!((&first["status"], &first["result"]["revision"]), (&json!("completed"), &json!(1)));
        let again = app.report(&invite, json!({ "score": 80.0, "max_score": 100, "final": true })).await;
        assert_eq!(again, first);
        let second = app.report(&invite, json!({ "score": 85 })).await;
        assert_eq!((&second["score"], &second["result"]["revision"]), (&json!(85.0), &json!(2)));
        assert_eq!(second["completed_at"], first["completed_at"]);
        let back = app.report(&invite, json!({ "score": 80 })).await;
        assert_eq!(back["result"]["revision"], 3);
        let revised: Vec<Value> = app.timeline(&invite).await.into_iter()
            .filter(|entry| entry["type"] == "result.revised").collect();
        let numbers: Vec<_> = revised.iter().map(|entry| &entry["detail"]["revision"]).collect();
        assert_eq!(numbers, [1, 2, 3]);
    }

    async fn a_provisional_result_shows_its_score_and_completes_nothing(database: Database) {
        let (app, invite) = started(database).await;
        let shown = app.report(&invite, json!({ "score": 4, "max_score": 8, "final": false })).await;
        assert_eq!((&shown["status"], &shown["score"]), (&json!("started"), &json!(50.0)));
        assert_eq!((&shown["result"]["final"], &shown["completed_at"]), (&json!(false), &Value::Null));
        app.command(&invite, "submit", None).await;
        let shown = app.report(&invite, json!({ "score": 5, "max_score": 8, "final": false })).await;
        assert_eq!((&shown["status"], &shown["result"]["revision"]), (&json!("submitted"), &json!(2)));
        let shown = app.report(&invite, json!({ "score": 5, "max_score": 8 })).await;
        assert_eq!((&shown["status"], &shown["result"]["revision"]), (&json!("completed"), &json!(3)));
    }

    async fn a_result_from_a_started_sitting_submits_it_too(database: Database) {
        let (app, invite) = started(database).await;
        let shown = app.report(&invite, json!({ "outcome": "passed" })).await;
        assert_eq!((&shown["status"], &shown["score"]), (&json!("completed"), &Value::Null));
        assert_eq!(shown["submitted_at"], shown["completed_at"]);
        assert_eq!(shown["result"]["outcome"], "passed");
    }

    async fn all_that_a_result_says_comes_back_as_it_was(database: Database) {
        let (app, invite) = started(database).await;
        let result = json!({
            "score": 81.5,
            "max_score": 90.0,
            "report_url": "https://vendor.example/reports/7?a=b",
            "summary": "Careful, and fast.\nWould work with her.",
            "recommendation": "strong_yes",
            "competencies": [{ "name": "Rust", "score": 4.0, "max_score": 5.0, "comment": "Neat." }],
            "transcript": "— Hello.\n— Hello \u{1F44B}",
            "outcome": "passed",
            "metadata": { "Language": "Rust", "Attempts": 2, "Paired": false },
            "final": true,
        });
        let mut kept = app.report(&invite, result.clone()).await["result"].clone();
        let members = kept.as_object_mut().expect("an object");
        assert_eq!(members.remove("revision"), Some(json!(1)));
        members.remove("at").expect("a moment");
        assert_eq!(kept, result);
        assert_eq!(app.show(&invite).await["score"], 90.56);
    }

    async fn a_result_that_cannot_be_is_refused_by_its_member(database: Database) {
        let (app, invite) = started(database).await;
        for (result, field) in [
            (json!({ "score": 101 }), "score"),
            (json!({ "score": -1 }), "score"),
            (json!({ "score": 1, "max_score": 0 }), "max_score"),
            (json!({ "score": "80" }), "score"),
            (json!({ "report_url": "javascript:alert(1)" }), "report_url"),
            (json!({ "recommendation": "maybe" }), "recommendation"),
            (json!({ "competencies": [{ "name": " ", "score": 1 }] }), "competencies"),
            (json!({ "metadata": { "Nested": [1] } }), "metadata"),
            (json!({ "metadata": { " ": 1 } }), "metadata"),
            (json!({ "summary": "x".repeat(10_001) }), "summary"),
            (json!({ "colour": "red" }), "colour"),
        ] {
            let path = format!("invites/{invite}/result");
            let (status, answer) = app.v1("PUT", &path, Some(result.clone())).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!(field)), "{result}: {answer}");
        }
        assert_eq!((app.show(&invite).await["status"].clone(), app.rows("revisions")), (json!("started"), 0));
    }
}

async fn started(database: test_support::Database) -> (TestApp, String) {
    let app = TestApp::start(database).await;
    let test = app.publish(external("Backend")).await;
    let candidate = json!({ "email": "ada@candidate.example" });
    let body = json!({ "assessment_id": test, "candidate": candidate, "send_email": false });
    let invite = app.invite_with(body).await;
    let invite = invite["id"].as_str().expect("an id").to_owned();
    app.command(&invite, "start", None).await;
    (app, invite)
}
