//! An organization's own keys.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::house::{Guest, House};

async fn make(guest: &Guest<'_>, body: Value) -> Value {
    guest.post("/v1/api-keys", body).await.ok(201)
}

fn path(key: &Value, rest: &str) -> String {
    format!("/v1/api-keys/{}{rest}", key["id"].as_str().expect("an id"))
}

#[actix_web::test]
async fn a_key_is_shown_once() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = make(
        &acme,
        json!({"kind": "greenhouse_assessment", "name": "Greenhouse"}),
    )
    .await;
    let key = made["key"].as_str().expect("a key");
    assert!(key.starts_with("gh_") && key.len() < 171);
    assert!(
        key.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    );
    assert_eq!(made["scopes"], json!(["assess", "mail"]));
    assert_eq!(made["ends_at"], Value::Null);
    assert!(key.contains(made["public_id"].as_str().expect("a public id")));
    let listed = acme.get("/v1/api-keys").await;
    assert!(!listed.text.contains(key));
    assert_eq!(listed.ok(200)["data"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn names_kinds_and_scopes_are_checked() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for (body, field) in [
        (json!({"kind": "platform"}), "name"),
        (json!({"kind": "platform", "name": " "}), "name"),
        (json!({"kind": "platform", "name": "x".repeat(201)}), "name"),
        (json!({"name": "n"}), "kind"),
        (json!({"kind": "other", "name": "n"}), "kind"),
        (
            json!({"kind": "platform", "name": "n", "scopes": ["mail"]}),
            "scopes",
        ),
        (
            json!({"kind": "platform", "name": "n", "scopes": []}),
            "scopes",
        ),
        (
            json!({"kind": "greenhouse_assessment", "name": "n", "scopes": ["mail"]}),
            "scopes",
        ),
        (
            json!({"kind": "platform", "name": "n", "scopes": ["all"]}),
            "scopes[0]",
        ),
    ] {
        let reply = acme.post("/v1/api-keys", body).await;
        assert_eq!(reply.faulty(), [field], "{}", reply.text);
    }
    let silent = json!({"kind": "greenhouse_assessment", "name": "n", "scopes": ["assess"]});
    assert_eq!(make(&acme, silent).await["scopes"], json!(["assess"]));
}

#[actix_web::test]
async fn rotation_ends_the_old_key_at_once_or_after_the_overlap() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let old = make(&acme, json!({"kind": "platform", "name": "server"})).await;
    let holder = house.guest(old["key"].as_str().expect("a key"));
    let new = acme.command(&path(&old, "/rotate")).await.ok(201);
    assert_ne!(new["id"], old["id"]);
    assert_eq!(new["name"], "server");
    holder
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");

    let holder = house.guest(new["key"].as_str().expect("a key"));
    let overlap = json!({"overlap_seconds": 3600});
    let newest = acme.post(&path(&new, "/rotate"), overlap).await.ok(201);
    house
        .guest(newest["key"].as_str().expect("a key"))
        .get("/v1/organization")
        .await
        .ok(200);
    house.pass(TimeDelta::seconds(3599));
    holder.get("/v1/organization").await.ok(200);
    house.pass(TimeDelta::seconds(1));
    holder
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");
}

#[actix_web::test]
async fn an_overlap_lasts_30_days_at_most() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let key = make(&acme, json!({"kind": "platform", "name": "server"})).await;
    for seconds in [
        json!(-1),
        json!(2_592_001),
        json!(i64::MAX),
        json!(1.5),
        json!("1"),
    ] {
        let body = json!({"overlap_seconds": seconds});
        let reply = acme.post(&path(&key, "/rotate"), body).await;
        assert_eq!(reply.faulty(), ["overlap_seconds"], "{seconds}");
    }
    let longest = json!({"overlap_seconds": 2_592_000});
    acme.post(&path(&key, "/rotate"), longest).await.ok(201);
}

#[actix_web::test]
async fn a_revoked_key_opens_nothing_and_cannot_be_rotated() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let key = make(&acme, json!({"kind": "platform", "name": "server"})).await;
    let holder = house.guest(key["key"].as_str().expect("a key"));
    holder.get("/v1/organization").await.ok(200);
    let gone = acme.delete(&path(&key, "")).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    holder
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");
    acme.command(&path(&key, "/rotate"))
        .await
        .problem(409, "key_ended");
    assert_eq!(acme.delete(&path(&key, "")).await.status, 204);
    let listed = acme.get("/v1/api-keys").await.ok(200);
    assert_eq!(listed["data"][0]["ends_at"], "2026-12-01T09:00:00Z");
}

#[actix_web::test]
async fn no_stored_key_can_be_read_back() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = make(
        &acme,
        json!({"kind": "greenhouse_assessment", "name": "Greenhouse"}),
    )
    .await;
    let key = made["key"].as_str().expect("a key");
    let secret = &key[key.len() - 49..];
    for column in ["encrypted_key", "public_id", "name"] {
        let found = format!("SELECT count(*) FROM api_keys WHERE {column} LIKE '%{secret}%'");
        assert_eq!(house.database.count(&found), 0, "{column}");
    }
    let kept = "SELECT count(*) FROM api_keys WHERE encrypted_key LIKE 'v1.k1.%'";
    assert_eq!(
        house.database.count(kept),
        1,
        "Greenhouse's key alone is kept whole, encrypted"
    );
}
