//! Greenhouse fails often, loses answers and shows people late: each person and each note is there once all the same.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::office::{notes, ready, with_address};
use super::{file, interview};
use crate::harness::{HarvestOffice, TestApp, eventually_within};

/// How long it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);
/// How many people.
const MANY: usize = 8;

pub(super) fn address(number: usize) -> String {
    format!("person-{number}@candidate.example")
}

pub(super) async fn say_yes(app: &TestApp, filed: &Value) {
    let id = filed["id"].as_str().expect("an id");
    let body = json!({ "interested": true });
    let path = format!("interviews/{id}/consent");
    assert_eq!(app.v1("POST", &path, Some(body)).await.0, 200);
}

/// Moves both clocks on, whenever nobody has anything to do, until all are in Greenhouse.
pub(super) async fn all_arrive(app: &TestApp, office: &HarvestOffice<'_>, filed: &[Value]) {
    let what = format!("{} are in Greenhouse", filed.len());
    let looks = std::cell::Cell::new(0);
    eventually_within(PATIENCE, &what, async || {
        app.idle().await;
        // Who fails again and again is tried only after hours: whoever is left after half an hour is not waited for so closely.
        looks.set(looks.get() + 1);
        let seconds: u32 = if looks.get() <= 60 { 30 } else { 600 };
        app.advance(TimeDelta::seconds(seconds.into()));
        office.greenhouses_clock(seconds.into()).await;
        let (_, listed) = app.v1("GET", "interviews?limit=100", None).await;
        let all = listed["data"].as_array().cloned().unwrap_or_default();
        let there = all.iter().filter(|it| it["state"] == "in_greenhouse");
        (there.count() == filed.len()).then_some(())
    })
    .await;
}

/// So many calls in a hundred go wrong, each in one of the ways that are known. A 429 is not among them: what it asks to wait is
/// waited in real seconds, while the clock of these tests leaps, so that three days would be over before the wait is.
fn trouble(percent: u32) -> Value {
    json!({ "chance": { "percent": percent, "seed": 11, "calls": [], "faults": [
        { "play": { "kind": "status", "status": 502 } },
        { "play": { "kind": "status", "status": 500 } },
        { "play": { "kind": "status", "status": 500 }, "takes_effect": true },
        { "play": { "kind": "status", "status": 503 } },
        { "play": { "kind": "reset" } },
        { "play": { "kind": "reset" }, "takes_effect": true },
        { "play": { "kind": "truncated" } },
        { "play": { "kind": "not_json" } },
    ] } })
}

test_support::each_database! {
    async fn each_person_and_note_is_there_once_at_thirty_percent_of_faults(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (office, author) = ready(&app, json!({ "candidate_delay_seconds": 90 })).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        office.control("PUT", "faults", Some(trouble(30))).await;
        let mut filed = Vec::new();
        for number in 0..MANY {
            let mut one = interview(&address(number));
            if number % 2 == 0 {
                one["greenhouse_job_id"] = json!(job["id"].to_string());
            }
            filed.push(file(&app, one).await);
        }
        for one in &filed {
            say_yes(&app, one).await;
        }
        all_arrive(&app, &office, &filed).await;
        office.control("PUT", "faults", Some(json!({}))).await;
        assert_eq!(office.candidates().await.len(), MANY);
        for (number, one) in filed.iter().enumerate() {
            let people = with_address(&office, &address(number)).await;
            assert_eq!(people.len(), 1, "{people:?}");
            let person = &people[0];
            assert_eq!(person["applications"].as_array().map(Vec::len), Some(1), "{person}");
            assert_eq!(person["social_media_addresses"].as_array().map(Vec::len), Some(1), "{person}");
            let notes = notes(person);
            assert_eq!(notes.len(), 1, "{notes:?}");
            assert!(notes[0].ends_with(one["id"].as_str().expect("an id")), "{notes:?}");
            assert_eq!(person["notes"][0]["user_id"], author);
        }
        app.stop().await;
    }

    async fn interviews_of_one_person_make_them_once_though_lists_show_them_late(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (office, _) = ready(&app, json!({ "candidate_delay_seconds": 300 })).await;
        office.control("PUT", "faults", Some(trouble(20))).await;
        let mut filed = Vec::new();
        for _ in 0..3 {
            filed.push(file(&app, interview(&address(1))).await);
        }
        for one in &filed {
            say_yes(&app, one).await;
        }
        all_arrive(&app, &office, &filed).await;
        office.control("PUT", "faults", Some(json!({}))).await;
        let people = office.candidates().await;
        assert_eq!(people.len(), 1, "{people:?}");
        let notes = notes(&people[0]);
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert_eq!(people[0]["applications"].as_array().map(Vec::len), Some(1));
        app.stop().await;
    }

    async fn a_message_in_the_place_of_a_new_person_is_no_reason_to_make_another(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let settings = json!({ "created_answer": "message", "candidate_delay_seconds": 100 });
        let (office, _) = ready(&app, settings).await;
        let filed = [file(&app, interview(&address(1))).await];
        say_yes(&app, &filed[0]).await;
        all_arrive(&app, &office, &filed).await;
        let people = office.candidates().await;
        assert_eq!((people.len(), notes(&people[0]).len()), (1, 1));
        app.stop().await;
    }
}
