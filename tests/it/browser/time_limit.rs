//! The server keeps the time: a sitting whose limit runs out is handed in with what was saved.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::questions::all_kinds;
use crate::harness::{Browser, TestApp, text};

test_support::each_database! {
    async fn a_sitting_whose_time_is_up_is_handed_in_as_it_was_saved(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (kim, invite) = start_an_hour(&app).await;
        kim.write("Your favourite shell?", "A scallop").await;
        kim.sees("Saved ").await;
        app.advance(TimeDelta::minutes(61));
        kim.write("Write a loop.", "too late").await;
        kim.sees("Your time is up").await;
        kim.sees("what you had saved of An ordinary day was submitted for you").await;
        // The device's clock is an hour slow.
        kim.sees("Submitted just now.").await;
        kim.picture("take-time-up").await;
        kim.close().await;
        assert_eq!(written(&app, &invite).await, ["A scallop"]);
        app.stop().await;
    }

    async fn a_page_left_open_counts_down_and_says_when_time_is_up(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (kim, invite) = start_an_hour(&app).await;
        kim.sees("About 1 hour left").await;
        kim.write("Your favourite shell?", "A scallop").await;
        kim.sees("Saved ").await;
        app.advance(TimeDelta::minutes(51));
        kim.reload().await;
        kim.sees("8:5").await;
        kim.picture("take-last-minutes").await;
        app.advance(TimeDelta::seconds(9 * 60 - 2));
        kim.reload().await;
        kim.sees("Time is up").await;
        app.advance(TimeDelta::seconds(3));
        kim.sees("what you had saved of An ordinary day was submitted for you").await;
        kim.close().await;
        assert_eq!(written(&app, &invite).await, ["A scallop"]);
        app.stop().await;
    }
}

/// A candidate who has pressed Start; the invite's id.
async fn start_an_hour(app: &TestApp) -> (Browser, String) {
    let mut test = all_kinds("An ordinary day");
    test["time_limit_minutes"] = json!(60);
    let test = app.publish(test).await;
    let invite = app.invite(&test, "kim@candidate.example").await;
    let kim = Browser::open().await;
    kim.visit(&text(&invite["candidate_url"])).await;
    kim.sees("1 hour in one go").await;
    kim.press("Start").await;
    (kim, text(&invite["id"]))
}

/// The answers that were handed in.
async fn written(app: &TestApp, invite: &str) -> Vec<Value> {
    app.idle().await;
    let shown = app.show(invite).await;
    assert_eq!(shown["status"], "submitted");
    let answers = shown["answers"].as_array().expect("a list").iter();
    answers
        .map(|answer| answer["answer"].clone())
        .filter(|answer| !answer.is_null())
        .collect()
}
