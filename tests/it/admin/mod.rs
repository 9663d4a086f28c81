//! What the operator does from a terminal, beside programs that run.

mod backup;
mod doctor;
mod erase;
mod jobs;
mod keys;
mod links;
mod moved;

use serde_json::Value;

use crate::harness::{Programs, ask, external};

/// Greenhouse sends a test to `email`; the interview id, once the mail is out.
async fn send(baton: &Programs, test: &str, email: &str, number: u32) -> String {
    let url = format!("https://app.greenhouse.io/take_home_tests/{number}");
    let interview = baton.send_test(&ask(test, email, &url)).await;
    baton.idle().await;
    interview
}

async fn publish(baton: &Programs) -> String {
    baton.publish(external("Backend")).await
}

/// The status a page answers with, and its text.
async fn page(baton: &Programs, url: &str) -> (u16, String) {
    let answer = baton.http.get(url).send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("text"))
}

async fn invite(baton: &Programs, interview: &str) -> Value {
    baton.v1("GET", &format!("invites/{interview}"), None).await
}
