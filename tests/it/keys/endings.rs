//! How keys end.

use chrono::TimeDelta;
use serde_json::json;

use super::{Made, call, knock, make, rotate};
use crate::harness::TestApp;

const CALLS: [(&str, &str); 5] = [
    ("GET", "list_tests"),
    ("POST", "send_test"),
    ("GET", "test_status?partner_interview_id=1"),
    ("POST", "response_errors"),
    ("POST", "response_error"),
];

test_support::each_database! {
    async fn a_revoked_key_opens_nothing_from_the_next_call_on(database: Database) {
        let app = TestApp::start(database).await;
        let (platform, greenhouse) = (make(&app, "platform").await, make(&app, "greenhouse_assessment").await);
        assert_eq!((call(&app, &platform.text).await, knock(&app, &greenhouse.text).await), (200, 200));
        for key in [&platform, &greenhouse] {
            let (status, _) = app.v1("DELETE", &format!("api-keys/{}", key.id), None).await;
            assert_eq!(status, 204);
        }
        assert_eq!(call(&app, &platform.text).await, 401);
        for (method, path) in CALLS {
            let (status, answer) = app.greenhouse_as(&greenhouse.text, method, path, None).await;
            assert_eq!((status, &answer["error"]), (401, &json!("unauthorized")), "{path}");
        }
        // The others are still good, and revoking once more changes nothing.
        assert_eq!((call(&app, &app.platform_key).await, knock(&app, &app.greenhouse_key).await), (200, 200));
        let (status, _) = app.v1("DELETE", &format!("api-keys/{}", platform.id), None).await;
        assert_eq!(status, 204);
    }

    async fn a_replaced_key_stops_at_once_unless_told_otherwise(database: Database) {
        let app = TestApp::start(database).await;
        for body in [None, Some(json!({})), Some(json!({ "overlap_seconds": 0 }))] {
            let old = make(&app, "greenhouse_assessment").await;
            let new = rotate(&app, &old, body).await;
            assert!(new.id != old.id && new.text != old.text);
            assert_eq!((knock(&app, &old.text).await, knock(&app, &new.text).await), (401, 200));
        }
    }

    async fn with_an_overlap_both_keys_work_until_its_end(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let old = make(&app, "greenhouse_assessment").await;
        let new = rotate(&app, &old, Some(json!({ "overlap_seconds": 3600 }))).await;
        app.advance(TimeDelta::seconds(3_599));
        assert_eq!((knock(&app, &old.text).await, knock(&app, &new.text).await), (200, 200));
        app.advance(TimeDelta::seconds(1));
        assert_eq!((knock(&app, &old.text).await, knock(&app, &new.text).await), (401, 200));
    }

    async fn an_overlap_can_be_cut_short(database: Database) {
        let app = TestApp::start(database).await;
        let old = make(&app, "greenhouse_assessment").await;
        let new = rotate(&app, &old, Some(json!({ "overlap_seconds": 3600 }))).await;
        app.v1("DELETE", &format!("api-keys/{}", old.id), None).await;
        assert_eq!((knock(&app, &old.text).await, knock(&app, &new.text).await), (401, 200));
    }

    async fn a_key_that_has_ended_has_no_successor(database: Database) {
        let app = TestApp::start(database).await;
        let old = make(&app, "platform").await;
        rotate(&app, &old, None).await;
        let path = format!("api-keys/{}/rotate", old.id);
        let (status, answer) = app.v1("POST", &path, None).await;
        assert_eq!((status, &answer["code"]), (409, &json!("key_ended")));
    }

    async fn an_overlap_that_cannot_be_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let key = make(&app, "greenhouse_assessment").await;
        for overlap in [json!(-1), json!(2_592_001), json!(i64::MAX), json!(1.5), json!("60")] {
            let path = format!("api-keys/{}/rotate", key.id);
            let (status, answer) = app.v1("POST", &path, Some(json!({ "overlap_seconds": overlap }))).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!("overlap_seconds")), "{overlap}");
        }
        assert_eq!((knock(&app, &key.text).await, app.rows("api_keys")), (200, 3));
    }

    async fn a_successor_may_do_what_the_old_key_might(database: Database) {
        let app = TestApp::start(database).await;
        let new = json!({ "kind": "platform", "name": "Reads", "scopes": ["read"] });
        let reads = Made::of(app.v1("POST", "api-keys", Some(new)).await);
        let next = rotate(&app, &reads, None).await;
        let (status, answer) = app.v1_as(&next.text, "POST", "assessments", Some(json!({}))).await;
        assert_eq!((status, &answer["code"]), (403, &json!("forbidden")));
        assert_eq!(call(&app, &next.text).await, 200);
    }

    async fn an_organization_may_end_the_very_key_it_calls_with(database: Database) {
        let app = TestApp::start(database).await;
        let own = make(&app, "platform").await;
        let path = format!("api-keys/{}", own.id);
        assert_eq!(app.v1_as(&own.text, "DELETE", &path, None).await.0, 204);
        assert_eq!(app.v1_as(&own.text, "DELETE", &path, None).await.0, 401);
    }
}
