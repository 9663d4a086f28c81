//! With which key Greenhouse is told.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Callback, Heard, TestApp, answer, ask, basic, eventually, external};

test_support::each_database! {
    async fn the_key_that_greenhouse_last_called_with_goes_first(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let newer = make(&app).await;
        let interview = sent_test(&app, &callback).await;
        greenhouse.takes(&[&app.greenhouse_key, &newer.text]);
        app.complete(&interview, 80).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard_keys(), [basic(&app.greenhouse_key)]);

        app.advance(TimeDelta::minutes(2));
        calls(&app, &newer.text).await;
        let interview = sent_test_by(&app, &callback, &newer.text).await;
        app.complete(&interview, 80).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard_keys()[1..], [basic(&newer.text)]);
    }

    async fn the_newest_key_goes_where_greenhouse_has_called_with_none(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        let (_, newest) = (make(&app).await, make(&app).await);
        end(&app, &id_of(&app, &app.greenhouse_key).await).await;
        greenhouse.takes(&[&newest.text]);
        app.complete(&interview, 80).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard_keys(), [basic(&newest.text)]);
    }

    async fn a_refused_key_gives_way_to_each_other_active_one_once(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        let (older, ended, newest) = (make(&app).await, make(&app).await, make(&app).await);
        end(&app, &ended.id).await;
        greenhouse.takes(&[&older.text]);
        app.complete(&interview, 80).await;
        let receipt = app.writeback(&interview, "sent").await;
        assert_eq!(receipt["detail"], "Greenhouse answered 200: accepted");
        let expected = [&app.greenhouse_key, &newest.text, &older.text].map(|key| basic(key));
        assert_eq!(callback.heard_keys(), expected);
    }

    async fn where_all_keys_are_refused_it_waits_and_says_so(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        make(&app).await;
        app.complete(&interview, 80).await;
        let receipt = app.writeback(&interview, "blocked").await;
        let detail = receipt["detail"].as_str().expect("a reason");
        assert!(detail.starts_with("Greenhouse answered 401: it does not take this key"), "{detail}");
        assert!(detail.contains("hand Greenhouse an active key"), "{detail}");
        app.idle().await;
        assert_eq!(callback.heard().len(), 2);

        // Greenhouse's next call with an active key lets it go on at once.
        greenhouse.takes(&[&app.greenhouse_key]);
        calls(&app, &app.greenhouse_key).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard().len(), 3);
    }

    async fn a_blocked_one_is_tried_again_every_four_hours(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        app.complete(&interview, 80).await;
        app.writeback(&interview, "blocked").await;
        for tries in 1..=20 {
            app.idle().await;
            assert_eq!(callback.heard().len(), tries);
            app.advance(TimeDelta::hours(4));
            eventually("it is tried again", async || (callback.heard().len() > tries).then_some(())).await;
        }
        app.idle().await;
        // Days of waiting for a person are not held against it.
        assert_eq!(app.show(&interview).await["writebacks"][0]["state"], "blocked");
        greenhouse.takes(&[&app.greenhouse_key]);
        app.advance(TimeDelta::hours(4));
        app.writeback(&interview, "sent").await;
    }

    async fn without_an_active_key_it_waits_for_one(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        end(&app, &id_of(&app, &app.greenhouse_key).await).await;
        app.complete(&interview, 80).await;
        let receipt = app.writeback(&interview, "blocked").await;
        let detail = receipt["detail"].as_str().expect("a reason");
        assert!(detail.starts_with("There is no active Greenhouse key"), "{detail}");
        let fresh = make(&app).await;
        greenhouse.takes(&[&fresh.text]);
        // A call with the dead key changes nothing.
        let (status, _) = app.greenhouse("GET", "list_tests", None).await;
        app.idle().await;
        assert_eq!((status, callback.heard().len()), (401, 0));
        calls(&app, &fresh.text).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(callback.heard_keys(), [basic(&fresh.text)]);
    }

    async fn during_the_overlap_greenhouse_is_told_with_the_key_it_still_uses(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let [first, second] = [sent_test(&app, &callback).await, sent_test(&app, &callback).await];
        let fresh = rotate(&app, 3_600).await;
        greenhouse.takes(&[&app.greenhouse_key, &fresh.text]);
        app.complete(&first, 80).await;
        app.writeback(&first, "sent").await;
        app.advance(TimeDelta::seconds(3_600));
        app.complete(&second, 80).await;
        app.writeback(&second, "sent").await;
        assert_eq!(callback.heard_keys(), [basic(&app.greenhouse_key), basic(&fresh.text)]);
    }

    async fn without_an_overlap_the_old_key_is_not_shown_again(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        let fresh = rotate(&app, 0).await;
        greenhouse.takes(&[&app.greenhouse_key]);
        app.complete(&interview, 80).await;
        app.writeback(&interview, "blocked").await;
        assert_eq!(callback.heard_keys(), [basic(&fresh.text)]);
    }

    async fn a_partner_pair_takes_the_place_of_all_keys(database: Database) {
        let pair = [
            ("GREENHOUSE__PATCH_CREDENTIAL", "partner_pair"),
            ("GREENHOUSE__PARTNER_USERNAME", "vendor"),
            ("GREENHOUSE__PARTNER_PASSWORD", "s3cret of the pair"),
        ];
        let app = TestApp::start_still(database, &pair).await;
        let (greenhouse, callback) = greenhouse_that_takes(&[]).await;
        let interview = sent_test(&app, &callback).await;
        app.complete(&interview, 80).await;
        app.writeback(&interview, "blocked").await;
        // base64("vendor:s3cret of the pair")
        let shown = "Basic dmVuZG9yOnMzY3JldCBvZiB0aGUgcGFpcg==".to_owned();
        assert_eq!(callback.heard_keys(), [&*shown]);
        greenhouse.takes_headers(vec![shown]);
        app.advance(TimeDelta::hours(4));
        app.writeback(&interview, "sent").await;
    }
}

/// A key that was made.
#[derive(Debug)]
struct Made {
    id: String,
    text: String,
}

impl Made {
    fn of((status, made): (u16, Value)) -> Self {
        assert_eq!(status, 201, "{made}");
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        Self {
            id: text("id"),
            text: text("key"),
        }
    }
}

async fn make(app: &TestApp) -> Made {
    let new = json!({ "kind": "greenhouse_assessment", "name": "One more" });
    Made::of(app.v1("POST", "api-keys", Some(new)).await)
}

async fn rotate(app: &TestApp, overlap_seconds: u32) -> Made {
    let old = id_of(app, &app.greenhouse_key).await;
    let overlap = json!({ "overlap_seconds": overlap_seconds });
    Made::of(
        app.v1("POST", &format!("api-keys/{old}/rotate"), Some(overlap))
            .await,
    )
}

async fn end(app: &TestApp, id: &str) {
    let (status, _) = app.v1("DELETE", &format!("api-keys/{id}"), None).await;
    assert_eq!(status, 204);
}

/// The id of a key by its text.
async fn id_of(app: &TestApp, key: &str) -> String {
    let (_, page) = app.v1("GET", "api-keys", None).await;
    let keys = page["data"].as_array().expect("a list");
    let found = keys
        .iter()
        .find(|listed| key.contains(listed["public_id"].as_str().expect("shown")));
    found.expect("listed")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// Greenhouse calls with this key.
async fn calls(app: &TestApp, key: &str) {
    let (status, answer) = app.greenhouse_as(key, "GET", "list_tests", None).await;
    assert_eq!(status, 200, "{answer}");
}

/// One test that Greenhouse sent with the organization's first key.
async fn sent_test(app: &TestApp, callback: &Callback) -> String {
    sent_test_by(app, callback, &app.greenhouse_key).await
}

async fn sent_test_by(app: &TestApp, callback: &Callback, key: &str) -> String {
    let number = app.rows("invites").to_string();
    let test = app.publish(external(&format!("Backend {number}"))).await;
    let body = ask(&test, "zoe@candidate.example", &callback.url(&number));
    let (status, answer) = app
        .greenhouse_as(key, "POST", "send_test", Some(body))
        .await;
    assert_eq!(status, 200, "{answer}");
    answer["partner_interview_id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// What Greenhouse takes as a credential.
#[derive(Debug, Clone, Default)]
struct Taken(Arc<Mutex<Vec<String>>>);

impl Taken {
    fn takes(&self, keys: &[&str]) {
        self.takes_headers(keys.iter().map(|key| basic(key)).collect());
    }

    fn takes_headers(&self, headers: Vec<String>) {
        *self.0.lock().expect("no panic") = headers;
    }

    fn judge(&self, heard: &Heard) -> u16 {
        let shown = heard.header("authorization").unwrap_or_default();
        let taken = self
            .0
            .lock()
            .expect("no panic")
            .iter()
            .any(|header| header == shown);
        if taken { 200 } else { 401 }
    }
}

async fn greenhouse_that_takes(keys: &[&str]) -> (Taken, Callback) {
    let taken = Taken::default();
    taken.takes(keys);
    let judge = taken.clone();
    let callback = Callback::start(move |heard| {
        let status = judge.judge(&heard);
        async move { answer(status) }
    })
    .await;
    (taken, callback)
}

impl Callback {
    /// The credentials shown so far, in order.
    fn heard_keys(&self) -> Vec<String> {
        let shown = |heard: Heard| heard.header("authorization").unwrap_or_default().to_owned();
        self.heard().into_iter().map(shown).collect()
    }
}
