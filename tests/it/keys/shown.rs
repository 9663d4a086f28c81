//! A key is shown when it is made, and never again.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Made, call, knock, make};
use crate::harness::{OPERATOR, TestApp};

test_support::each_database! {
    async fn a_key_is_shown_in_one_answer_only(database: Database) {
        let app = TestApp::start(database).await;
        let made = make(&app, "greenhouse_assessment").await;
        let organization = app.organization;
        let (_, own) = app.v1("GET", "api-keys", None).await;
        let path = format!("organizations/{organization}/api-keys");
        let (_, operators) = app.v1_as(OPERATOR, "GET", &path, None).await;
        assert_eq!(own["data"].as_array().expect("a list").len(), 3);
        assert_eq!(own, operators);
        let secret = made.text.rsplit_once('_').expect("parts").1;
        for list in [own.to_string(), operators.to_string()] {
            assert!(list.contains(&made.id) && !list.contains(secret), "{list}");
        }
    }

    async fn a_key_has_the_form_that_greenhouse_takes(database: Database) {
        let app = TestApp::start(database).await;
        for (kind, prefix) in [("greenhouse_assessment", "gh_"), ("platform", "bt_")] {
            let key = make(&app, kind).await.text;
            assert!(key.starts_with(prefix) && key.len() < 171, "{key}");
            assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{key}");
        }
    }

    async fn the_operator_makes_keys_for_an_organization_too(database: Database) {
        let app = TestApp::start(database).await;
        let path = format!("organizations/{}/api-keys", app.organization);
        for (kind, works) in [("platform", (200, 401)), ("greenhouse_assessment", (401, 200))] {
            let new = json!({ "kind": kind, "name": "By the operator" });
            let made = Made::of(app.v1_as(OPERATOR, "POST", &path, Some(new)).await);
            assert_eq!((call(&app, &made.text).await, knock(&app, &made.text).await), works);
        }
    }

    async fn greenhouses_use_of_a_key_is_shown(database: Database) {
        let app = TestApp::start(database).await;
        let made = make(&app, "greenhouse_assessment").await;
        let used = async || {
            let (_, page) = app.v1("GET", "api-keys", None).await;
            let keys = page["data"].as_array().expect("a list").clone();
            let key = keys.into_iter().find(|key| key["id"] == json!(made.id)).expect("listed");
            key["last_used_at"].clone()
        };
        assert_eq!(used().await, Value::Null);
        assert_eq!(knock(&app, &made.text).await, 200);
        assert!(used().await.is_string());
    }

    async fn a_repeat_of_the_call_shows_the_key_again_for_ten_minutes(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let first = post_once(&app).await;
        assert_eq!(first.0, 201);
        app.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        assert_eq!(post_once(&app).await, first);
        app.advance(TimeDelta::seconds(1));
        let (status, answer) = post_once(&app).await;
        assert_eq!((status, &answer["code"], &answer["id"]), (409, &json!("secret_already_shown"), &first.1["id"]));
        assert!(!answer.to_string().contains(first.1["key"].as_str().expect("a key")));
        assert_eq!(app.rows("api_keys"), 3);
    }

    async fn nothing_stored_holds_a_key_in_clear(database: Database) {
        let app = TestApp::start(database).await;
        let (_, first) = post_once(&app).await;
        let secret = first["key"].as_str().expect("a key").rsplit_once('_').expect("parts").1;
        for (table, column) in [("api_keys", "encrypted_key"), ("api_keys", "public_id"), ("idempotency_keys", "answer")] {
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} LIKE '%{secret}%'");
            assert_eq!(app.database.count(&sql), 0, "{table}.{column}");
        }
    }
}

/// Makes a key, under one `Idempotency-Key`.
async fn post_once(app: &TestApp) -> (u16, Value) {
    let new = json!({ "kind": "greenhouse_assessment", "name": "Once" });
    let call = app
        .http
        .post(format!("{}/v1/api-keys", app.url))
        .bearer_auth(&app.platform_key);
    let answer = call
        .header("idempotency-key", "key-1")
        .json(&new)
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    let mut body: Value = answer.json().await.expect("JSON");
    body.as_object_mut()
        .expect("an object")
        .remove("request_id");
    (status, body)
}
