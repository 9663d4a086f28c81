//! API keys: shown once, kept apart by their doors, ended at once.

mod doors;
mod endings;
mod reviewers;
mod shown;

use serde_json::{Value, json};

use crate::harness::TestApp;

/// A key that was made.
#[derive(Debug)]
struct Made {
    id: String,
    text: String,
}

impl Made {
    fn of((status, made): (u16, Value)) -> Self {
        assert_eq!(status, 201, "{made}");
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        Self {
            id: text("id"),
            text: text("key"),
        }
    }
}

async fn make(app: &TestApp, kind: &str) -> Made {
    let new = json!({ "kind": kind, "name": "One more" });
    Made::of(app.v1("POST", "api-keys", Some(new)).await)
}

async fn rotate(app: &TestApp, key: &Made, body: Option<Value>) -> Made {
    Made::of(
        app.v1("POST", &format!("api-keys/{}/rotate", key.id), body)
            .await,
    )
}

/// Does Greenhouse get in with it? The status of its answer.
async fn knock(app: &TestApp, key: &str) -> u16 {
    app.greenhouse_as(key, "GET", "list_tests", None).await.0
}

/// Does a program get in with it? The status of its answer.
async fn call(app: &TestApp, key: &str) -> u16 {
    app.v1_as(key, "GET", "organization", None).await.0
}
