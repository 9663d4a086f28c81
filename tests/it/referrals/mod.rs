//! Sourcing: an interview on the vendor's side, two yeses, and the person in Greenhouse.

mod asked;
mod killed;
mod office;
mod passed_on;
mod troubled;

use serde_json::{Value, json};

use crate::harness::{TestApp, eventually};

/// An interview as the vendor's program files it.
pub(crate) fn interview(email: &str) -> Value {
    json!({
        "candidate": {
            "first_name": "Zoë",
            "last_name": "Nowak",
            "email": email,
            "linkedin_url": "https://www.linkedin.com/in/zoe-nowak",
        },
        "interviewer_name": "Ines Ito",
        "interviewed_on": "2026-09-08",
        "scores": [
            { "name": "Technical skills", "score": 4 },
            { "name": "Communication skills", "score": 3 },
        ],
        "comments": "Really good overall!",
        "advance": true,
    })
}

/// Files one; it.
pub(crate) async fn file(app: &TestApp, interview: Value) -> Value {
    let (status, filed) = app.v1("POST", "interviews", Some(interview)).await;
    assert_eq!(status, 201, "{filed}");
    filed
}

/// One as it now is.
pub(crate) async fn show(app: &TestApp, filed: &Value) -> Value {
    let id = filed["id"].as_str().expect("an id");
    let (status, shown) = app.v1("GET", &format!("interviews/{id}"), None).await;
    assert_eq!(status, 200, "{shown}");
    shown
}

/// Waits until one is in this state; it.
pub(crate) async fn becomes(app: &TestApp, filed: &Value, state: &str) -> Value {
    eventually(&format!("the interview is {state}"), async || {
        let shown = show(app, filed).await;
        (shown["state"] == state).then_some(shown)
    })
    .await
}

/// The candidate presses a button on their page; the page they come to.
pub(crate) async fn press(app: &TestApp, link: &str, answer: &str) -> (u16, String) {
    let form = [("interested", answer)];
    let call = app.http.post(link).form(&form);
    let status = call.send().await.expect("an answer").status().as_u16();
    (status, page(app, link).await.1)
}

/// A page; its status and text.
pub(crate) async fn page(app: &TestApp, link: &str) -> (u16, String) {
    let answer = app.http.get(link).send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("a page"))
}
