//! POSTs that are repeated under one `Idempotency-Key`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::house::{Guest, House};

async fn number(guest: &Guest<'_>, path: &str) -> usize {
    let listed = guest.get(path).await.ok(200);
    listed["data"].as_array().expect("data").len()
}

#[actix_web::test]
async fn a_repeat_hears_the_first_answer_and_does_nothing() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "order-1");
    let first = once.post("/v1/assessments", json!({"title": "A"})).await;
    assert_eq!(first.header("Idempotent-Replayed"), "");
    let again = once.post("/v1/assessments", json!({"title": "A"})).await;
    assert_eq!(again.header("Idempotent-Replayed"), "true");
    assert_eq!(again.ok(201), first.ok(201));
    assert_eq!(number(&acme, "/v1/assessments").await, 1);
    let other = acme.with("Idempotency-Key", "order-2");
    other
        .post("/v1/assessments", json!({"title": "A"}))
        .await
        .ok(201);
    assert_eq!(number(&acme, "/v1/assessments").await, 2);
}

#[actix_web::test]
async fn the_same_key_with_another_call_is_refused() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    let made = once
        .post("/v1/assessments", json!({"title": "A"}))
        .await
        .ok(201);
    let other = once.post("/v1/assessments", json!({"title": "B"})).await;
    assert_eq!(other.faulty(), ["Idempotency-Key"]);
    let path = |id: &Value| format!("/v1/assessments/{}/archive", id.as_str().expect("an id"));
    once.command(&path(&made["id"])).await.ok(200);
    let second = acme
        .post("/v1/assessments", json!({"title": "B"}))
        .await
        .ok(201);
    let reply = once.command(&path(&second["id"])).await;
    assert_eq!(reply.faulty(), ["Idempotency-Key"]);
}

#[actix_web::test]
async fn a_refusal_is_not_kept() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    let draft = acme
        .post("/v1/assessments", json!({"title": "A"}))
        .await
        .ok(201);
    let path = format!("/v1/assessments/{}", draft["id"].as_str().expect("an id"));
    let publish = format!("{path}/publish");
    assert_eq!(once.command(&publish).await.faulty(), ["questions"]);
    let question = json!({"kind": "code", "prompt": "p"});
    acme.patch(&path, json!({"questions": [question]}))
        .await
        .ok(200);
    once.command(&publish).await.ok(200);
}

#[actix_web::test]
async fn keys_of_two_organizations_and_the_operator_do_not_meet() {
    let house = House::new();
    for guest in [
        house.organization("Acme").await,
        house.organization("Other").await,
    ] {
        let once = guest.with("Idempotency-Key", "k");
        once.post(
            "/v1/assessments",
            json!({"title": guest.get("/v1/organization").await.text.len()}),
        )
        .await
        .faulty();
        let reply = once.post("/v1/assessments", json!({"title": "A"})).await;
        assert_eq!(reply.header("Idempotent-Replayed"), "");
        reply.ok(201);
    }
    let once = house.operator().with("Idempotency-Key", "k");
    let first = once
        .post("/v1/organizations", json!({"name": "Third"}))
        .await
        .ok(201);
    assert_eq!(
        once.post("/v1/organizations", json!({"name": "Third"}))
            .await
            .ok(201),
        first
    );
    assert_eq!(number(&house.operator(), "/v1/organizations").await, 3);
}

#[actix_web::test]
async fn answers_are_kept_for_24_hours() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    let first = once.post("/v1/assessments", json!({})).await.ok(201);
    house.pass(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(once.post("/v1/assessments", json!({})).await.ok(201), first);
    house.pass(TimeDelta::seconds(1));
    assert_ne!(once.post("/v1/assessments", json!({})).await.ok(201), first);
}

#[actix_web::test]
async fn a_secret_is_repeated_for_10_minutes_and_then_only_named() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    let body = json!({"kind": "platform", "name": "server"});
    let first = once.post("/v1/api-keys", body.clone()).await.ok(201);
    house.pass(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    assert_eq!(once.post("/v1/api-keys", body.clone()).await.ok(201), first);
    house.pass(TimeDelta::seconds(1));
    let late = once.post("/v1/api-keys", body.clone()).await;
    let problem = late.problem(409, "secret_already_shown");
    assert_eq!(problem["id"], first["id"]);
    assert!(!late.text.contains(first["key"].as_str().expect("a key")));

    sweep(&house).await;
    let swept = once.post("/v1/api-keys", body).await;
    assert_eq!(
        swept.problem(409, "secret_already_shown")["id"],
        first["id"]
    );
    assert_eq!(number(&acme, "/v1/api-keys").await, 2);
}

async fn sweep(house: &House) {
    let swept = house.app.write(app::idempotency::forget);
    assert!(!swept.await.expect("a sweep"), "one slice is enough");
}

#[actix_web::test]
async fn the_sweep_takes_old_secrets_and_nothing_else() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let kept = "SELECT count(*) FROM idempotency_keys WHERE status <> 409";
    let secret = acme.with("Idempotency-Key", "old");
    secret.command("/v1/catalogue/rotate-secret").await.ok(200);
    let plain = acme.with("Idempotency-Key", "plain");
    plain.post("/v1/assessments", json!({})).await.ok(201);
    house.pass(TimeDelta::minutes(10));
    let young = acme.with("Idempotency-Key", "young");
    young.command("/v1/catalogue/rotate-secret").await.ok(200);
    assert_eq!(house.database.count(kept), 3);
    sweep(&house).await;
    sweep(&house).await;
    assert_eq!(house.database.count(kept), 2);
    secret
        .command("/v1/catalogue/rotate-secret")
        .await
        .problem(409, "secret_already_shown");
    young.command("/v1/catalogue/rotate-secret").await.ok(200);
    house.pass(TimeDelta::hours(24));
    sweep(&house).await;
    assert_eq!(
        house
            .database
            .count("SELECT count(*) FROM idempotency_keys"),
        0
    );
}

#[actix_web::test]
async fn an_answer_is_kept_encrypted() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    once.post("/v1/assessments", json!({"title": "canary"}))
        .await
        .ok(201);
    let all = "SELECT count(*) FROM idempotency_keys WHERE answer LIKE 'v1.k1.%'";
    assert_eq!(house.database.count(all), 1);
}

#[actix_web::test]
async fn a_key_that_is_none_is_refused_with_400() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for key in ["", "two words", "tab\tbed", "ümlaut", &"x".repeat(256)] {
        let reply = acme
            .with("Idempotency-Key", key)
            .post("/v1/assessments", json!({}))
            .await;
        reply.problem(400, "idempotency_key");
    }
    let twice = acme
        .with("Idempotency-Key", "a")
        .with("Idempotency-Key", "b");
    twice
        .post("/v1/assessments", json!({}))
        .await
        .problem(400, "idempotency_key");
    let longest = acme.with("Idempotency-Key", "xxx").with("X-Other", "y");
    longest.post("/v1/assessments", json!({})).await.ok(201);
    acme.with("Idempotency-Key", &"x".repeat(255))
        .post("/v1/assessments", json!({}))
        .await
        .ok(201);
}

#[actix_web::test]
async fn of_many_at_once_one_takes_effect() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let once = acme.with("Idempotency-Key", "k");
    let calls = (0..8).map(|_| once.post("/v1/assessments", json!({"title": "A"})));
    let mut ids = Vec::new();
    for reply in join_all(calls).await {
        ids.push(reply.ok(201)["id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(number(&acme, "/v1/assessments").await, 1);
}

/// All of them, under way at the same time.
async fn join_all<F: Future>(calls: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = calls.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (call, slot) in waiting.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(output) = call.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            return std::task::Poll::Ready(());
        }
        std::task::Poll::Pending
    })
    .await;
    done.into_iter().flatten().collect()
}
