//! A lost connection loses nothing.

use serde_json::Value;

use super::questions::all_kinds;
use crate::harness::{Browser, Line, TestApp, text};

const KEPT: &str = "Kept on this device, will be sent";

test_support::each_database! {
    async fn what_is_written_without_a_connection_arrives_later(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(all_kinds("An ordinary day")).await;
        let invite = app.invite(&test, "kim@candidate.example").await;
        let mut line = Line::to(&app.url).await;
        let kim = Browser::open().await;
        kim.visit(&text(&invite["candidate_url"]).replace(&app.url, &line.url())).await;
        kim.press("Start").await;
        kim.pick("Apple").await;
        kim.sees("Saved ").await;

        // Gone while writing, back after the page was opened anew.
        line.cut().await;
        kim.write("Your favourite shell?", "A scallop").await;
        kim.sees(KEPT).await;
        kim.picture("take-kept").await;
        line.mend().await;
        kim.reload().await;
        kim.sees("Saved ").await;
        let recalled = kim.run("return document.querySelector('input[type=text]').value").await;
        assert_eq!(recalled, "A scallop");

        // Gone at the moment of Submit, back by itself.
        line.cut().await;
        kim.write("Write a loop.", "loop {}").await;
        kim.pick("Danube").await;
        kim.sees(KEPT).await;
        kim.press("Submit").await;
        kim.sees("1 question is unanswered").await;
        kim.picture("take-unanswered").await;
        kim.press("Submit anyway").await;
        kim.sees("Not submitted yet: no connection").await;
        kim.picture("take-unreachable").await;
        kim.press("Back to the questions").await;
        line.mend().await;
        kim.sees("Saved ").await;
        kim.press("Submit").await;
        kim.press("Submit anyway").await;
        kim.sees("Thank you").await;
        kim.close().await;

        let shown = app.show(&text(&invite["id"])).await;
        assert_eq!(shown["status"], "submitted");
        let answers: Vec<&Value> = shown["answers"].as_array().expect("a list").iter().collect();
        let answer = |prompt: &str| answers.iter().find(|answer| answer["prompt"] == prompt).expect(prompt)["answer"].clone();
        assert_eq!(answer("Your favourite shell?"), "A scallop");
        assert_eq!(answer("Write a loop."), "loop {}");
        assert_eq!(answer("How do you review a change?"), Value::Null);
        assert!(answer("Which of these is a fruit?").to_string().contains("Apple"));
        assert!(answer("Which of these are rivers?").to_string().contains("Danube"));
        app.stop().await;
    }
}
