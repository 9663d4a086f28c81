//! A recruiter at the sandbox's Greenhouse, in an organization that is connected to Baton.

use serde_json::{Value, json};

use super::TestApp;
use super::calls::text;

/// The recruiter, with a job whose second stage sends a test.
#[derive(Debug)]
pub(crate) struct Recruiter<'a> {
    app: &'a TestApp,
    pub(crate) organization: u64,
    job: u64,
    stage: u64,
}

/// A test that was sent: Greenhouse's id of it, and Baton's.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) test: u64,
    pub(crate) interview: String,
}

impl<'a> Recruiter<'a> {
    /// Connects Baton by its Greenhouse key and puts `test` on the stage.
    pub(crate) async fn connect(app: &'a TestApp, test: &str) -> Self {
        let base_url = format!("{}/api/greenhouse", app.url);
        let body = json!({ "name": "Acme", "base_url": base_url, "key": app.greenhouse_key });
        let organization = make(app, "organizations", body).await;
        let body = json!({ "organization_id": organization, "name": "Engineer" });
        let job = make(app, "jobs", body).await;
        let stage = make(app, &format!("jobs/{job}/stages"), json!({})).await;
        let body = json!({ "partner_test_id": test, "graders": ["Gus"] });
        app.control("PATCH", &format!("greenhouse/stages/{stage}"), Some(body))
            .await;
        Self {
            app,
            organization,
            job,
            stage,
        }
    }

    /// Changes the connection (`{"key": …}`, `{"dialect": "2019"}`).
    pub(crate) async fn change(&self, change: Value) {
        let path = format!("greenhouse/organizations/{}", self.organization);
        self.app.control("PATCH", &path, Some(change)).await;
    }

    /// Adds a candidate in the stage; the application's id.
    pub(crate) async fn candidate(&self, email: &str) -> u64 {
        let body = json!({ "job_id": self.job, "stage_id": self.stage, "first_name": "Kim", "email": email });
        let made = self
            .app
            .control("POST", "greenhouse/applications", Some(body))
            .await;
        number(&made["application_id"])
    }

    /// Presses **Send Test** for a new candidate.
    pub(crate) async fn send(&self, email: &str) -> Sent {
        let application = self.candidate(email).await;
        let path = format!("greenhouse/applications/{application}/send");
        let sent = self.app.control("POST", &path, None).await;
        Sent {
            test: number(&sent["take_home_test_id"]),
            interview: text(&sent["partner_interview_id"]),
        }
    }

    /// What Greenhouse shows of a sent test.
    pub(crate) async fn test(&self, sent: &Sent) -> Value {
        let path = format!("greenhouse/take-home-tests/{}", sent.test);
        self.app.control("GET", &path, None).await
    }

    /// Has Greenhouse play a fault to the next PATCHes (`{"play": {"kind": "status", "status": 500}, "times": 3}`).
    pub(crate) async fn play(&self, fault: Value) {
        let faults = json!({ "patch": fault });
        self.app
            .control("PUT", "greenhouse/faults", Some(faults))
            .await;
    }

    /// How many calls of this kind Greenhouse has logged.
    pub(crate) async fn calls(&self, kind: &str) -> usize {
        let log = self
            .app
            .control("GET", &format!("log?call={kind}"), None)
            .await;
        log["calls"].as_array().expect("a list").len()
    }
}

async fn make(app: &TestApp, what: &str, body: Value) -> u64 {
    let made = app
        .control("POST", &format!("greenhouse/{what}"), Some(body))
        .await;
    number(&made["id"])
}

fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}
