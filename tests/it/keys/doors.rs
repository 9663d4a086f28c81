//! Each key opens one door, and only as it should be shown.

use serde_json::json;

use super::{call, knock, make};
use crate::harness::{OPERATOR, TestApp, basic};

test_support::each_database! {
    async fn a_key_of_one_kind_does_not_open_the_others_door(database: Database) {
        let app = TestApp::start(database).await;
        assert_eq!((call(&app, &app.platform_key).await, knock(&app, &app.platform_key).await), (200, 401));
        assert_eq!((call(&app, &app.greenhouse_key).await, knock(&app, &app.greenhouse_key).await), (401, 200));
        assert_eq!(knock(&app, OPERATOR).await, 401);
    }

    async fn the_operators_token_opens_no_organizations_routes_and_no_key_the_operators(database: Database) {
        let app = TestApp::start(database).await;
        for (method, path) in [
            ("GET", "organization"), ("PATCH", "organization"), ("GET", "api-keys"), ("POST", "api-keys"),
            ("GET", "assessments"), ("POST", "assessments"), ("GET", "invites"), ("POST", "invites"),
            ("GET", "invites/01920000-0000-7000-8000-000000000000"), ("POST", "catalogue/rotate-secret"),
        ] {
            let (status, answer) = app.v1_as(OPERATOR, method, path, None).await;
            assert_eq!((status, &answer["code"]), (403, &json!("forbidden")), "{method} {path}");
        }
        let keys = format!("organizations/{}/api-keys", app.organization);
        for (method, path) in [
            ("GET", "organizations"), ("POST", "organizations"), ("GET", &keys), ("POST", &keys),
            ("GET", "organizations/01920000-0000-7000-8000-000000000000/api-keys"),
        ] {
            let (status, answer) = app.v1(method, path, None).await;
            assert_eq!((status, &answer["code"]), (403, &json!("forbidden")), "{method} {path}");
        }
    }

    async fn a_key_in_the_query_opens_nothing(database: Database) {
        let app = TestApp::start(database).await;
        for (path, key) in [
            ("v1/organization?access_token=", &app.platform_key),
            ("v1/organization?api_key=", &app.platform_key),
            ("v1/organization?token=", &app.platform_key),
            ("api/greenhouse/list_tests?api_key=", &app.greenhouse_key),
            ("api/greenhouse/list_tests?key=", &app.greenhouse_key),
            ("api/greenhouse/list_tests?access_token=", &app.greenhouse_key),
        ] {
            let answer = app.http.get(format!("{}/{path}{key}", app.url)).send().await.expect("an answer");
            assert_eq!(answer.status(), 401, "{path}");
            assert!(answer.headers().contains_key("www-authenticate"), "{path}");
        }
    }

    async fn a_key_may_be_limited_to_reading(database: Database) {
        let app = TestApp::start(database).await;
        for (scopes, get, post) in [(json!(["read"]), 200, 403), (json!(["write"]), 403, 422), (json!(["read", "write"]), 200, 422)] {
            let new = json!({ "kind": "platform", "name": "Limited", "scopes": scopes });
            let (status, made) = app.v1("POST", "api-keys", Some(new)).await;
            assert_eq!(status, 201, "{made}");
            let key = made["key"].as_str().expect("a key");
            let bad = Some(json!({ "title": 7 }));
            assert_eq!(app.v1_as(key, "GET", "invites", None).await.0, get, "{scopes}");
            assert_eq!(app.v1_as(key, "POST", "assessments", bad).await.0, post, "{scopes}");
        }
    }

    async fn scopes_that_do_not_fit_the_kind_are_refused(database: Database) {
        let app = TestApp::start(database).await;
        for (kind, scopes) in [
            ("platform", json!(["assess"])),
            ("platform", json!([])),
            ("greenhouse_assessment", json!(["read"])),
            ("greenhouse_assessment", json!(["mail"])),
            ("greenhouse_assessment", json!(["everything"])),
        ] {
            let new = json!({ "kind": kind, "name": "Odd", "scopes": scopes });
            let (status, answer) = app.v1("POST", "api-keys", Some(new)).await;
            assert_eq!(status, 422, "{kind} {scopes}: {answer}");
        }
        assert_eq!(app.rows("api_keys"), 2);
    }

    async fn another_organizations_keys_are_out_of_reach(database: Database) {
        let app = TestApp::start(database).await;
        let (_, other) = app.v1_as(OPERATOR, "POST", "organizations", Some(json!({ "name": "Other" }))).await;
        let path = format!("organizations/{}/api-keys", other["id"].as_str().expect("an id"));
        let new = json!({ "kind": "platform", "name": "Theirs" });
        let (_, theirs) = app.v1_as(OPERATOR, "POST", &path, Some(new)).await;
        let (id, text) = (theirs["id"].as_str().expect("an id"), theirs["key"].as_str().expect("a key"));
        assert_eq!(app.v1("DELETE", &format!("api-keys/{id}"), None).await.0, 404);
        assert_eq!(app.v1("POST", &format!("api-keys/{id}/rotate"), None).await.0, 404);
        assert_eq!(call(&app, text).await, 200);
        let (_, own) = app.v1("GET", "api-keys", None).await;
        assert!(!own.to_string().contains(id), "{own}");
    }

    async fn a_mistyped_key_is_refused_wherever_the_slip_is(database: Database) {
        let app = TestApp::start(database).await;
        let key = make(&app, "greenhouse_assessment").await.text;
        // Not all of them: whoever tries out many keys in a minute is slowed down.
        for at in (0..key.len()).step_by(2) {
            let mut slip = key.clone().into_bytes();
            slip[at] = if slip[at] == b'x' { b'y' } else { b'x' };
            let slip = String::from_utf8(slip).expect("ASCII");
            assert_eq!(knock(&app, &slip).await, 401, "at {at}");
        }
        assert_eq!(knock(&app, &key[..key.len() - 1]).await, 401);
        assert_eq!(knock(&app, &format!("{key}x")).await, 401);
        let answer = app.http.get(format!("{}/api/greenhouse/list_tests", app.url))
            .header("authorization", basic(&key).replace("Basic", "bASIC")).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }
}
