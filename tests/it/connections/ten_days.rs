//! Ten days of fifty connections to Harvest, whose refresh tokens live for one day and are good once.
//!
//! A worker that dies after Greenhouse has given out new tokens and before they are kept takes them along: nothing can bring
//! them back. Here each dies while it waits for them, which is the longest of it.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{DoomedWorker, HarvestOffice, TestApp, eventually};

const CONNECTIONS: usize = 50;
/// A grant idle for so long is refreshed.
const STEP: TimeDelta = TimeDelta::hours(6);
/// Ten days of them.
const STEPS: usize = 40;
/// In the middle, nobody is given tokens for six hours.
const OUTAGE_AT: usize = 20;
const OUTAGE_HOURS: i64 = 6;
/// Whoever was refused tokens asks again after so long at most.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);
/// Longer than a dead worker's right to fetch tokens lasts.
const LEASE_IS_OVER: TimeDelta = TimeDelta::seconds(61);

/// An employer with the platform key of the organization that is connected to it.
type Connection<'a> = (HarvestOffice<'a>, String);

async fn connect_all(app: &TestApp) -> Vec<Connection<'_>> {
    let mut all = Vec::new();
    for number in 0..CONNECTIONS {
        let (_, key) = app
            .another_organization(&format!("Customer {number}"))
            .await;
        let office = HarvestOffice::create(app, &format!("Employer {number}")).await;
        office.connect_for(&key).await;
        all.push((office, key));
    }
    // What is looked up after each of them is done, so that later nothing but the next tokens is on its way.
    let worker = DoomedWorker::start(app);
    app.idle().await;
    worker.kill().await;
    all
}

/// Moves both clocks.
async fn pass(app: &TestApp, by: TimeDelta) {
    let ahead = json!({ "advance_seconds": by.num_seconds() });
    app.control("POST", "clock", Some(ahead)).await;
    app.advance(by);
}

async fn faults(office: &HarvestOffice<'_>, faults: Value) {
    office.control("PUT", "faults", Some(faults)).await;
}

/// What the token endpoint does to one of them.
fn at_the_token_endpoint(play: &Value) -> Value {
    json!({ "next": { "play": play, "calls": ["token"] } })
}

/// A worker that is killed while it waits for this employer's next tokens.
async fn dies_waiting_for(app: &TestApp, office: &HarvestOffice<'_>) {
    let hang = json!({ "kind": "hang", "milliseconds": 600_000 });
    faults(office, at_the_token_endpoint(&hang)).await;
    let worker = DoomedWorker::start(app);
    let waits = format!("log?call=token&organization_id={}", office.id);
    eventually("it waits for tokens", async || {
        let calls = app.control("GET", &waits, None).await;
        let last = calls["calls"].as_array()?.last()?.clone();
        let hangs = last["note"].as_str()?.contains("hang");
        (hangs && last["status"].is_null()).then_some(())
    })
    .await;
    worker.kill().await;
    faults(office, json!({})).await;
    app.control("DELETE", "log", None).await;
}

/// A worker that lives until every grant has tokens of this version, and no longer.
async fn refreshes_all(app: &TestApp, version: usize) {
    let worker = DoomedWorker::start(app);
    let behind = format!("SELECT count(*) FROM grants WHERE version < {version}");
    until_none(app, &behind).await;
    worker.kill().await;
}

async fn until_none(app: &TestApp, which: &str) {
    eventually(which, async || {
        (app.database.count(which) == 0).then_some(())
    })
    .await;
}

/// Nobody is given tokens for hours, and a worker is killed in each of them.
async fn outage(app: &TestApp, all: &[Connection<'_>]) {
    let away = at_the_token_endpoint(&json!({ "kind": "status", "status": 503 }));
    join_all(all.iter().map(|(office, _)| faults(office, away.clone()))).await;
    for hour in 1..=OUTAGE_HOURS {
        pass(app, TimeDelta::hours(1)).await;
        let worker = DoomedWorker::start(app);
        let untried = format!("SELECT count(*) FROM grants WHERE failures < {hour}");
        until_none(app, &untried).await;
        worker.kill().await;
    }
    join_all(all.iter().map(|(office, _)| faults(office, json!({})))).await;
    pass(app, LONGEST_WAIT).await;
}

test_support::each_database! {
    async fn fifty_connections_outlive_ten_days_of_killed_workers_and_an_outage(database: Database) {
        let app = TestApp::start_still(database, &[("WORKER__EMBEDDED", "false")]).await;
        let all = connect_all(&app).await;
        let first = usize::try_from(app.database.count("SELECT max(version) FROM grants")).expect("a version");
        for step in 1..=STEPS {
            pass(&app, STEP).await;
            if step == OUTAGE_AT {
                outage(&app, &all).await;
            }
            dies_waiting_for(&app, &all[step % CONNECTIONS].0).await;
            pass(&app, LEASE_IS_OVER).await;
            refreshes_all(&app, first + step).await;
        }
        for (office, key) in &all {
            let grants = office.grants().await;
            let [grant] = grants.as_slice() else { panic!("one grant: {grants:?}") };
            assert_eq!((&grant["live"], &grant["ended_at"]), (&json!(true), &json!(null)), "{grant}");
            assert_eq!((&grant["reuses"], &grant["refused_refreshes"]), (&json!(0), &json!(0)), "{grant}");
            assert_eq!(grant["refreshes"], json!(STEPS), "{grant}");
            let (_, connections) = app.v1_as(key, "GET", "connections", None).await;
            let mut kinds = connections["data"].as_array().expect("a list").iter();
            let connection = kinds.find(|it| it["kind"] == "greenhouse_harvest").expect("Harvest");
            assert_eq!(connection["state"], "connected", "{connection}");
        }
        app.stop().await;
    }
}
