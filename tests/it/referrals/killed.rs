//! A worker dies in the middle of each call that changes something in Greenhouse, whether the call has arrived there or not: what is
//! done afterwards is there once.

use serde_json::{Value, json};

use super::office::{notes, ready, with_address};
use super::troubled::{address, all_arrive, say_yes};
use super::{file, interview};
use crate::harness::{DoomedWorker, HarvestOffice, TestApp, eventually};

/// Whom the interview was with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// Nobody whom Greenhouse knows.
    New,
    /// Somebody who applied for another job, and has no LinkedIn profile there.
    Known,
}

/// Each call with which somebody is brought over.
const CALLS: [(Whom, &str); 5] = [
    (Whom::New, "create_candidate"),
    (Whom::New, "create_note"),
    (Whom::Known, "create_application"),
    (Whom::Known, "create_note"),
    (Whom::Known, "update_candidate"),
];

test_support::each_database! {
    async fn a_worker_that_dies_in_any_call_leaves_each_effect_once(database: Database) {
        let app = TestApp::start_still(database, &[("WORKER__EMBEDDED", "false")]).await;
        let (office, _) = ready(&app, json!({ "candidate_delay_seconds": 90 })).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        let other = office.job("Analyst", "<p>Come</p>", &["Onsite"]).await;
        let other = other["id"].as_u64().expect("an id");
        let mut filed = Vec::new();
        for (whom, call) in CALLS {
            for arrives in [false, true] {
                let email = address(filed.len());
                if whom == Whom::Known {
                    office.applicant(other, "Zoë", &email).await;
                    office.greenhouses_clock(90).await;
                }
                let mut one = interview(&email);
                one["greenhouse_job_id"] = json!(job["id"].to_string());
                let one = file(&app, one).await;
                say_yes(&app, &one).await;
                dies_in(&app, &office, call, arrives).await;
                filed.push((whom, one));
            }
        }
        let worker = DoomedWorker::start(&app);
        let all: Vec<Value> = filed.iter().map(|(_, one)| one.clone()).collect();
        all_arrive(&app, &office, &all).await;
        for (number, (whom, one)) in filed.iter().enumerate() {
            is_there_once(&office, *whom, &address(number), one).await;
        }
        worker.kill().await;
        app.stop().await;
    }
}

/// A worker that is killed while it waits for the answer to this call.
async fn dies_in(app: &TestApp, office: &HarvestOffice<'_>, call: &str, arrives: bool) {
    let hang = json!({ "kind": "hang", "milliseconds": 600_000 });
    let fault =
        json!({ "next": { "play": hang, "times": 1, "calls": [call], "takes_effect": arrives } });
    office.control("PUT", "faults", Some(fault)).await;
    let worker = DoomedWorker::start(app);
    let calls = format!("log?call={call}&organization_id={}", office.id);
    eventually(&format!("it waits for the answer to {call}"), async || {
        let calls = app.control("GET", &calls, None).await;
        let hangs = |it: &Value| {
            it["note"]
                .as_str()
                .is_some_and(|note| note.contains("hang"))
        };
        calls["calls"].as_array()?.iter().any(hangs).then_some(())
    })
    .await;
    worker.kill().await;
    app.control("DELETE", "log", None).await;
}

async fn is_there_once(office: &HarvestOffice<'_>, whom: Whom, email: &str, filed: &Value) {
    let people = with_address(office, email).await;
    assert_eq!(people.len(), 1, "{email}: {people:?}");
    let person = &people[0];
    let applications = person["applications"].as_array().map(Vec::len);
    let expected = match whom {
        Whom::New => 1,
        Whom::Known => 2,
    };
    assert_eq!(applications, Some(expected), "{email}: {person}");
    let profiles = person["social_media_addresses"].as_array().map(Vec::len);
    assert_eq!(profiles, Some(1), "{email}: {person}");
    let notes = notes(person);
    assert_eq!(notes.len(), 1, "{email}: {notes:?}");
    let id = filed["id"].as_str().expect("an id");
    assert!(notes[0].ends_with(id), "{email}: {notes:?}");
}
