//! What Greenhouse reads, over an invite's whole life.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::harness::{OPERATOR, TestApp, ask, choices, eventually, external, written};

const UNKNOWN: &str = "01920000-0000-7000-8000-000000000000";

test_support::each_database! {
    async fn the_words_follow_the_life_of_an_invite(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "sent" }));
        app.command(&interview, "start", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "in_progress" }));
        app.report(&interview, json!({ "score": 10, "final": false })).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "in_progress" }));
        app.command(&interview, "submit", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "submitted" }));
        app.report(&interview, json!({ "score": 80 })).await;
        assert_eq!(app.test_status(&interview).await["partner_status"], "complete");
    }

    async fn a_cancelled_invite_reads_cancelled(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        app.command(&interview, "cancel", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "cancelled" }));
        app.command(&interview, "reset", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "sent" }));
    }

    async fn an_invite_reads_expired_from_the_very_moment_on(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let interview = send(&app, external("Backend")).await;
        app.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "sent" }));
        app.advance(TimeDelta::seconds(1));
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "expired" }));
    }

    async fn a_sitting_whose_time_ran_out_reads_submitted_and_then_complete(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let mut test = choices("Numbers");
        test["time_limit_minutes"] = json!(30);
        let interview = send(&app, test).await;
        app.command(&interview, "start", None).await;
        app.advance(TimeDelta::minutes(30));
        let status = app.test_status(&interview).await["partner_status"].clone();
        assert!(status == "submitted" || status == "complete", "{status}");
        eventually("the clock came by", async || {
            (app.show(&interview).await["status"] == "completed").then_some(())
        })
        .await;
        assert_eq!(app.test_status(&interview).await["partner_score"], 0);
    }

    async fn a_choices_only_questionnaire_is_complete_on_submission(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, choices("Numbers")).await;
        app.command(&interview, "start", None).await;
        app.command(&interview, "submit", None).await;
        let read = app.test_status(&interview).await;
        assert_eq!((&read["partner_status"], &read["partner_score"]), (&json!("complete"), &json!(0)));
    }

    async fn who_grades_in_greenhouse_reads_complete_from_submission_on(database: Database) {
        let app = TestApp::start(database).await;
        let mut test = written("Essay");
        test["greenhouse_complete_on"] = json!("submitted");
        let interview = send(&app, test).await;
        app.command(&interview, "start", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "in_progress" }));
        let submitted = app.command(&interview, "submit", None).await;
        let open = app.test_status(&interview).await;
        assert_eq!((&open["partner_status"], &open["metadata"]["Grading"]), (&json!("complete"), &json!("open")));
        assert_eq!(open.get("partner_score"), None);
        assert_eq!(app.show(&interview).await["status"], "submitted");

        app.command(&interview, "grades", Some(grades(&submitted, 7))).await;
        let graded = app.test_status(&interview).await;
        assert_eq!((&graded["partner_status"], &graded["partner_score"]), (&json!("complete"), &json!(70)));
        assert_eq!(graded["metadata"].get("Grading"), None);
        assert_eq!(graded["metadata"]["Clarity"], "7 of 8");
        assert_eq!(graded["partner_profile_url"], open["partner_profile_url"]);
    }

    async fn who_grades_here_reads_submitted_until_the_last_grade(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, written("Essay")).await;
        app.command(&interview, "start", None).await;
        let submitted = app.command(&interview, "submit", None).await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "submitted" }));
        app.command(&interview, "grades", Some(grades(&submitted, 8))).await;
        assert_eq!(app.test_status(&interview).await["partner_score"], 80);
    }

    async fn scores_are_scaled_to_a_hundred_and_left_out_where_there_is_none(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        for (number, (result, score)) in [
            (json!({ "score": 7, "max_score": 10 }), Some(json!(70))),
            (json!({ "score": 1, "max_score": 3 }), Some(json!(33.33))),
            (json!({ "score": 81.5 }), Some(json!(81.5))),
            (json!({ "score": 0 }), Some(json!(0))),
            (json!({ "outcome": "passed" }), None),
        ]
        .into_iter()
        .enumerate()
        {
            let interview = app.send(ask(&test, "zoe@candidate.example", &url(number))).await;
            app.command(&interview, "start", None).await;
            app.report(&interview, result).await;
            let read = app.test_status(&interview).await;
            assert_eq!(read.get("partner_score").cloned(), score, "{read}");
            assert_eq!(read["partner_status"], "complete");
        }
    }

    async fn metadata_is_flat_and_says_what_a_recruiter_wants_to_know(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        app.command(&interview, "start", None).await;
        let result = json!({
            "score": 80,
            "recommendation": "strong_yes",
            "outcome": "passed",
            "competencies": [{ "name": "Rust", "score": 4, "max_score": 5, "comment": "Neat." }],
            "metadata": { "Attempts": 3, "Percentile": 91.5, "Pair programming": true, "Language": "Rust" },
            "summary": "Not for the list",
            "transcript": "Nor this",
        });
        app.report(&interview, result).await;
        let read = app.test_status(&interview).await;
        let mut metadata = read["metadata"].as_object().expect("an object").clone();
        for moment in ["Started", "Submitted"] {
            let text = metadata.remove(moment).expect("a moment");
            assert!(text.as_str().expect("a text").ends_with(" UTC"), "{text}");
        }
        assert!(metadata.values().all(|value| value.is_string() || value.is_number()));
        let expected = json!({
            "Recommendation": "Strong yes", "Outcome": "Passed", "Rust": "4 of 5",
            "Attempts": "3", "Percentile": "91.5", "Pair programming": "Yes", "Language": "Rust",
        });
        assert_eq!(texts(metadata), texts(expected.as_object().expect("an object").clone()));
        let members: Vec<_> = read.as_object().expect("an object").keys().collect();
        assert_eq!(members.len(), 4, "{members:?}");
    }

    async fn every_read_answers_the_same(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        app.complete(&interview, 80).await;
        let first = app.test_status(&interview).await;
        app.writeback(&interview, "seen").await;
        for _ in 0..5 {
            assert_eq!(app.test_status(&interview).await, first);
        }
        // A repeat says `Greenhouse read it` once.
        let seen = app.timeline(&interview).await;
        assert_eq!(seen.iter().filter(|entry| entry["type"] == "writeback.seen").count(), 1);
    }

    async fn a_corrected_score_changes_the_score_and_not_the_status(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        app.complete(&interview, 80).await;
        app.report(&interview, json!({ "score": 82 })).await;
        let read = app.test_status(&interview).await;
        assert_eq!((&read["partner_status"], &read["partner_score"]), (&json!("complete"), &json!(82)));
        // What is provisional after that stays with the vendor: Greenhouse goes on reading the final one.
        app.report(&interview, json!({ "score": 10, "final": false })).await;
        assert_eq!(app.test_status(&interview).await, read);
    }

    async fn unknown_foreign_and_malformed_ids_are_answered_alike(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        let (_, other) = app.v1_as(OPERATOR, "POST", "organizations", Some(json!({ "name": "Other" }))).await;
        let path = format!("organizations/{}/api-keys", other["id"].as_str().expect("an id"));
        let new = json!({ "kind": "greenhouse_assessment", "name": "Test" });
        let (_, made) = app.v1_as(OPERATOR, "POST", &path, Some(new)).await;
        let key = made["key"].as_str().expect("a key");
        let unknown = read(&app, key, UNKNOWN).await;
        assert_eq!((unknown.0, &unknown.1["error"]), (404, &json!("not_found")));
        let long = "a".repeat(3_000);
        let malformed = ["nonsense", "17", "%00", "%27%20OR%201%3D1", "%F0%9F%92%A9", "%FF", "..%2F..", &long];
        for id in [&interview[..]].into_iter().chain(malformed) {
            assert_eq!(read(&app, key, id).await, unknown, "{id}");
        }
    }

    async fn a_missing_id_is_asked_for(database: Database) {
        let app = TestApp::start(database).await;
        for path in ["test_status", "test_status?", "test_status?partner_interview_id=", "test_status?id=1"] {
            let (status, answer) = app.greenhouse("GET", path, None).await;
            assert_eq!((status, &answer["error"]), (400, &json!("bad_request")), "{path}");
        }
    }

    async fn the_id_is_found_among_other_parameters(database: Database) {
        let app = TestApp::start(database).await;
        let interview = send(&app, external("Backend")).await;
        let path = format!("test_status?tenant-id=7&partner_interview_id={interview}&x");
        let (status, read) = app.greenhouse("GET", &path, None).await;
        assert_eq!((status, read), (200, json!({ "partner_status": "sent" })));
    }
}

/// Sends a test of this assessment.
async fn send(app: &TestApp, assessment: Value) -> String {
    let test = app.publish(assessment).await;
    app.send(ask(&test, "zoe@candidate.example", &url(1))).await
}

/// Nobody listens there.
fn url(number: usize) -> String {
    format!("http://127.0.0.1:9/take_home_tests/{number}")
}

async fn read(app: &TestApp, key: &str, id: &str) -> (u16, Value) {
    let path = format!("test_status?partner_interview_id={id}");
    app.greenhouse_as(key, "GET", &path, None).await
}

/// Points for the text of `written`.
fn grades(invite: &Value, points: u32) -> Value {
    let question = &invite["answers"][1]["question_id"];
    json!({ "grades": [{ "question_id": question, "points": points }] })
}

/// Labels with values as people read them.
fn texts(metadata: Map<String, Value>) -> Vec<(String, String)> {
    let mut texts: Vec<_> = metadata
        .into_iter()
        .map(|(label, value)| {
            (
                label,
                value.as_str().map_or(value.to_string(), str::to_owned),
            )
        })
        .collect();
    texts.sort();
    texts
}
