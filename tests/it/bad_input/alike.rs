//! Another organization's things are answered exactly like things that never were.

use serde_json::{Value, json};

use super::UNKNOWN;
use super::watch::{Call, Watch};
use crate::harness::{OPERATOR, TestApp, ask, written};

/// Things that one organization has.
#[derive(Debug)]
struct Things {
    assessment: String,
    invite: String,
    key: String,
}

test_support::each_database! {
    async fn a_foreign_id_is_answered_like_an_unknown_one(database: Database) {
        let app = TestApp::start(database).await;
        let theirs = things(&app).await;
        let stranger = stranger(&app).await;
        let watch = Watch::start(&app).await;
        for (method, path, body) in CALLS {
            for id in [&theirs.assessment, &theirs.invite, &theirs.key] {
                let of = |id: &str| {
                    let path = format!("/v1/{}", path.replace("{id}", id));
                    let call = Call::new(method, path).bearer(&stranger);
                    match body {
                        Some(body) => call.text(body),
                        None => call,
                    }
                };
                let unknown = watch.call(&of(UNKNOWN)).await.without_request_id();
                let foreign = watch.call(&of(id)).await.without_request_id();
                assert_eq!(foreign, unknown, "{method} {path}");
                assert_eq!(foreign.status, 404, "{method} {path}: {}", foreign.text);
            }
        }
        watch.finish().await;
        assert_eq!(app.show(&theirs.invite).await["status"], "submitted");
    }

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

/// Each operation that names a thing, with a body that fits, and some with one that does not.
const CALLS: [(&str, &str, Option<&str>); 22] = [
    ("GET", "assessments/{id}", None),
    ("PATCH", "assessments/{id}", Some(r#"{"title":"Mine"}"#)),
    ("POST", "assessments/{id}/publish", None),
    ("POST", "assessments/{id}/archive", None),
    ("GET", "invites/{id}", None),
    ("PATCH", "invites/{id}", Some(r#"{"launch_url":null}"#)),
    ("GET", "invites/{id}/timeline", None),
    ("PUT", "invites/{id}/result", Some(r#"{"score":1}"#)),
    ("PUT", "invites/{id}/result", Some(r#"{"score":101}"#)),
    ("POST", "invites/{id}/start", None),
    ("POST", "invites/{id}/submit", None),
    ("POST", "invites/{id}/cancel", None),
    ("POST", "invites/{id}/reset", None),
    ("POST", "invites/{id}/resend", None),
    (
        "POST",
        "invites/{id}/extend",
        Some(r#"{"expires_at":"2099-01-01T00:00:00Z"}"#),
    ),
    (
        "POST",
        "invites/{id}/extend",
        Some(r#"{"expires_at":"2009-01-01T00:00:00Z"}"#),
    ),
    ("POST", "invites/{id}/refuse", Some(r#"{"reason":"No"}"#)),
    ("POST", "invites/{id}/refuse", Some(r#"{"reason":""}"#)),
    ("POST", "invites/{id}/grades", Some(r#"{"grades":[]}"#)),
    ("POST", "api-keys/{id}/rotate", None),
    (
        "POST",
        "api-keys/{id}/rotate",
        Some(r#"{"overlap_seconds":-1}"#),
    ),
    ("DELETE", "api-keys/{id}", None),
];

/// An assessment, a submitted invite and a key of the test's own organization.
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
    let (_, keys) = app.v1("GET", "api-keys", None).await;
    Things {
        assessment,
        invite,
        key: keys["data"][0]["id"].as_str().expect("an id").to_owned(),
    }
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
