//! People grade what choices cannot.

use serde_json::{Value, json};

use crate::harness::{TestApp, written};

test_support::each_database! {
    async fn grades_add_up_and_the_last_one_completes(database: Database) {
        let app = TestApp::start(database).await;
        let mut body = written("Essay");
        let more = json!({ "kind": "code", "prompt": "Show it", "points": 10 });
        body["questions"].as_array_mut().expect("a list").push(more);
        let submitted = submitted(&app, body).await;
        let (id, answers) = (id_of(&submitted), &submitted["answers"]);
        assert_eq!((&submitted["status"], &answers[0]["points"]), (&json!("submitted"), &json!(0.0)));

        let half = app.command(&id, "grades", Some(grade(&answers[1], 8.0))).await;
        assert_eq!((&half["status"], &half["score"]), (&json!("submitted"), &Value::Null));
        assert_eq!(half["answers"][1]["points"], 8.0);
        let done = app.command(&id, "grades", Some(grade(&answers[2], 7.5))).await;
        // 0 of 2, 8 of 8 and 7.5 of 10.
        assert_eq!((&done["status"], &done["score"]), (&json!("completed"), &json!(77.5)));
        assert_eq!(done["result"]["competencies"], json!([
            { "name": "Clarity", "score": 8.0, "max_score": 8.0, "comment": null },
        ]));
        assert_eq!(done["answers"][2]["comment"], "Well put.");
    }

    async fn a_later_grade_is_a_revision_and_the_same_one_is_none(database: Database) {
        let app = TestApp::start(database).await;
        let submitted = submitted(&app, written("Essay")).await;
        let (id, text) = (id_of(&submitted), &submitted["answers"][1]);
        let first = app.command(&id, "grades", Some(grade(text, 8.0))).await;
        let again = app.command(&id, "grades", Some(grade(text, 8.0))).await;
        assert_eq!((&again["result"], &again["score"]), (&first["result"], &json!(80.0)));
        let revised = app.command(&id, "grades", Some(grade(text, 6.0))).await;
        assert_eq!((&revised["result"]["revision"], &revised["score"]), (&json!(2), &json!(60.0)));
    }

    async fn a_person_may_overrule_a_choice(database: Database) {
        let app = TestApp::start(database).await;
        let submitted = submitted(&app, written("Essay")).await;
        let (id, answers) = (id_of(&submitted), &submitted["answers"]);
        app.command(&id, "grades", Some(grade(&answers[1], 8.0))).await;
        let shown = app.command(&id, "grades", Some(grade(&answers[0], 2.0))).await;
        assert_eq!(shown["score"], 100.0);
    }

    async fn nothing_is_graded_before_it_is_submitted(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(written("Essay")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let (id, body) = (id_of(&invite), grade(&invite["answers"][1], 8.0));
        for verb in ["start", "reset", "cancel"] {
            let (status, answer) = app.v1("POST", &format!("invites/{id}/grades"), Some(body.clone())).await;
            assert_eq!((status, &answer["code"]), (409, &json!("invite_state")), "before {verb}");
            app.command(&id, verb, None).await;
        }
    }

    async fn a_grade_that_does_not_fit_is_refused_and_none_of_its_call_is_kept(database: Database) {
        let app = TestApp::start(database).await;
        let submitted = submitted(&app, written("Essay")).await;
        let (id, answers) = (id_of(&submitted), &submitted["answers"]);
        let good = &grade(&answers[1], 8.0)["grades"][0];
        let mut stranger = good.clone();
        stranger["question_id"] = json!("01920000-0000-7000-8000-000000000000");
        let mut much = good.clone();
        much["points"] = json!(8.5);
        let mut long = good.clone();
        long["comment"] = json!("x".repeat(10_001));
        for (bad, field) in [(stranger, "question_id"), (much, "points"), (long, "comment")] {
            let body = json!({ "grades": [good, bad] });
            let (status, answer) = app.v1("POST", &format!("invites/{id}/grades"), Some(body)).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!(format!("grades[1].{field}"))), "{answer}");
        }
        let shown = app.show(&id).await;
        assert_eq!((&shown["status"], &shown["answers"][1]["points"]), (&json!("submitted"), &Value::Null));
    }
}

/// An invite that was started and submitted without an answer.
async fn submitted(app: &TestApp, assessment: Value) -> Value {
    let test = app.publish(assessment).await;
    let invite = id_of(&app.invite(&test, "ada@candidate.example").await);
    app.command(&invite, "start", None).await;
    app.command(&invite, "submit", None).await
}

fn grade(answer: &Value, points: f64) -> Value {
    let question = &answer["question_id"];
    json!({ "grades": [{ "question_id": question, "points": points, "comment": "Well put." }] })
}

fn id_of(invite: &Value) -> String {
    invite["id"].as_str().expect("an id").to_owned()
}
