//! The table of transitions: each call from each status.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::harness::{TestApp, choices, eventually, external};

const STATUSES: [&str; 6] = [
    "invited",
    "started",
    "submitted",
    "completed",
    "expired",
    "cancelled",
];

/// What comes of a call in each of the statuses above: the status afterwards, or a dash where it is refused.
const TABLE: [(&str, [&str; 6]); 10] = [
    ("start", ["started", "started", "-", "-", "-", "-"]),
    (
        "submit",
        ["-", "submitted", "submitted", "completed", "-", "-"],
    ),
    (
        "result",
        ["-", "completed", "completed", "completed", "-", "-"],
    ),
    (
        "provisional",
        ["-", "started", "submitted", "completed", "-", "-"],
    ),
    (
        "cancel",
        ["cancelled", "cancelled", "-", "-", "-", "cancelled"],
    ),
    (
        "reset",
        ["-", "invited", "invited", "-", "invited", "invited"],
    ),
    ("resend", ["invited", "started", "-", "-", "-", "-"]),
    ("extend", ["invited", "started", "-", "-", "invited", "-"]),
    ("refuse", ["cancelled", "-", "-", "-", "-", "-"]),
    ("launch_url", ["invited", "-", "-", "-", "-", "-"]),
];

/// Calls that find it so already: taken, and nothing happens.
const REPEATS: [(&str, &str); 5] = [
    ("start", "started"),
    ("submit", "submitted"),
    ("submit", "completed"),
    ("result", "completed"),
    ("cancel", "cancelled"),
];

test_support::each_database! {
    async fn every_call_from_every_status_does_what_the_table_says(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        for (call, row) in TABLE {
            for (status, outcome) in STATUSES.into_iter().zip(row) {
                let invite = in_status(&app, &test, status).await;
                let before = app.timeline(&invite).await.len();
                let (code, answer) = make(&app, &invite, call).await;
                let expected = if outcome == "-" { (409, status) } else { (200, outcome) };
                let shown = app.show(&invite).await;
                assert_eq!((code, shown["status"].as_str()), (expected.0, Some(expected.1)), "{call} when {status}: {answer}");
                if code == 409 {
                    assert_eq!(answer["code"], "invite_state", "{answer}");
                } else {
                    assert_eq!(answer, shown, "{call} when {status}");
                }
                let still = code == 409 || REPEATS.contains(&(call, status)) || call == "launch_url";
                assert_eq!(app.timeline(&invite).await.len() == before, still, "{call} when {status}");
            }
        }
    }

    async fn a_refusal_says_what_to_do_instead(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let invite = invite["id"].as_str().expect("an id");
        let (_, answer) = make(&app, invite, "reset").await;
        let detail = "an invite that is invited cannot be reset; use resend to mail the same link again";
        assert_eq!(answer["detail"], detail);
        let (_, answer) = make(&app, invite, "result").await;
        assert_eq!(answer["detail"], "an invite that is invited cannot be given a result; start it first");
    }

    async fn an_invite_expires_and_its_link_with_it(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let (id, link) = (text(&invite["id"]), text(&invite["candidate_url"]));
        app.advance(TimeDelta::days(14));
        let shown = app.show(&id).await;
        assert_eq!((&shown["status"], &shown["candidate_url"]), (&json!("expired"), &Value::Null));
        assert_eq!(visit(&app, &link).await, 410);
        until_written(&app, &id, "invite.expired").await;
        let ends = rfc3339(&app, TimeDelta::days(1));
        let back = app.command(&id, "extend", Some(json!({ "expires_at": ends }))).await;
        assert_eq!((&back["status"], &back["candidate_url"]), (&json!("invited"), &json!(link)));
        assert_eq!(visit(&app, &link).await, 200);
    }

    async fn a_sitting_without_a_limit_ends_with_the_invite_and_comes_back_with_it(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(choices("Numbers")).await;
        let invite = text(&app.invite(&test, "ada@candidate.example").await["id"]);
        app.command(&invite, "start", None).await;
        app.advance(TimeDelta::days(14));
        assert_eq!(app.show(&invite).await["status"], "expired");
        until_written(&app, &invite, "invite.expired").await;
        let ends = rfc3339(&app, TimeDelta::days(1));
        let back = app.command(&invite, "extend", Some(json!({ "expires_at": ends }))).await;
        assert_eq!(back["status"], "started");
    }

    async fn a_sitting_in_progress_keeps_its_time_limit(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let mut body = choices("Numbers");
        body["time_limit_minutes"] = json!(60);
        let test = app.publish(body).await;
        let invite = text(&app.invite(&test, "ada@candidate.example").await["id"]);
        app.advance(TimeDelta::days(14) - TimeDelta::minutes(10));
        app.command(&invite, "start", None).await;
        app.advance(TimeDelta::minutes(59));
        assert_eq!(app.show(&invite).await["status"], "started");
        app.advance(TimeDelta::minutes(1));
        until_written(&app, &invite, "invite.completed").await;
        let submitted = entry(&app, &invite, "invite.submitted").await;
        assert_eq!(submitted["detail"], json!({ "time_ran_out": true }));
    }
}

/// A new invite, brought to this status.
async fn in_status(app: &TestApp, test: &str, status: &str) -> String {
    let body = json!({
        "assessment_id": test,
        "candidate": { "email": "ada@candidate.example" },
        "send_email": false,
        "expires_at": (status == "expired").then(|| rfc3339(app, TimeDelta::seconds(1))),
    });
    let invite = text(&app.invite_with(body).await["id"]);
    let steps: &[&str] = match status {
        "started" => &["start"],
        "submitted" => &["start", "submit"],
        "completed" => &["start", "result"],
        "cancelled" => &["cancel"],
        _ => &[],
    };
    for step in steps {
        assert_eq!(make(app, &invite, step).await.0, 200);
    }
    if status == "expired" {
        app.advance(TimeDelta::seconds(1));
        until_written(app, &invite, "invite.expired").await;
    }
    assert_eq!(app.show(&invite).await["status"], status);
    invite
}

/// Makes one of the table's calls.
async fn make(app: &TestApp, invite: &str, call: &str) -> (u16, Value) {
    let (method, path, body) = match call {
        "result" => ("PUT", "/result", Some(json!({ "score": 80 }))),
        "provisional" => (
            "PUT",
            "/result",
            Some(json!({ "score": 40, "final": false })),
        ),
        "extend" => {
            let ends = rfc3339(app, TimeDelta::days(30));
            ("POST", "/extend", Some(json!({ "expires_at": ends })))
        }
        "refuse" => (
            "POST",
            "/refuse",
            Some(json!({ "reason": "No longer offered" })),
        ),
        "launch_url" => (
            "PATCH",
            "",
            Some(json!({ "launch_url": "https://runner.example/7" })),
        ),
        verb => {
            return app
                .v1("POST", &format!("invites/{invite}/{verb}"), None)
                .await;
        }
    };
    app.v1(method, &format!("invites/{invite}{path}"), body)
        .await
}

async fn until_written(app: &TestApp, invite: &str, kind: &str) {
    entry(app, invite, kind).await;
}

/// Waits for an entry of this type on the timeline.
async fn entry(app: &TestApp, invite: &str, kind: &str) -> Value {
    eventually(kind, async || {
        let timeline = app.timeline(invite).await;
        timeline.into_iter().find(|entry| entry["type"] == kind)
    })
    .await
}

fn rfc3339(app: &TestApp, ahead: TimeDelta) -> String {
    let moment: DateTime<Utc> = app.app.now() + ahead;
    moment.to_rfc3339()
}

async fn visit(app: &TestApp, link: &str) -> u16 {
    app.http
        .get(link)
        .send()
        .await
        .expect("an answer")
        .status()
        .as_u16()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
