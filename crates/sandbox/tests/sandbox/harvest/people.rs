//! What becomes of people at Greenhouse, and what webhooks are told of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::play::HarvestPlay;
use crate::receiver::Receiver;

/// The payload of the last delivery of an event.
async fn told(play: &HarvestPlay, receiver: &Receiver, event: &str) -> Value {
    play.settled(event, 1, 1).await;
    let all = receiver.received();
    let of_event = all.iter().rev().find(|body| body["action"] == event);
    of_event.unwrap()["payload"].clone()
}

#[tokio::test]
async fn a_deleted_application_is_gone_and_its_candidate_stays() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, "delete_application").await;
    let (ada, _) = play.applicant().await;
    let (id, candidate) = (&ada["application_id"], &ada["person_id"]);
    let path = format!("applications/{id}");
    assert_eq!(
        play.control(Method::DELETE, &path, Value::Null).await.0,
        200
    );
    let payload = told(&play, &receiver, "delete_application").await;
    assert_eq!(
        (
            &payload["application"]["id"],
            &payload["application"]["candidate_id"]
        ),
        (id, candidate)
    );
    assert!(play.list("applications").await.is_empty());
    assert_eq!(play.list("candidates").await.len(), 1);
    let path = format!("/control/greenhouse/applications/{id}");
    assert_eq!(play.call(Method::GET, &path, Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_deleted_candidate_takes_applications_along_of_which_nothing_is_told() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, "delete_application").await;
    play.hook(&receiver, "delete_candidate").await;
    let (ada, _) = play.applicant().await;
    let path = format!("candidates/{}", ada["person_id"]);
    assert_eq!(
        play.control(Method::DELETE, &path, Value::Null).await.0,
        200
    );
    let payload = told(&play, &receiver, "delete_candidate").await;
    assert_eq!(payload["person"]["id"], ada["person_id"]);
    assert_eq!(
        payload["person"]["deleted_application_ids"],
        json!([ada["application_id"]])
    );
    assert!(play.list("candidates").await.is_empty());
    play.settled("delete_application", 0, 0).await;
}

#[tokio::test]
async fn a_merge_is_told_as_such_or_as_a_deletion_where_nobody_hears_of_merges() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, "delete_candidate").await;
    let (first, _) = play.applicant().await;
    let (second, _) = play.applicant().await;
    let (third, _) = play.applicant().await;
    let into = &second["person_id"];
    let path = format!("candidates/{}/merge", first["person_id"]);
    let merged = play.post(&path, json!({"into": into})).await;
    assert_eq!(merged["applications"].as_array().unwrap().len(), 2);
    let payload = told(&play, &receiver, "delete_candidate").await;
    assert_eq!(payload["person"]["id"], first["person_id"]);

    play.hook(&receiver, "merge_candidate").await;
    let path = format!("candidates/{}/merge", third["person_id"]);
    play.post(&path, json!({"into": into})).await;
    let payload = told(&play, &receiver, "merge_candidate").await;
    assert_eq!(
        (
            &payload["person"]["id"],
            &payload["person"]["new_candidate_id"]
        ),
        (&third["person_id"], into)
    );
    play.settled("delete_candidate", 1, 1).await;
    let theirs = play
        .list(&format!("applications?candidate_ids={into}"))
        .await;
    assert_eq!(theirs.len(), 3);
    let (status, _) = play
        .control(
            Method::POST,
            &format!("candidates/{into}/merge"),
            json!({"into": into}),
        )
        .await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn an_anonymized_person_keeps_their_applications_and_nothing_that_was_named() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, "candidate_anonymized").await;
    let (ada, _) = play.applicant().await;
    let id = &ada["person_id"];
    let path = format!("candidates/{id}/anonymize");
    let (status, _) = play
        .control(Method::POST, &path, json!({"fields": ["shoe_size"]}))
        .await;
    assert_eq!(status, 422);
    let shown = play.post(&path, json!({"fields": ["full_name"]})).await;
    assert_eq!(
        (&shown["first_name"], &shown["last_name"]),
        (&json!("Anonymized"), &json!(id.to_string()))
    );
    assert_eq!(shown["email_addresses"][0]["value"], "ada@example.org");
    let payload = told(&play, &receiver, "candidate_anonymized").await;
    assert_eq!(
        payload,
        json!({"candidate_id": id, "anonymized_fields": ["full_name"]})
    );
    let shown = play.post(&path, json!({})).await;
    assert_eq!(shown["email_addresses"], json!([]));
    let path = format!("/control/greenhouse/applications/{}", ada["application_id"]);
    let partners = play.call(Method::GET, &path, Value::Null).await.1;
    assert_eq!(
        (&partners["first_name"], &partners["email"]),
        (&json!("Anonymized"), &Value::Null)
    );
}

#[tokio::test]
async fn both_halves_know_a_candidate_by_the_same_names_and_decisions() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    for event in [
        "update_candidate",
        "reject_candidate",
        "unreject_candidate",
        "hire_candidate",
    ] {
        play.hook(&receiver, event).await;
    }
    let (ada, _) = play.applicant().await;
    let path = format!("/control/greenhouse/applications/{}", ada["application_id"]);
    play.call(Method::PATCH, &path, json!({"last_name": "Lovelace"}))
        .await;
    let payload = told(&play, &receiver, "update_candidate").await;
    assert_eq!(payload["candidate"]["last_name"], "Lovelace");
    assert_eq!(play.list("candidates").await[0]["last_name"], "Lovelace");
    for (decision, event, status) in [
        ("reject", "reject_candidate", "rejected"),
        ("unreject", "unreject_candidate", "in_process"),
        ("hire", "hire_candidate", "hired"),
    ] {
        play.call(Method::POST, &format!("{path}/{decision}"), Value::Null)
            .await;
        told(&play, &receiver, event).await;
        let there = &play.list("applications").await[0];
        assert_eq!(there["status"], status);
        assert_eq!(there["rejected_at"].is_string(), status == "rejected");
    }
}

#[tokio::test]
async fn a_new_application_is_told_whichever_half_it_came_by() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, "new_candidate_application").await;
    play.hook(&receiver, "new_prospect_application").await;
    play.applicant().await;
    let payload = told(&play, &receiver, "new_candidate_application").await;
    assert_eq!(payload["application"]["prospect"], false);
    let prospect = json!({"first_name": "Bo", "last_name": "Example", "application": {"prospect": true, "job_ids": []}});
    play.write(Method::POST, "candidates", prospect).await;
    let payload = told(&play, &receiver, "new_prospect_application").await;
    assert_eq!(
        (
            &payload["application"]["prospect"],
            &payload["application"]["jobs"]
        ),
        (&json!(true), &json!([]))
    );
}
