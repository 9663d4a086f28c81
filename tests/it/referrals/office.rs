//! An employer's Greenhouse, connected, with a colleague to whom candidates are attributed.

use serde_json::{Value, json};

use crate::harness::{HarvestOffice, TestApp};

/// The colleague's address.
pub(crate) const AUTHOR: &str = "rosa@customer.example";

/// Connected, and the colleague is chosen.
pub(super) async fn ready(app: &TestApp, settings: Value) -> (HarvestOffice<'_>, u64) {
    let office = office(app, settings).await;
    let author = office.user("Rosa Ortega", AUTHOR).await;
    office.connect().await;
    choose(app, AUTHOR).await;
    (office, author)
}

/// Not connected yet; without a limit on calls unless `settings` say so.
pub(super) async fn office(app: &TestApp, settings: Value) -> HarvestOffice<'_> {
    HarvestOffice::create_with(app, "Acme", settings).await
}

/// Chooses to whom candidates are attributed.
pub(super) async fn choose(app: &TestApp, email: &str) {
    let body = json!({ "settings": { "created_by_email": email } });
    let path = "connections/greenhouse_harvest";
    let (status, answer) = app.v1("PATCH", path, Some(body)).await;
    assert_eq!(status, 200, "{answer}");
}

/// The texts of a candidate's notes.
pub(super) fn notes(candidate: &Value) -> Vec<String> {
    let notes = candidate["notes"].as_array().expect("a list");
    let body = |note: &Value| note["body"].as_str().expect("a text").to_owned();
    notes.iter().map(body).collect()
}

/// Everybody there with this address.
pub(super) async fn with_address(office: &HarvestOffice<'_>, email: &str) -> Vec<Value> {
    let mut all = office.candidates().await;
    all.retain(|it| {
        let addresses = it["email_addresses"].as_array().expect("a list");
        addresses.iter().any(|address| address["value"] == email)
    });
    all
}
