//! Who did what, as an organization reads it.

use serde_json::{Value, json};

use crate::house::{Guest, House};

async fn entries(guest: &Guest<'_>) -> Vec<Value> {
    let page = guest.get("/v1/audit-events?limit=100").await.ok(200);
    page["data"].as_array().expect("a list").clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["action"].as_str().expect("an action"))
        .collect()
}

#[actix_web::test]
async fn whatever_is_done_to_keys_is_written_down_with_who_did_it() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let body = json!({"kind": "platform", "name": "server"});
    let made = acme.post("/v1/api-keys", body).await.ok(201);
    let path = format!("/v1/api-keys/{}", made["id"].as_str().expect("an id"));
    let next = acme.command(&format!("{path}/rotate")).await.ok(201);
    let path = format!("/v1/api-keys/{}", next["id"].as_str().expect("an id"));
    assert_eq!(acme.delete(&path).await.status, 204);
    let entries = entries(&acme).await;
    let expected = [
        "api_key.revoked",
        "api_key.rotated",
        "api_key.made",
        "api_key.made",
        "organization.made",
    ];
    assert_eq!(actions(&entries), expected);
    let id = next["id"].as_str().expect("an id");
    assert_eq!(entries[0]["object"], format!("api_key:{id}"));
    assert_eq!(entries[0]["detail"]["public_id"], next["public_id"]);
    let actor = entries[0]["actor"].as_str().expect("an actor");
    assert!(actor.starts_with("api_key:"), "{actor}");
    assert_eq!(entries[3]["actor"], "operator");
    let text = serde_json::to_string(&entries).expect("JSON");
    assert!(!text.contains(next["key"].as_str().expect("a key")));
}

#[actix_web::test]
async fn what_was_refused_or_repeated_is_not_done_twice() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let before = entries(&acme).await.len();
    let faulty = acme.post("/v1/api-keys", json!({"kind": "platform"})).await;
    assert_eq!(faulty.status, 422);
    let once = acme.clone().with("Idempotency-Key", "k1");
    let body = json!({"kind": "platform", "name": "server"});
    once.post("/v1/api-keys", body.clone()).await.ok(201);
    once.post("/v1/api-keys", body).await.ok(201);
    assert_eq!(entries(&acme).await.len(), before + 1);
}

#[actix_web::test]
async fn a_log_is_one_organization_s_page_by_page() {
    let house = House::new();
    let (acme, other) = (
        house.organization("Acme").await,
        house.organization("Other").await,
    );
    let first = acme.get("/v1/audit-events?limit=1").await.ok(200);
    let cursor = first["next_cursor"].as_str().expect("there is more");
    let path = format!("/v1/audit-events?limit=1&cursor={cursor}");
    let second = acme.get(&path).await.ok(200);
    assert_eq!(second["data"][0]["action"], "organization.made");
    assert_eq!(second["next_cursor"], Value::Null);
    let foreign = other.get(&path).await.ok(200);
    assert_eq!(foreign["data"], json!([]));
    let refused = house.operator().get("/v1/audit-events").await;
    assert_eq!(refused.status, 403);
}
