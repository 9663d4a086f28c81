//! Organizations, stages, candidates, state file, control API.

use reqwest::Method;
use rstest::rstest;
use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};

use crate::play::{Play, config};
use crate::vendor::KEY;

#[rstest]
#[case::no_name(json!({}), "name")]
#[case::no_url(json!({"name": "A", "base_url": "vendor"}), "base_url")]
#[case::plain_http(json!({"name": "A", "base_url": "http://vendor.example/"}), "base_url")]
#[case::ftp(json!({"name": "A", "base_url": "ftp://vendor.example/"}), "base_url")]
#[case::password(json!({"name": "A", "base_url": "https://a:b@vendor.example/"}), "base_url")]
#[case::long_key(json!({"name": "A", "key": "k".repeat(171)}), "key")]
#[case::colon(json!({"name": "A", "key": "a:b"}), "key")]
#[case::blank_key(json!({"name": "A", "key": "  "}), "key")]
#[case::unknown_member(json!({"name": "A", "colour": "red"}), "body")]
#[tokio::test]
async fn an_organization_at_fault_names_the_field(#[case] body: Value, #[case] field: &str) {
    let play = Play::start().await;
    let (status, answer) = play.control(Method::POST, "organizations", body).await;
    assert_eq!((status, &answer["field"]), (422, &json!(field)), "{answer}");
}

#[tokio::test]
async fn a_key_of_170_characters_is_taken() {
    let play = Play::start().await;
    play.configure(json!({"key": "k".repeat(170)})).await;
}

#[rstest]
#[case::no_grader(json!({"graders": []}), "graders")]
#[case::blank_grader(json!({"graders": [" "]}), "graders")]
#[case::unknown_test(json!({"partner_test_id": "draft"}), "partner_test_id")]
#[tokio::test]
async fn a_stage_needs_an_offered_test_and_a_grader(#[case] change: Value, #[case] field: &str) {
    let play = Play::start().await;
    let path = format!("stages/{}", play.stage);
    let before = play.get(&path).await;
    let (status, answer) = play.control(Method::PATCH, &path, change).await;
    assert_eq!((status, &answer["field"]), (422, &json!(field)));
    assert_eq!(play.get(&path).await, before, "nothing was saved");
}

#[tokio::test]
async fn a_stage_of_another_job_is_turned_down() {
    let play = Play::start().await;
    let job = json!({"organization_id": play.organization, "name": "Other"});
    let other = play.post("jobs", job).await["stages"][0]["id"].clone();
    let application = play.candidate("Zoë").await;
    let path = format!("applications/{application}/move");
    let (status, answer) = play
        .control(Method::POST, &path, json!({"stage_id": other}))
        .await;
    assert_eq!((status, &answer["field"]), (422, &json!("stage_id")));
}

#[rstest]
#[case("organizations/1")]
#[case("jobs/1")]
#[case("stages/1")]
#[case("applications/1")]
#[case("take-home-tests/1")]
#[case("summary?take_home_test_id=1")]
#[tokio::test]
async fn what_is_not_there_is_404(#[case] path: &str) {
    let play = Play::start().await;
    let (status, answer) = play.control(Method::GET, path, Value::Null).await;
    assert_eq!((status, &answer["error"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn the_state_outlives_a_restart_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let start = || {
        Sandbox::start(SandboxConfig {
            state_file: Some(file.clone()),
            ..config()
        })
        .unwrap()
    };
    let http = Play::start().await.http;
    let url = |running: &sandbox::RunningSandbox| {
        running
            .url()
            .join("/control/greenhouse/organizations")
            .unwrap()
    };
    let first = start();
    let body = json!({"name": "Acme", "key": KEY});
    let made: Value = http
        .post(url(&first))
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    first.stop().await;
    let second = start();
    let kept: Value = http
        .get(url(&second))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(kept["organizations"], json!([made]));
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_that_holds_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    std::fs::write(&file, "my diary").unwrap();
    let started = Sandbox::start(SandboxConfig {
        state_file: Some(file.clone()),
        ..config()
    });
    assert!(started.unwrap_err().to_string().contains("--state"));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "my diary");
}

#[tokio::test]
async fn a_reset_forgets_all_but_which_ids_were_used() {
    let play = Play::start().await;
    let sent = play.send().await;
    play.http
        .post(play.url("/control/reset"))
        .send()
        .await
        .unwrap();
    assert_eq!(play.get("summary").await, json!({"take_home_tests": []}));
    let made = play.post("organizations", json!({"name": "New"})).await;
    assert!(made["id"].as_u64() > sent["take_home_test_id"].as_u64());
}

#[tokio::test]
async fn every_described_route_is_served() {
    let play = Play::start().await;
    let document = play
        .http
        .get(play.url("/control/openapi.json"))
        .send()
        .await
        .unwrap();
    let document: Value = document.json().await.unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "parameters")
        {
            let method: Method = method.to_uppercase().parse().unwrap();
            let url = play.url(&path.replace("{id}", "1"));
            let answer = play.http.request(method.clone(), url).send().await.unwrap();
            let body = answer.text().await.unwrap();
            assert!(!body.contains("no_such_call"), "{method} {path}: {body}");
        }
    }
}

#[tokio::test]
async fn a_change_can_be_waited_for() {
    let play = Play::start().await;
    let seen = play.version(0).await;
    let (later, _) = tokio::join!(play.version(seen), play.candidate("Zoë"));
    assert!(later > seen);
}
