//! Greenhouse's side of assessments: it calls with our keys.

use serde_json::json;

use crate::harness::TestApp;

test_support::each_database! {
    async fn its_state_follows_from_keys_and_calls(database: Database) {
        let app = TestApp::start(database).await;
        let state = async || app.connection("greenhouse_assessment").await["state"].clone();
        assert_eq!(state().await, "waiting", "it has a key");
        assert_eq!(app.greenhouse_as(&app.greenhouse_key, "GET", "list_tests", None).await.0, 200);
        assert_eq!(state().await, "connected");
        assert_eq!(app.v1("DELETE", "connections/greenhouse_assessment", None).await.0, 204);
        assert_eq!(state().await, "disconnected");
        assert_eq!(app.greenhouse_as(&app.greenhouse_key, "GET", "list_tests", None).await.0, 401);
        let connection = app.connection("greenhouse_assessment").await;
        assert_eq!(connection["state"], "needs_attention", "{connection}");
        assert!(connection["detail"].as_str().expect("why").contains("a key that has ended"));
        let new = json!({ "kind": "greenhouse_assessment", "name": "Next" });
        let made = app.v1("POST", "api-keys", Some(new)).await.1;
        assert_eq!(state().await, "needs_attention", "Greenhouse still has the old one");
        let key = made["key"].as_str().expect("a key");
        assert_eq!(app.greenhouse_as(key, "GET", "list_tests", None).await.0, 200);
        assert_eq!(state().await, "connected");
        app.stop().await;
    }
}
