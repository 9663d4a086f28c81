//! Organizations, seen by the operator and by themselves.

use serde_json::{Value, json};

use crate::house::House;

#[actix_web::test]
async fn the_operator_makes_organizations_and_their_keys() {
    let house = House::new();
    let operator = house.operator();
    let made = operator
        .post("/v1/organizations", json!({"name": " Acme "}))
        .await
        .ok(201);
    assert_eq!(made["name"], "Acme");
    assert_eq!(made["created_at"], "2026-12-01T09:00:00Z");
    assert_eq!(made["logo_url"], Value::Null);
    let listed = operator.get("/v1/organizations").await.ok(200);
    assert_eq!(listed, json!({"data": [made], "next_cursor": null}));

    let keys = format!(
        "/v1/organizations/{}/api-keys",
        made["id"].as_str().expect("an id")
    );
    assert_eq!(operator.get(&keys).await.ok(200)["data"], json!([]));
    let wanted = json!({"kind": "platform", "name": "server"});
    let key = operator.post(&keys, wanted).await.ok(201);
    let acme = house.guest(key["key"].as_str().expect("a key"));
    assert_eq!(acme.get("/v1/organization").await.ok(200)["id"], made["id"]);
    let listed = operator.get(&keys).await.ok(200);
    assert_eq!(listed["data"][0]["id"], key["id"]);
    assert_eq!(listed["data"][0].get("key"), None);
}

#[actix_web::test]
async fn an_organization_needs_a_name_of_at_most_200_characters() {
    let house = House::new();
    for name in ["", "  \u{0}", &"x".repeat(201)] {
        let reply = house
            .operator()
            .post("/v1/organizations", json!({"name": name}))
            .await;
        assert_eq!(reply.faulty(), ["name"]);
    }
    let missing = house.operator().post("/v1/organizations", json!({})).await;
    assert_eq!(missing.faults(), [("name".into(), "is missing".into())]);
}

#[actix_web::test]
async fn keys_of_unknown_organizations_are_not_found() {
    let house = House::new();
    for id in ["01890000-0000-7000-8000-000000000000", "nonsense", "%20"] {
        let path = format!("/v1/organizations/{id}/api-keys");
        house.operator().get(&path).await.problem(404, "not_found");
        let wanted = json!({"kind": "platform", "name": "server"});
        house
            .operator()
            .post(&path, wanted)
            .await
            .problem(404, "not_found");
    }
}

#[actix_web::test]
async fn an_organization_changes_what_it_gives_and_null_clears() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let before = acme.get("/v1/organization").await.ok(200);
    let change = json!({
        "logo_url": "https://acme.example/logo.png",
        "privacy_url": " https://acme.example/privacy ",
        "reply_to": "Jobs@acme.example",
    });
    let changed = acme.patch("/v1/organization", change).await.ok(200);
    assert_eq!(changed["name"], "Acme");
    assert_eq!(changed["privacy_url"], "https://acme.example/privacy");
    assert_eq!(changed["reply_to"], "Jobs@acme.example");
    assert_eq!(acme.get("/v1/organization").await.ok(200), changed);
    let cleared = json!({"logo_url": null, "privacy_url": null, "reply_to": null});
    assert_eq!(
        acme.patch("/v1/organization", cleared).await.ok(200),
        before
    );
}

#[actix_web::test]
async fn every_fault_of_a_change_is_named_and_nothing_is_changed() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let before = acme.get("/v1/organization").await.ok(200);
    let change = json!({
        "name": null,
        "logo_url": "http://acme.example/logo.png",
        "privacy_url": "javascript:alert(1)",
        "reply_to": "nobody",
    });
    let reply = acme.patch("/v1/organization", change).await;
    assert_eq!(
        reply.faulty(),
        ["name", "logo_url", "privacy_url", "reply_to"]
    );
    assert_eq!(acme.get("/v1/organization").await.ok(200), before);
    let status = acme.patch("/v1/organization", json!({"id": "x"})).await;
    assert_eq!(status.faulty(), ["id"]);
}

#[actix_web::test]
async fn the_signing_secret_is_shown_when_it_is_rotated() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let secret = || async {
        let shown = acme.command("/v1/catalogue/rotate-secret").await.ok(200);
        shown["signing_secret"]
            .as_str()
            .expect("a secret")
            .to_owned()
    };
    let (first, second) = (secret().await, secret().await);
    assert!(first.starts_with("whsec_") && second.starts_with("whsec_"));
    assert_ne!(first, second);
    let seen = acme.get("/v1/organization").await.text;
    assert!(!seen.contains("whsec_"));
}
