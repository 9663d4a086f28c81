//! Another organization's things are answered exactly like things that never were. Every route is tried in `matrix`; here
//! are the ways around the routes.

use serde_json::{Value, json};

use super::UNKNOWN;
use super::watch::{Call, Watch};
use crate::harness::{OPERATOR, TestApp, ask, written};

/// Things that one organization has.
#[derive(Debug)]
struct Things {
    assessment: String,
}

test_support::each_database! {
    async fn a_foreign_id_inside_a_body_or_a_query_is_too(database: Database) {
        let app = TestApp::start(database).await;
        let theirs = things(&app).await;
        let stranger = stranger(&app).await;
        let watch = Watch::start(&app).await;
        let invite = |assessment: &str| {
            let body = json!({ "assessment_id": assessment, "candidate": { "email": "kim@candidate.example" } });
            Call::new("POST", "/v1/invites").bearer(&stranger).json(&body)
        };
        let list = |assessment: &str| {
            Call::new("GET", format!("/v1/invites?assessment_id={assessment}")).bearer(&stranger)
        };
        for call in [&invite as &dyn Fn(&str) -> Call, &list] {
            let unknown = watch.call(&call(UNKNOWN)).await.without_request_id();
            assert_eq!(watch.call(&call(&theirs.assessment)).await.without_request_id(), unknown);
        }
        watch.finish().await;
    }

    async fn a_foreign_cursor_shows_nothing_foreign(database: Database) {
        let app = TestApp::start(database).await;
        things(&app).await;
        app.v1("POST", "assessments", Some(json!({}))).await;
        let (_, page) = app.v1("GET", "assessments?limit=1", None).await;
        let cursor = page["next_cursor"].as_str().expect("more");
        let stranger = stranger(&app).await;
        let (status, page) = app.v1_as(&stranger, "GET", &format!("assessments?cursor={cursor}"), None).await;
        assert_eq!((status, page), (200, json!({ "data": [], "next_cursor": null })));
    }

    async fn lists_show_ones_own_only(database: Database) {
        let app = TestApp::start(database).await;
        things(&app).await;
        let stranger = stranger(&app).await;
        for path in ["assessments", "invites", "invites?q=zoe", "invites?email=zoe@candidate.example"] {
            let (_, page) = app.v1_as(&stranger, "GET", path, None).await;
            assert_eq!(page["data"], json!([]), "{path}");
        }
        let (_, keys) = app.v1_as(&stranger, "GET", "api-keys", None).await;
        assert_eq!(keys["data"].as_array().map(Vec::len), Some(1), "{keys}");
    }
}

/// An assessment and a submitted invite of the test's own organization.
async fn things(app: &TestApp) -> Things {
    let assessment = app.publish(written("Essay")).await;
    let invite = app
        .send(ask(
            &assessment,
            "zoe@candidate.example",
            "http://127.0.0.1:9/1",
        ))
        .await;
    app.command(&invite, "start", None).await;
    app.command(&invite, "submit", None).await;
    Things { assessment }
}

/// A platform key of another organization.
async fn stranger(app: &TestApp) -> String {
    let (_, made): (u16, Value) = app
        .v1_as(
            OPERATOR,
            "POST",
            "organizations",
            Some(json!({ "name": "Other" })),
        )
        .await;
    let path = format!(
        "organizations/{}/api-keys",
        made["id"].as_str().expect("an id")
    );
    let new = json!({ "kind": "platform", "name": "Stranger" });
    let (status, made) = app.v1_as(OPERATOR, "POST", &path, Some(new)).await;
    assert_eq!(status, 201, "{made}");
    made["key"].as_str().expect("a key").to_owned()
}
