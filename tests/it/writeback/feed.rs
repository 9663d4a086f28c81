//! A candidate's feed in Greenhouse shows what the stage that sent the test does not.

use serde_json::{Value, json};

use crate::harness::{HarvestOffice, TestApp, ask, eventually, external, text};

const EMAIL: &str = "zoe@candidate.example";

/// Connected, with one candidate.
async fn office(app: &TestApp) -> (HarvestOffice<'_>, Value) {
    let office = HarvestOffice::create(app, "Acme").await;
    let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
    let job = job["id"].as_u64().expect("an id");
    let applicant = office.applicant(job, "Zoë", EMAIL).await;
    office.connect().await;
    (office, applicant)
}

async fn invited(app: &TestApp, email: &str) -> String {
    let test = app.publish(external("Rust")).await;
    let candidate = json!({ "first_name": "Zoë", "last_name": "Nowak", "email": email });
    let body = json!({ "assessment_id": test, "candidate": candidate, "send_email": false });
    let (status, made) = app.v1("POST", "invites", Some(body)).await;
    assert_eq!(status, 201, "{made}");
    text(&made["id"])
}

async fn scored(app: &TestApp, invite: &str, score: u32) {
    let result = json!({ "score": score, "recommendation": "yes" });
    let path = format!("invites/{invite}/result");
    let (status, answer) = app.v1("PUT", &path, Some(result)).await;
    assert_eq!(status, 200, "{answer}");
}

/// The write-back into the feed, if there is one.
async fn writeback(app: &TestApp, invite: &str) -> Option<Value> {
    let shown = app.show(invite).await;
    let all = shown["writebacks"].as_array().expect("a list").clone();
    all.into_iter().find(|it| it["target"] == "greenhouse_note")
}

async fn seen(app: &TestApp, invite: &str, revision: u32) {
    eventually(
        &format!("the note of revision {revision} is seen"),
        async || {
            let writeback = writeback(app, invite).await?;
            (writeback["state"] == "seen" && writeback["revision"] == revision).then_some(())
        },
    )
    .await;
}

async fn notes(office: &HarvestOffice<'_>) -> Vec<Value> {
    let people = office.candidates().await;
    let notes = people
        .iter()
        .flat_map(|it| it["notes"].as_array().expect("a list").clone());
    notes.collect()
}

test_support::each_database! {
    async fn each_final_revision_becomes_one_note_with_its_reference(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = office(&app).await;
        let invite = invited(&app, EMAIL).await;
        app.command(&invite, "start", None).await;
        scored(&app, &invite, 82).await;
        seen(&app, &invite, 1).await;
        let written = notes(&office).await;
        assert_eq!(written.len(), 1, "{written:?}");
        let body = written[0]["body"].as_str().expect("a text");
        assert!(body.starts_with("Rust\n\nResult: 82 of 100\nRecommendation: Yes\nResults: http"), "{body}");
        assert!(body.ends_with(&format!("ref: {invite} r1")), "{body}");
        assert_eq!(written[0]["visibility"], "privately_visible");
        let (status, changed) = app.v1("PATCH", "organization", Some(json!({ "note_visibility": "admin_only" }))).await;
        assert_eq!((status, &changed["note_visibility"]), (200, &json!("admin_only")));
        scored(&app, &invite, 90).await;
        seen(&app, &invite, 2).await;
        let written = notes(&office).await;
        assert_eq!(written.len(), 2, "{written:?}");
        let newest = written.iter().find(|it| it["body"].as_str().is_some_and(|body| body.contains("90 of 100"))).expect("it is there");
        assert_eq!(newest["visibility"], "admin_only_visible");
        app.stop().await;
    }

    async fn revisions_in_quick_succession_have_a_note_each(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (office, _) = office(&app).await;
        let invite = invited(&app, EMAIL).await;
        app.command(&invite, "start", None).await;
        let away = json!({ "next": { "play": { "kind": "status", "status": 503 }, "calls": ["list_notes"] } });
        office.control("PUT", "faults", Some(away)).await;
        scored(&app, &invite, 82).await;
        scored(&app, &invite, 90).await;
        let trouble = json!({ "score": 95, "final": false });
        app.v1("PUT", &format!("invites/{invite}/result"), Some(trouble)).await;
        scored(&app, &invite, 95).await;
        office.control("PUT", "faults", Some(json!({}))).await;
        eventually("the newest note is seen", async || {
            // Whoever is at it is not overtaken by the clock.
            app.idle().await;
            app.advance(chrono::TimeDelta::seconds(30));
            let writeback = writeback(&app, &invite).await?;
            (writeback["state"] == "seen" && writeback["revision"] == 4).then_some(())
        }).await;
        let mut written = notes(&office).await;
        written.sort_by_key(|it| it["id"].as_u64());
        let said: Vec<&str> = written.iter().filter_map(|it| it["body"].as_str()).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        for (said, (score, revision)) in said.iter().zip([(82, 1), (90, 2), (95, 4)]) {
            assert!(said.contains(&format!("Result: {score} of 100")), "{said}");
            assert!(said.ends_with(&format!("ref: {invite} r{revision}")), "{said}");
        }
        app.stop().await;
    }

    async fn a_note_that_was_read_back_is_no_receipt_of_the_next_revision(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (office, _) = office(&app).await;
        let invite = invited(&app, EMAIL).await;
        app.command(&invite, "start", None).await;
        let slow = json!({ "next": { "play": { "kind": "slow", "milliseconds": 1500 }, "times": 1, "calls": ["create_note"] } });
        office.control("PUT", "faults", Some(slow)).await;
        scored(&app, &invite, 82).await;
        eventually("the first note is on its way", async || (!notes(&office).await.is_empty()).then_some(())).await;
        let refused = json!({ "next": { "play": { "kind": "status", "status": 503 }, "calls": ["create_note"] } });
        office.control("PUT", "faults", Some(refused)).await;
        scored(&app, &invite, 90).await;
        let tried = "log?call=create_note";
        eventually("the second note is refused", async || {
            let calls = app.control("GET", tried, None).await;
            calls["calls"].as_array()?.iter().any(|it| it["status"] == 503).then_some(())
        }).await;
        app.idle().await;
        let writeback = writeback(&app, &invite).await.expect("it is there");
        assert_eq!((&writeback["state"], &writeback["revision"]), (&json!("retrying"), &json!(2)), "{writeback}");
        office.control("PUT", "faults", Some(json!({}))).await;
        app.stop().await;
    }

    async fn what_was_revised_before_harvest_was_connected_is_not_told_of(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme").await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        office.applicant(job["id"].as_u64().expect("an id"), "Zoë", EMAIL).await;
        let invite = invited(&app, EMAIL).await;
        app.command(&invite, "start", None).await;
        scored(&app, &invite, 82).await;
        scored(&app, &invite, 90).await;
        office.connect().await;
        scored(&app, &invite, 95).await;
        seen(&app, &invite, 3).await;
        let written = notes(&office).await;
        assert_eq!(written.len(), 1, "{written:?}");
        assert!(written[0]["body"].as_str().is_some_and(|body| body.ends_with(" r3")), "{written:?}");
        app.stop().await;
    }

    async fn where_nobody_is_known_nobody_is_made_and_the_timeline_says_so(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = office(&app).await;
        let invite = invited(&app, "stranger@candidate.example").await;
        app.command(&invite, "start", None).await;
        scored(&app, &invite, 82).await;
        eventually("it is told", async || {
            let (_, told) = app.v1("GET", &format!("invites/{invite}/timeline"), None).await;
            told.to_string().contains("greenhouse.no_person").then_some(())
        }).await;
        assert!(writeback(&app, &invite).await.is_none());
        assert_eq!(office.candidates().await.len(), 1);
        assert!(notes(&office).await.is_empty());
        app.stop().await;
    }

    async fn what_the_stage_took_is_no_note_and_what_came_later_is(database: Database) {
        let app = TestApp::start(database).await;
        let (office, applicant) = office(&app).await;
        let test = app.publish(external("Rust")).await;
        let mut sent = ask(&test, EMAIL, "http://127.0.0.1:9/1");
        let person = &applicant["person_id"];
        sent["candidate"]["greenhouse_profile_url"] = json!(format!("https://app.greenhouse.io/people/{person}?application_id=1"));
        let invite = app.send(sent).await;
        app.command(&invite, "start", None).await;
        scored(&app, &invite, 82).await;
        assert!(writeback(&app, &invite).await.is_none());
        scored(&app, &invite, 90).await;
        seen(&app, &invite, 2).await;
        let written = notes(&office).await;
        assert_eq!(written.len(), 1, "{written:?}");
        assert_eq!(written[0]["candidate_id"], *person);
        assert!(written[0]["body"].as_str().is_some_and(|body| body.ends_with(" r2")), "{written:?}");
        app.stop().await;
    }

    async fn a_note_whose_answer_was_lost_is_found_and_not_written_twice(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (office, _) = office(&app).await;
        let invite = invited(&app, EMAIL).await;
        app.command(&invite, "start", None).await;
        let lost = json!({ "next": { "play": { "kind": "reset" }, "times": 1, "calls": ["create_note"], "takes_effect": true } });
        office.control("PUT", "faults", Some(lost)).await;
        scored(&app, &invite, 82).await;
        eventually("the note is seen", async || {
            app.idle().await;
            app.advance(chrono::TimeDelta::seconds(30));
            let state = writeback(&app, &invite).await?["state"].clone();
            (state == "seen").then_some(())
        }).await;
        assert_eq!(notes(&office).await.len(), 1);
        app.stop().await;
    }
}
