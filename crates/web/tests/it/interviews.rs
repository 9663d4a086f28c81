//! Interviews that took place on the vendor's side.

use serde_json::{Value, json};

use crate::house::House;

fn interview() -> Value {
    json!({
        "candidate": {
            "first_name": "Zoë",
            "last_name": "Nowak",
            "email": "Zoe@Candidate.example",
            "linkedin_url": "https://www.linkedin.com/in/zoe",
        },
        "interviewer_name": "Ines Ito",
        "interviewed_on": "2026-11-30",
        "scores": [{ "name": "Technical skills", "score": 4 }, { "name": "Communication skills", "score": 2.5 }],
        "comments": "Really good overall!",
        "advance": true,
        "greenhouse_job_id": "4000123",
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut body = interview();
    *body.pointer_mut(member).expect("a member") = value;
    body
}

#[actix_web::test]
async fn a_filed_interview_waits_for_the_candidate_and_is_found_again() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    let filed = ours.post("/v1/interviews", interview()).await.ok(201);
    assert_eq!(filed["state"], "awaiting_candidate");
    assert_eq!(filed["interested"], Value::Null);
    assert_eq!(filed["email_state"], "queued");
    assert_eq!(
        filed["scores"][1],
        json!({ "name": "Communication skills", "score": 2.5 })
    );
    assert_eq!(filed["writebacks"], json!([]));
    let consent = filed["consent_url"].as_str().expect("a link");
    assert!(consent.contains("/consent/"), "{consent}");
    let path = format!("/v1/interviews/{}", filed["id"].as_str().expect("an id"));
    assert_eq!(ours.get(&path).await.ok(200), filed);
    let listed = ours.get("/v1/interviews").await.ok(200);
    assert_eq!(listed["data"], json!([filed]));
    let theirs = house.organization("Globex").await;
    theirs.get(&path).await.problem(404, "not_found");
    let listed = theirs.get("/v1/interviews").await.ok(200);
    assert_eq!(listed["data"], json!([]));
}

#[actix_web::test]
async fn every_yes_and_no_of_interviewer_and_candidate_in_the_api() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    for (advance, interested, state) in [
        (true, true, "sending"),
        (true, false, "declined"),
        (false, true, "not_advanced"),
        (false, false, "not_advanced"),
    ] {
        let body = with("/advance", json!(advance));
        let filed = ours.post("/v1/interviews", body).await.ok(201);
        let before = if advance {
            "awaiting_candidate"
        } else {
            "not_advanced"
        };
        assert_eq!(filed["state"], before);
        assert_eq!(filed["consent_url"].is_string(), advance);
        assert_eq!(
            filed["email_state"],
            if advance { "queued" } else { "none" }
        );
        let path = format!(
            "/v1/interviews/{}/consent",
            filed["id"].as_str().expect("an id")
        );
        for _ in 0..2 {
            let said = ours
                .post(&path, json!({ "interested": interested }))
                .await
                .ok(200);
            assert_eq!(said["state"], state, "{advance} {interested}");
            assert_eq!(said["interested"], interested);
        }
    }
}

#[actix_web::test]
async fn a_candidate_may_think_again_until_something_was_sent() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    let filed = ours.post("/v1/interviews", interview()).await.ok(201);
    let path = format!(
        "/v1/interviews/{}/consent",
        filed["id"].as_str().expect("an id")
    );
    for (interested, state) in [(false, "declined"), (true, "sending"), (false, "declined")] {
        let said = ours
            .post(&path, json!({ "interested": interested }))
            .await
            .ok(200);
        assert_eq!(said["state"], state);
    }
}

#[actix_web::test]
async fn a_body_at_fault_is_told_member_by_member() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    for (member, value, field) in [
        ("/candidate/email", json!("nobody"), "candidate.email"),
        ("/candidate/first_name", json!(" "), "candidate.first_name"),
        ("/candidate/last_name", json!(""), "candidate.last_name"),
        (
            "/candidate/linkedin_url",
            json!("javascript:alert(1)"),
            "candidate.linkedin_url",
        ),
        ("/interviewer_name", json!(""), "interviewer_name"),
        ("/interviewed_on", json!("28/9/2026"), "interviewed_on"),
        ("/interviewed_on", json!("2026-12-03"), "interviewed_on"),
        ("/interviewed_on", json!("1999-12-31"), "interviewed_on"),
        ("/scores/0/score", json!(5), "scores[0].score"),
        ("/scores/1/score", json!(0.5), "scores[1].score"),
        ("/scores/1/name", json!(""), "scores[1].name"),
        ("/comments", json!("x".repeat(10_001)), "comments"),
        ("/greenhouse_job_id", json!("Engineer"), "greenhouse_job_id"),
        ("/advance", json!("yes"), "advance"),
    ] {
        let refused = ours.post("/v1/interviews", with(member, value)).await;
        assert_eq!(refused.faulty(), [field]);
    }
    let mut unknown = interview();
    unknown["grade"] = json!(1);
    assert_eq!(
        ours.post("/v1/interviews", unknown).await.faulty(),
        ["grade"]
    );
    let listed = ours.get("/v1/interviews").await.ok(200);
    assert_eq!(listed["data"], json!([]));
}

#[actix_web::test]
async fn the_same_call_under_one_key_files_one_interview() {
    let house = House::new();
    let ours = house
        .organization("Acme")
        .await
        .with("Idempotency-Key", "one");
    let first = ours.post("/v1/interviews", interview()).await.ok(201);
    assert_eq!(
        ours.post("/v1/interviews", interview()).await.ok(201),
        first
    );
    let listed = ours.get("/v1/interviews").await.ok(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn the_person_is_one_for_all_their_interviews_and_goes_from_all_of_them() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    let first = ours.post("/v1/interviews", interview()).await.ok(201);
    let again = with("/candidate/email", json!("zoe@candidate.example"));
    let second = ours.post("/v1/interviews", again).await.ok(201);
    let person = &first["candidate"]["id"];
    assert_eq!(*person, second["candidate"]["id"]);
    let path = format!("/v1/candidates/{}", person.as_str().expect("an id"));
    assert_eq!(ours.delete(&path).await.status, 204);
    for filed in [&first, &second] {
        let id = filed["id"].as_str().expect("an id");
        let left = ours.get(&format!("/v1/interviews/{id}")).await;
        assert!(!left.text.contains("Zo"), "{}", left.text);
        assert!(
            !left.text.contains("Ines") && !left.text.contains("Really"),
            "{}",
            left.text
        );
        let left = left.ok(200);
        assert_eq!(left["consent_url"], Value::Null);
        assert_eq!(left["scores"], filed["scores"]);
        let consent = format!("/v1/interviews/{id}/consent");
        let said = ours.post(&consent, json!({ "interested": true })).await;
        said.problem(409, "candidate_erased");
    }
}

#[actix_web::test]
async fn what_happened_stands_on_the_timeline_and_in_the_log() {
    let house = House::new();
    let ours = house.organization("Acme").await;
    let filed = ours.post("/v1/interviews", interview()).await.ok(201);
    let path = format!("/v1/interviews/{}", filed["id"].as_str().expect("an id"));
    ours.post(&format!("{path}/consent"), json!({ "interested": false }))
        .await
        .ok(200);
    let told = ours.get(&format!("{path}/timeline")).await.ok(200);
    let names: Vec<&str> = told["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["type"].as_str())
        .collect();
    assert_eq!(names, ["interview.answered", "interview.filed"]);
    let log = ours.get("/v1/audit-events").await.ok(200);
    let text = log.to_string();
    assert!(
        text.contains("interview.filed") && text.contains("interview.answered"),
        "{text}"
    );
    assert!(!text.contains("Zo"), "{text}");
}
