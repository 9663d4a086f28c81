//! What is refused, and how.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::{Value, json};

use super::greenhouse::{Answer, Greenhouse, body, url};
use crate::harness::{Callback, OPERATOR, TestApp, answer, basic, external};

const UNKNOWN: &str = "01920000-0000-7000-8000-000000000000";

test_support::each_database! {
    async fn unknown_draft_archived_and_foreign_tests_are_refused_alike(database: Database) {
        let app = TestApp::start(database).await;
        let (_, draft) = app.v1("POST", "assessments", Some(external("Draft"))).await;
        let archived = app.publish(external("Archived")).await;
        app.v1("POST", &format!("assessments/{archived}/archive"), None).await;
        let foreign = foreign_test(&app).await;
        let greenhouse = Greenhouse::of(&app);
        let long = "x".repeat(300);
        let ids = [UNKNOWN, draft["id"].as_str().expect("an id"), &archived, &foreign, "nonsense", &long];
        let mut answers = Vec::new();
        for id in ids {
            answers.push(greenhouse.send_test(id, "zoe@candidate.example", &url(1)).await);
        }
        assert_eq!(answers[0].refusal(), (404, "not_found".to_owned()));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!((app.rows("invites"), app.rows("candidates")), (0, 0));
        assert!(greenhouse.list_tests().await.is_empty());
    }

    async fn a_url_off_the_allowed_hosts_is_refused_and_never_called(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        // Listens where the addresses below lead; `localhost` is not on the list, `127.0.0.1` is.
        let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
        elsewhere.set_nonblocking(true).expect("it can be asked without waiting");
        let port = elsewhere.local_addr().expect("bound").port();
        for refused in [
            format!("http://localhost:{port}/x"),
            format!("https://localhost:{port}/x"),
            format!("http://[::1]:{port}/x"),
            format!("https://127.0.0.1:{port}/x"),
            format!("http://user@127.0.0.1:{port}/x"),
            format!("http://127.0.0.1.nip.io:{port}/x"),
            "http://app.greenhouse.io/x".to_owned(),
            "https://app.greenhouse.io:8443/x".to_owned(),
            "https://greenhouse.io.evil.example/x".to_owned(),
            "https://notgreenhouse.io/x".to_owned(),
            "file:///etc/passwd".to_owned(),
            "nonsense".to_owned(),
        ] {
            let answer = greenhouse.send_test(&test, "zoe@candidate.example", &refused).await;
            assert_eq!(answer.refusal(), (422, "unprocessable".to_owned()), "{refused}");
            assert!(!answer.body.contains(&refused));
        }
        assert_eq!((app.rows("invites"), app.rows("candidates")), (0, 0));
        // Once a good one has made the whole way, whatever would have been sent there has been.
        let callback = Callback::start(async |_| answer(200)).await;
        let good = greenhouse.send_test(&test, "zoe@candidate.example", &callback.url("1")).await;
        app.complete(&good.interview(), 80).await;
        app.writeback(&good.interview(), "sent").await;
        let visitor = elsewhere.accept().expect_err("nobody came");
        assert_eq!(visitor.kind(), ErrorKind::WouldBlock);
    }

    async fn without_an_active_key_every_call_is_refused_alike(database: Database) {
        let app = TestApp::start(database).await;
        let greenhouse = Greenhouse::of(&app);
        let mistyped = mistype(&app.greenhouse_key);
        let credentials = [
            None,
            Some(basic("")),
            Some(basic("gh_unknown")),
            Some(basic(&mistyped)),
            Some(basic(&"k".repeat(171))),
            Some(basic(&app.platform_key)),
            Some(basic(OPERATOR)),
            Some(format!("Bearer {}", app.greenhouse_key)),
            Some(app.greenhouse_key.clone()),
            Some("Basic !!!".to_owned()),
        ];
        let mut answers = Vec::new();
        for credential in credentials {
            for request in [
                greenhouse.get("list_tests"),
                greenhouse.get("test_status?partner_interview_id=1"),
                greenhouse.post("send_test").json(&json!({})),
                greenhouse.post("response_errors").json(&json!({})),
                greenhouse.post("response_error").json(&json!({})),
            ] {
                let request = match &credential {
                    Some(text) => request.header("authorization", text),
                    None => request,
                };
                answers.push(greenhouse.call_as_it_is(request).await);
            }
        }
        assert_eq!(answers[0].refusal(), (401, "unauthorized".to_owned()));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(app.rows("events"), 0);
    }

    async fn a_body_that_lacks_what_is_needed_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let good = body(&test, "zoe@candidate.example", &url(1));
        for pointer in ["/partner_test_id", "/candidate", "/candidate/email"] {
            for value in [Value::Null, json!(" "), json!([]), json!(true)] {
                let mut bad = good.clone();
                *bad.pointer_mut(pointer).expect("there") = value.clone();
                let refused = greenhouse.send(&bad).await;
                assert_eq!(refused.refusal(), (422, "unprocessable".to_owned()), "{pointer} {value}");
            }
        }
        assert_eq!((app.rows("invites"), app.rows("jobs")), (0, 0));
    }

    async fn a_body_of_more_than_256_kib_is_refused_and_one_of_just_that_is_not(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let mut ask = body(&test, "zoe@candidate.example", &url(1));
        ask["padding"] = json!("");
        let room = 256 * 1024 - ask.to_string().len();
        ask["padding"] = json!("p".repeat(room + 1));
        assert_eq!(greenhouse.send(&ask).await.refusal(), (413, "too_large".to_owned()));
        assert_eq!(app.rows("invites"), 0);
        ask["padding"] = json!("p".repeat(room));
        greenhouse.send(&ask).await.interview();
    }

    async fn another_organizations_url_is_its_own(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let ours = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        let foreign = foreign(&app).await;
        let their_test = &foreign.list_tests().await[0].partner_test_id;
        let theirs = foreign.send_test(their_test, "zoe@candidate.example", &url(1)).await.interview();
        assert_ne!(ours, theirs);
        assert_eq!(foreign.read(&ours).await, foreign.read(UNKNOWN).await);
        let answer: Answer = foreign.send_test(&test, "zoe@candidate.example", &url(2)).await;
        assert_eq!(answer.refusal(), (404, "not_found".to_owned()));
    }
}

/// Another organization with one published test, connected to Greenhouse.
async fn foreign(app: &TestApp) -> Greenhouse {
    let (_, made) = app
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
    let mut keys = Vec::new();
    for kind in ["platform", "greenhouse_assessment"] {
        let new = json!({ "kind": kind, "name": "Test" });
        let (status, made) = app.v1_as(OPERATOR, "POST", &path, Some(new)).await;
        assert_eq!(status, 201, "{made}");
        keys.push(made["key"].as_str().expect("a key").to_owned());
    }
    let (_, made) = app
        .v1_as(&keys[0], "POST", "assessments", Some(external("Theirs")))
        .await;
    let publish = format!(
        "assessments/{}/publish",
        made["id"].as_str().expect("an id")
    );
    let (status, made) = app.v1_as(&keys[0], "POST", &publish, None).await;
    assert_eq!(status, 200, "{made}");
    Greenhouse {
        key: keys[1].clone(),
        ..Greenhouse::of(app)
    }
}

async fn foreign_test(app: &TestApp) -> String {
    let tests = foreign(app).await.list_tests().await;
    tests[0].partner_test_id.clone()
}

/// The key with its last character changed.
fn mistype(key: &str) -> String {
    let (rest, last) = key.split_at(key.len() - 1);
    format!("{rest}{}", if last == "a" { "b" } else { "a" })
}
