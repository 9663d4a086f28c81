//! Trigger stages.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::harness::{LeverAccount, TestApp, read};

test_support::each_database! {
    async fn stages_are_chosen_from_those_that_lever_has(database: Database) {
        let app = TestApp::start(database).await;
        let stage = |id: &str| Some(json!({ "stage_id": id }));
        for (method, path, body) in [
            ("GET", "lever/stages", None),
            ("GET", "lever/trigger-stages", None),
            ("POST", "lever/trigger-stages", stage("applicant-new")),
        ] {
            let (status, refused) = app.v1(method, path, body).await;
            assert_eq!((status, &refused["code"]), (409, &json!("not_connected")), "{method} {path}: {refused}");
        }
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let (_, listed) = app.v1("GET", "lever/stages", None).await;
        let names: Vec<&Value> = listed["data"].as_array().expect("a list").iter().map(|stage| &stage["name"]).collect();
        assert_eq!(names[..4], ["New lead", "Reached out", "Responded", "New applicant"], "in Lever's order");
        let (status, refused) = app.v1("POST", "lever/trigger-stages", stage("nowhere")).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("stage_id")), "{refused}");
        let before: DateTime<Utc> = app.app.now();
        let (status, chosen) = app.v1("POST", "lever/trigger-stages", stage("applicant-new")).await;
        assert_eq!((status, &chosen["name"], &chosen["missing"]), (201, &json!("New applicant"), &json!(false)), "{chosen}");
        let at: DateTime<Utc> = chosen["configured_at"].as_str().expect("a time").parse().expect("a time");
        assert_eq!(at.timestamp_subsec_micros(), 999_999, "the end of that second");
        assert!(at >= before && at < app.app.now() + TimeDelta::seconds(1));
        let (_, again) = app.v1("POST", "lever/trigger-stages", stage("applicant-new")).await;
        assert_eq!(again, chosen, "the same again is the same");
        let (_, listed) = app.v1("GET", "lever/stages", None).await;
        assert_eq!(listed["data"][3]["trigger"], true);
        let path = format!("lever/trigger-stages/{}", chosen["id"].as_str().expect("an id"));
        assert_eq!(app.v1("DELETE", &path, None).await.0, 204);
        assert_eq!(app.v1("DELETE", &path, None).await.0, 404);
        app.stop().await;
    }

    async fn a_repeat_of_a_choice_is_answered_without_asking_lever(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let first = choose_once(&app, "applicant-new").await;
        assert_eq!((first.0, first.1.as_deref()), (201, None), "{}", first.2);
        account.control("PUT", "faults", Some(json!({ "next": { "play": { "kind": "status", "status": 500 } } }))).await;
        account.control("DELETE", "allowance", None).await;
        let again = choose_once(&app, "applicant-new").await;
        assert_eq!((again.0, again.1.as_deref(), &again.2), (201, Some("true"), &first.2));
        let other = choose_once(&app, "offer").await;
        assert_eq!((other.0, &other.2["errors"][0]["field"]), (422, &json!("Idempotency-Key")), "{}", other.2);
        let asked = account.control("GET", "allowance", None).await;
        assert!(asked["calls_by_name"]["list_stages"].is_null(), "{asked}");
        // Nor does it need a connection.
        assert_eq!(app.v1("DELETE", "connections/lever", None).await.0, 204);
        assert_eq!(choose_once(&app, "applicant-new").await.2, first.2);
        app.stop().await;
    }

    async fn names_are_looked_at_daily_and_what_is_gone_is_marked(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let (kept, gone) = (account.stage("Assessment").await, account.stage("On-site interview").await);
        for stage in [&kept, &gone] {
            let (status, answer) = app.v1("POST", "lever/trigger-stages", Some(json!({ "stage_id": stage }))).await;
            assert_eq!(status, 201, "{answer}");
        }
        account.control("PATCH", &format!("stages/{kept}"), Some(json!({ "text": "Coding test" }))).await;
        account.control("DELETE", &format!("stages/{gone}"), None).await;
        let seen = async || {
            app::connections::check_trigger_stages(&app.app).await.expect("the database answers");
            let (_, stages) = app.v1("GET", "lever/trigger-stages", None).await;
            let stages = stages["data"].as_array().expect("a list").clone();
            stages.iter().map(|stage| (stage["name"].clone(), stage["missing"].clone())).collect::<Vec<_>>()
        };
        let before = [(json!("Assessment"), json!(false)), (json!("On-site interview"), json!(false))];
        assert_eq!(seen().await, before, "not yet a day");
        let day = json!({ "advance_seconds": 90_000 });
        app.control("POST", "clock", Some(day)).await;
        app.advance(TimeDelta::seconds(90_000));
        let after = [(json!("Coding test"), json!(false)), (json!("On-site interview"), json!(true))];
        assert_eq!(seen().await, after);
        app.stop().await;
    }
}

/// Chooses a stage, always under the same `Idempotency-Key`: status, `Idempotent-Replayed` and body.
async fn choose_once(app: &TestApp, stage: &str) -> (u16, Option<String>, Value) {
    let call = app
        .http
        .post(format!("{}/v1/lever/trigger-stages", app.url))
        .bearer_auth(&app.platform_key)
        .header("idempotency-key", "once")
        .json(&json!({ "stage_id": stage }));
    let answer = call.send().await.expect("an answer");
    let replayed = answer.headers().get("idempotent-replayed").cloned();
    let replayed = replayed.map(|it| it.to_str().expect("text").to_owned());
    let (status, body) = read(answer).await;
    (status, replayed, body)
}
