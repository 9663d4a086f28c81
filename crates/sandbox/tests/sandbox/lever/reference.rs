//! Stages, users, postings, archive reasons, contacts; and how an account is set up.

use reqwest::Method;
use rstest::rstest;
use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};

use super::play::LeverPlay;
use crate::play::config;
use crate::receiver::Receiver;

const ALL: &str = "stages:read:admin users:read:admin postings:write:admin \
    archive_reasons:read:admin contact:write:admin sources:read:admin opportunities:read:admin";

#[tokio::test]
async fn stages_stand_in_the_order_of_the_pipeline_some_with_words_as_ids() {
    let play = LeverPlay::start().await;
    let list = play.read("/stages").await;
    let stages = list["data"].as_array().unwrap();
    let texts: Vec<&str> = stages
        .iter()
        .map(|stage| stage["text"].as_str().unwrap())
        .collect();
    let expected = [
        "New lead",
        "Reached out",
        "Responded",
        "New applicant",
        "Assessment",
        "On-site interview",
        "Offer",
        "Background check",
    ];
    assert_eq!(texts, expected);
    assert_eq!(stages[0]["id"], "lead-new");
    assert_eq!(stages[4]["id"].as_str().unwrap().len(), 36);
    assert_eq!(list["hasNext"], false);
}

#[tokio::test]
async fn a_stage_can_be_added_renamed_and_deleted_but_not_one_that_everyone_has() {
    let play = LeverPlay::start().await;
    let new = json!({"text": "Take-home", "after": play.stage("Assessment")});
    let made = play.post(&play.of_account("stages"), new).await;
    let id = made["id"].as_str().unwrap();
    let path = play.of_account(&format!("stages/{id}"));
    play.control(Method::PATCH, &path, json!({"text": "Homework"}))
        .await;
    let kim = play.candidate(json!({"name": "Kim", "stage_id": id})).await;
    assert_eq!(play.read("/stages").await["data"][5]["text"], "Homework");
    assert_eq!(
        play.control(Method::DELETE, &path, Value::Null).await.0,
        200
    );
    assert_eq!(
        play.api(Method::GET, &format!("/stages/{id}"), Value::Null)
            .await
            .0,
        404
    );
    assert_eq!(
        play.read(&format!("/opportunities/{kim}")).await["data"]["stage"],
        id
    );
    let offer = play.of_account("stages/offer");
    assert_eq!(
        play.control(Method::DELETE, &offer, Value::Null).await.0,
        409
    );
}

#[tokio::test]
async fn only_active_users_are_listed_unless_asked_otherwise() {
    let mut play = LeverPlay::start().await;
    play.use_scopes(ALL).await;
    let path = format!("users/{}", play.user(2));
    play.control(Method::PATCH, &path, json!({"deactivated": true}))
        .await;
    let count = async |query: &str| {
        let list = play.read(&format!("/users{query}")).await;
        list["data"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 2);
    assert_eq!(count("?includeDeactivated=true").await, 3);
    assert_eq!(
        count("?accessRole[]=admin&accessRole=super%20admin").await,
        2
    );
    let one = play.read(&format!("/users/{}", play.user(0))).await;
    assert_eq!(one["data"]["accessRole"], "super admin");
}

#[tokio::test]
async fn a_posting_is_created_and_changed_in_part() {
    let mut play = LeverPlay::start().await;
    play.use_scopes(ALL).await;
    let body = json!({"text": "Rust engineer", "categories": {"team": "Core"}, "tags": ["A", "B"]});
    assert_eq!(
        play.api(Method::POST, "/postings", body.clone()).await.0,
        400
    );
    let user = play.user(0);
    let (status, made) = play
        .api(Method::POST, &format!("/postings?perform_as={user}"), body)
        .await;
    assert_eq!(status, 201);
    let id = made["data"]["id"].as_str().unwrap();
    let path = format!("/postings/{id}?perform_as={user}");
    let (status, changed) = play.api(Method::POST, &path, json!({"tags": ["C"]})).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&changed["data"]["text"], &changed["data"]["tags"]),
        (&json!("Rust engineer"), &json!(["C"]))
    );
    let list = play.read("/postings?tag=C&state=published").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn reasons_and_contacts_can_be_read_and_a_contact_changed() {
    let mut play = LeverPlay::start().await;
    play.use_scopes(ALL).await;
    let hired = play.read("/archive_reasons?type=hired").await;
    assert_eq!(hired["data"][0]["text"], "Hired");
    let kim = play.kim().await;
    let contact = play.get(&format!("opportunities/{kim}")).await["contact_id"].clone();
    let path = format!("/contacts/{}", contact.as_str().unwrap());
    let (status, changed) = play
        .api(
            Method::PUT,
            &path,
            json!({"emails": ["new@candidate.example"]}),
        )
        .await;
    assert_eq!(
        (status, &changed["data"]["name"]),
        (200, &json!("Kim Park"))
    );
    let read = play.read(&format!("/opportunities/{kim}")).await;
    assert_eq!(read["data"]["emails"], json!(["new@candidate.example"]));
    play.post(&format!("opportunities/{kim}/anonymise"), json!({}))
        .await;
    assert_eq!(
        play.api(Method::PUT, &path, json!({"name": "K"})).await.0,
        400
    );
}

#[rstest]
#[case::no_name("accounts", json!({}), "name")]
#[case::unknown_setting("accounts", json!({"name": "A", "colour": "red"}), "settings")]
#[case::unknown_mode("accounts", json!({"name": "A", "refresh_mode": "never"}), "settings")]
#[case::no_redirect("apps", json!({"name": "A", "redirect_uris": []}), "redirect_uris")]
#[case::no_url("apps", json!({"name": "A", "redirect_uris": ["callback"]}), "redirect_uris")]
#[tokio::test]
async fn what_cannot_be_set_up_names_the_field(
    #[case] path: &str,
    #[case] body: Value,
    #[case] field: &str,
) {
    let play = LeverPlay::start().await;
    let (status, answer) = play.control(Method::POST, path, body).await;
    assert_eq!((status, &answer["field"]), (422, &json!(field)), "{answer}");
}

#[tokio::test]
async fn a_reset_forgets_lever_too_and_no_id_comes_again() {
    let play = LeverPlay::start().await;
    let before = play.account_id().to_owned();
    play.http
        .post(play.url("/control/reset"))
        .send()
        .await
        .unwrap();
    assert_eq!(play.get("accounts").await, json!({"accounts": []}));
    let made = play.post("accounts", json!({"name": "New"})).await;
    assert!(made["id"].as_str().unwrap() > before.as_str());
}

#[tokio::test]
async fn many_are_made_and_moved_at_once() {
    let play = LeverPlay::start().await;
    let many = json!({"count": 200, "tags": ["Rust"]});
    let made = play
        .post(&play.of_account("opportunities/bulk"), many)
        .await;
    assert_eq!(made["opportunity_ids"].as_array().unwrap().len(), 200);
    let order = json!({"from_stage_id": "lead-new", "stage_id": play.stage("Assessment")});
    let moved = play.post(&play.of_account("move"), order).await;
    assert_eq!(moved["moved"], made["opportunity_ids"]);
    let path = play.of_account(&format!(
        "opportunities?stage_id={}",
        play.stage("Assessment")
    ));
    let there = play.get(&path).await;
    let there = there["opportunities"].as_array().unwrap();
    assert_eq!(there.len(), 200);
    assert!(
        there
            .iter()
            .all(|one| one["stage_changes"].as_array().unwrap().len() == 2)
    );
}

#[tokio::test]
async fn the_state_outlives_a_restart_and_so_does_a_delivery_that_was_not_received() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        Sandbox::start(SandboxConfig {
            state_file: Some(folder.path().join("state.json")),
            ..config()
        })
        .unwrap()
    };
    let mut play = LeverPlay::on(start(), json!({"calls_per_second": 0})).await;
    let receiver = Receiver::start();
    receiver.answer_next(&[503]);
    play.hook(&receiver).await;
    play.switch("candidateStageChange", true).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.settled(1).await;
    let before = play.get(&format!("opportunities/{kim}")).await;
    let between = Sandbox::start(config()).unwrap();
    let first = std::mem::replace(&mut play.sandbox, between);
    first.stop().await;
    play.sandbox = start();
    let mut after = play.get(&format!("opportunities/{kim}")).await;
    // The address is the new sandbox's.
    after["url"] = before["url"].clone();
    assert_eq!(after, before);
    play.read("/stages").await;
    play.advance(10).await;
    let path = play.of_account("deliveries?state=delivered");
    play.until(&path, |answer| answer["deliveries"].get(0).map(|_| ()))
        .await;
    assert_eq!(receiver.received().len(), 2);
}
