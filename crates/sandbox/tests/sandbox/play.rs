//! A sandbox connected to a vendor, with one job whose second stage holds a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ats_http::ClientConfig;
use chrono::{DateTime, Utc};
use reqwest::{Client, Method, Response};
use sandbox::{RunningSandbox, Sandbox, SandboxConfig, TimeSource};
use serde_json::{Value, json};

use crate::vendor::{KEY, Vendor};

/// A clock that stands still.
#[derive(Debug)]
pub(crate) struct StandingClock(AtomicI64);

impl TimeSource for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

pub(crate) fn config() -> SandboxConfig {
    SandboxConfig {
        clock: Arc::new(StandingClock(AtomicI64::new(1_790_000_000))),
        first_id_seed: Some(42),
        ..SandboxConfig::on("127.0.0.1:0".parse().unwrap())
    }
}

pub(crate) struct Play {
    pub(crate) vendor: Vendor,
    pub(crate) sandbox: RunningSandbox,
    pub(crate) http: Client,
    pub(crate) organization: u64,
    pub(crate) job: u64,
    pub(crate) review: u64,
    pub(crate) stage: u64,
}

impl Play {
    pub(crate) async fn start() -> Self {
        Self::with(json!({})).await
    }

    /// With settings of the organization on top of the usual ones.
    pub(crate) async fn with(settings: Value) -> Self {
        let vendor = Vendor::start();
        let mut play = Self {
            sandbox: Sandbox::start(config()).unwrap(),
            http: ats_http::client(ClientConfig::new("sandbox-test/1")).unwrap(),
            organization: 0,
            job: 0,
            review: 0,
            stage: 0,
            vendor,
        };
        play.set_up(settings).await;
        play
    }

    async fn set_up(&mut self, settings: Value) {
        let mut organization = json!({"name": "Acme", "partner_name": "Talent Works", "base_url": self.vendor.base, "key": KEY});
        for (name, value) in settings.as_object().unwrap() {
            organization[name] = value.clone();
        }
        let made = self.post("organizations", organization).await;
        self.organization = made["id"].as_u64().unwrap();
        let job = json!({"organization_id": self.organization, "name": "Backend engineer"});
        let job = self.post("jobs", job).await;
        self.job = job["id"].as_u64().unwrap();
        self.review = job["stages"][0]["id"].as_u64().unwrap();
        let stage = self
            .post(&format!("jobs/{}/stages", self.job), json!({}))
            .await;
        self.stage = stage["id"].as_u64().unwrap();
        self.edit_stage(json!({"partner_test_id": "7", "graders": ["Dan Nolan"]}))
            .await;
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.sandbox.url().join(path).unwrap().into()
    }

    /// A call of the control API below `/control/greenhouse/`: status and answer.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = self.url(&format!("/control/greenhouse/{path}"));
        let answer = self
            .http
            .request(method, url)
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap())
    }

    /// A POST that has to go well.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.control(Method::POST, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await.1
    }

    pub(crate) async fn edit_stage(&self, change: Value) -> Value {
        let path = format!("stages/{}", self.stage);
        let (status, answer) = self.control(Method::PATCH, &path, change).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn configure(&self, change: Value) {
        let path = format!("organizations/{}", self.organization);
        let (status, answer) = self.control(Method::PATCH, &path, change).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// A candidate in the assessment stage.
    pub(crate) async fn candidate(&self, first_name: &str) -> u64 {
        self.candidate_in(self.stage, first_name).await
    }

    pub(crate) async fn candidate_in(&self, stage: u64, first_name: &str) -> u64 {
        let body = json!({
            "job_id": self.job,
            "stage_id": stage,
            "first_name": first_name,
            "last_name": "Nguyễn-Okafor",
            "email": format!("{first_name}@candidate.example"),
        });
        let made = self.post("applications", body).await;
        made["application_id"].as_u64().unwrap()
    }

    /// **Send Test** for a new candidate: the sent test.
    pub(crate) async fn send(&self) -> Value {
        let application = self.candidate("Zoë").await;
        self.act(application, "send").await
    }

    pub(crate) async fn act(&self, application: u64, action: &str) -> Value {
        self.post(&format!("applications/{application}/{action}"), json!({}))
            .await
    }

    /// A sent test as it is now.
    pub(crate) async fn test(&self, sent: &Value) -> Value {
        self.get(&format!("take-home-tests/{}", sent["take_home_test_id"]))
            .await
    }

    pub(crate) fn callback(&self, sent: &Value) -> String {
        let id = &sent["take_home_test_id"];
        self.url(&format!(
            "/greenhouse/integrations/testing_partners/take_home_tests/{id}"
        ))
    }

    /// The vendor's PATCH with its key.
    pub(crate) async fn patch(&self, sent: &Value) -> Result<Response, reqwest::Error> {
        let call = self.http.patch(self.callback(sent));
        call.basic_auth(KEY, Some("")).send().await
    }

    /// The candidate finishes; the vendor PATCHes.
    pub(crate) async fn complete(&self, sent: &Value, score: f64) -> u16 {
        self.vendor
            .finish(sent["partner_interview_id"].as_str().unwrap(), score);
        self.patch(sent).await.unwrap().status().as_u16()
    }

    /// The world's version as soon as it is past `seen`.
    pub(crate) async fn version(&self, seen: u64) -> u64 {
        let url = self.url(&format!("/control/version?after={seen}"));
        let answer: Value = self
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answer["version"].as_u64().unwrap()
    }

    pub(crate) async fn log(&self, query: &str) -> Vec<Value> {
        let url = self.url(&format!("/control/log?{query}"));
        let answer: Value = self
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answer["calls"].as_array().unwrap().clone()
    }
}
