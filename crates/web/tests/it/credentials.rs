//! Who may call, and what everybody else hears.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::json;

use crate::house::{Guest, House, OPERATOR, Reply};

#[actix_web::test]
async fn every_bad_credential_hears_the_same_401() {
    let house = House::new();
    let good = house.key_of_new_organization("Acme").await;
    let acme = house.guest(&good);
    let greenhouse = json!({"kind": "greenhouse_assessment", "name": "Greenhouse"});
    let greenhouse = acme.post("/v1/api-keys", greenhouse).await.ok(201);
    let dead = acme.post("/v1/api-keys", json!({"kind": "platform", "name": "old"}));
    let dead = dead.await.ok(201);
    let path = format!("/v1/api-keys/{}", dead["id"].as_str().expect("an id"));
    assert_eq!(acme.delete(&path).await.status, 204);

    let mut mistyped = good.clone();
    mistyped.replace_range(20..21, if &good[20..21] == "a" { "b" } else { "a" });
    let stranger = House::new().key_of_new_organization("Other").await;
    let mut bodies = Vec::new();
    for token in [
        "",
        "x",
        "bt_",
        &OPERATOR[1..],
        &mistyped,
        &stranger,
        greenhouse["key"].as_str().expect("a key"),
        dead["key"].as_str().expect("a key"),
    ] {
        let reply = house
            .guest(token)
            .with("X-Request-Id", "same")
            .get("/v1/organization")
            .await;
        reply.problem(401, "unauthorized");
        assert_eq!(reply.header("WWW-Authenticate"), "Bearer realm=\"Baton\"");
        bodies.push(reply.text);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[actix_web::test]
async fn a_key_counts_only_in_one_authorization_header() {
    let house = House::new();
    let key = house.key_of_new_organization("Acme").await;
    let nobody = house.nobody();
    let query = format!("/v1/organization?key={key}&access_token={key}");
    nobody.get(&query).await.problem(401, "unauthorized");
    let basic = nobody.with("Authorization", &format!("Basic {key}"));
    basic
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");
    let cookie = nobody.with("Cookie", &format!("baton={key}"));
    cookie
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");
    let bearer = format!("bearer  {key}");
    let once = nobody.with("Authorization", &bearer);
    once.get("/v1/organization").await.ok(200);
    let twice = once.with("Authorization", &bearer);
    twice
        .get("/v1/organization")
        .await
        .problem(401, "unauthorized");
}

#[actix_web::test]
async fn the_operator_and_organizations_keep_to_their_own_routes() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    acme.get("/v1/organizations")
        .await
        .problem(403, "forbidden");
    let new = acme
        .post("/v1/organizations", json!({"name": "Mine"}))
        .await;
    new.problem(403, "forbidden");
    for path in [
        "/v1/organization",
        "/v1/api-keys",
        "/v1/assessments",
        "/v1/invites",
    ] {
        house.operator().get(path).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_key_does_what_its_scopes_say() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let key = |scopes| {
        acme.post(
            "/v1/api-keys",
            json!({"kind": "platform", "name": "n", "scopes": scopes}),
        )
    };
    let reader = key(json!(["read"])).await.ok(201);
    let reader = house.guest(reader["key"].as_str().expect("a key"));
    reader.get("/v1/assessments").await.ok(200);
    reader
        .post("/v1/assessments", json!({}))
        .await
        .problem(403, "forbidden");
    reader
        .patch("/v1/organization", json!({}))
        .await
        .problem(403, "forbidden");
    let writer = key(json!(["write"])).await.ok(201);
    let writer = house.guest(writer["key"].as_str().expect("a key"));
    writer
        .get("/v1/assessments")
        .await
        .problem(403, "forbidden");
    writer.post("/v1/assessments", json!({})).await.ok(201);
}

#[actix_web::test]
async fn who_calls_is_judged_before_what_is_asked() {
    let house = House::new();
    let nobody = house.nobody();
    let call = nobody.call(Method::POST, "/v1/assessments", Some("not JSON".into()));
    call.await.problem(401, "unauthorized");
    house
        .nobody()
        .get("/v1/assessments/nonsense")
        .await
        .problem(401, "unauthorized");
    house
        .nobody()
        .get("/v1/nowhere")
        .await
        .problem(401, "unauthorized");
}

#[actix_web::test]
async fn the_use_of_a_key_is_written_down_once_a_minute() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let used_at = || async {
        let keys = acme.get("/v1/api-keys").await.ok(200);
        keys["data"][0]["last_used_at"].clone()
    };
    let first = used_at().await;
    house.pass(TimeDelta::seconds(59));
    assert_eq!(used_at().await, first);
    house.pass(TimeDelta::seconds(2));
    assert_ne!(used_at().await, first);
}

#[actix_web::test]
async fn a_key_that_calls_too_often_waits_and_others_do_not() {
    let house = House::with_limit(5);
    let [acme, other] = [
        house.organization("Acme").await,
        house.organization("Other").await,
    ];
    for _ in 0..5 {
        acme.get("/v1/organization").await.ok(200);
    }
    let refused = acme.get("/v1/organization").await;
    refused.problem(429, "too_many_requests");
    let wait: u64 = refused.header("Retry-After").parse().expect("seconds");
    assert!((1..=12).contains(&wait));
    other.get("/v1/organization").await.ok(200);
}

/// Calls until it is told to wait: a bucket fills up again meanwhile, faster than a busy machine calls. Answers how often it
/// was told 401 first.
async fn guess(guests: impl Iterator<Item = Guest<'_>>, path: &str) -> (usize, Reply) {
    for (refused, guest) in guests.take(2000).enumerate() {
        let reply = guest.get(path).await;
        if reply.status == 429 {
            return (refused, reply);
        }
        assert_eq!(reply.status, 401);
    }
    panic!("nobody was slowed down");
}

#[actix_web::test]
async fn whoever_tries_out_keys_is_slowed_down_and_a_good_key_at_the_same_address_is_not() {
    let house = House::new();
    let here = "192.0.2.7";
    let acme = house.organization("Acme").await.from(here);
    let dead = house.guest("bt_dead").from(here);
    let (before, reply) = guess(std::iter::repeat(dead.clone()), "/v1/organization").await;
    assert!(before >= 20);
    reply.problem(429, "too_many_requests");
    assert!(!reply.header("Retry-After").is_empty());
    acme.get("/v1/organization").await.ok(200);
    let elsewhere = dead.from("192.0.2.8").get("/v1/organization").await;
    elsewhere.problem(401, "unauthorized");
    acme.get("/v1/organization").await.ok(200);
}

#[actix_web::test]
async fn keys_that_change_with_each_call_are_counted_by_address() {
    let house = House::new();
    let guests = (0..).map(|number| house.guest(&format!("bt_{number}")).from("192.0.2.7"));
    let (before, reply) = guess(guests, "/v1/organization").await;
    assert!(before >= 60);
    reply.problem(429, "too_many_requests");
}

#[actix_web::test]
async fn keys_tried_out_at_greenhouses_endpoints_count_too() {
    let house = House::new();
    let nobody = house.nobody().from("192.0.2.9");
    let path = "/api/greenhouse/list_tests";
    let (before, reply) = guess(std::iter::repeat(nobody), path).await;
    assert!(before >= 20);
    assert_eq!(reply.ok(429)["error"], "too_many_requests");
    assert!(!reply.header("Retry-After").is_empty());
}
