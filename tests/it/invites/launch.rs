//! Where Start leads.

use serde_json::{Value, json};

use crate::harness::{TestApp, external};

test_support::each_database! {
    async fn an_invite_may_start_elsewhere_while_nobody_has_started(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let path = format!("invites/{}", invite["id"].as_str().expect("an id"));
        let change = |url: Value| app.v1("PATCH", &path, Some(json!({ "launch_url": url })));
        let (status, shown) = change(json!("https://runner.example/session/7")).await;
        assert_eq!((status, &shown["launch_url"]), (200, &json!("https://runner.example/session/7")));
        let (status, shown) = app.v1("PATCH", &path, Some(json!({}))).await;
        assert_eq!((status, &shown["launch_url"]), (200, &json!("https://runner.example/session/7")));
        let (status, shown) = change(Value::Null).await;
        assert_eq!((status, &shown["launch_url"]), (200, &Value::Null));
    }

    async fn an_address_that_no_browser_should_open_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let made = app.invite(&test, "ada@candidate.example").await;
        let path = format!("invites/{}", made["id"].as_str().expect("an id"));
        // The invitation has been mailed: nothing else changes the invite any more.
        app.idle().await;
        let (_, invite) = app.v1("GET", &path, None).await;
        for url in ["javascript:alert(1)", "http://runner.example/", "runner.example", "", "https://a:b@runner.example/"] {
            let (status, answer) = app.v1("PATCH", &path, Some(json!({ "launch_url": url }))).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!("launch_url")), "{url}");
        }
        let (_, shown) = app.v1("GET", &path, None).await;
        assert_eq!(shown, invite);
    }
}
