//! Makes malformed calls and sees that they leave nothing behind.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{CANARY, log};
use crate::harness::{OPERATOR, TestApp, basic};

const TABLES: [&str; 15] = [
    "organizations",
    "users",
    "sessions",
    "api_keys",
    "assessments",
    "assessment_versions",
    "candidates",
    "invites",
    "attempts",
    "dead_links",
    "revisions",
    "places",
    "events",
    "jobs",
    "idempotency_keys",
];

/// One call, byte by byte.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Call {
    pub(super) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// At `/v1`, with the organization's key.
    pub(super) fn v1(app: &TestApp, method: &'static str, path: &str) -> Self {
        Self::new(method, format!("/v1/{path}")).bearer(&app.platform_key)
    }

    /// As Greenhouse.
    pub(super) fn greenhouse(app: &TestApp, method: &'static str, path: &str) -> Self {
        let call = Self::new(method, format!("/api/greenhouse/{path}"));
        call.with("authorization", basic(&app.greenhouse_key))
    }

    pub(super) fn bearer(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }

    pub(super) fn operator(self) -> Self {
        self.bearer(OPERATOR)
    }

    /// With this header in place of others of its name.
    pub(super) fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header can be sent");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// With this header beside others of its name.
    pub(super) fn and(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header can be sent");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.text(body.to_string())
    }

    /// With a body that calls itself JSON.
    pub(super) fn text(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("content-type", "application/json")
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The stable name of a refusal, at either door.
    pub(super) fn code(&self) -> String {
        let body = self.json();
        let code = body.get("code").or(body.get("error"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// All that does not name this very call.
    pub(super) fn without_request_id(mut self) -> Self {
        self.headers.remove("x-request-id");
        self.headers.remove("date");
        if let Ok(mut body) = serde_json::from_str::<Value>(&self.text)
            && let Some(members) = body.as_object_mut()
            && members.remove("request_id").is_some()
        {
            self.text = body.to_string();
        }
        self
    }
}

/// A Baton under malformed calls.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    pub(super) app: &'a TestApp,
    rows: Vec<i64>,
}

impl<'a> Watch<'a> {
    /// Counts what is stored now.
    pub(super) async fn start(app: &'a TestApp) -> Self {
        log::keep();
        app.idle().await;
        Self {
            app,
            rows: rows(app),
        }
    }

    /// Makes the call; whatever it is answered says nothing of what was sent.
    pub(super) async fn call(&self, call: &Call) -> Answer {
        let method = call.method.parse().expect("a method");
        let url = format!("{}{}", self.app.url, call.path);
        let request = self
            .app
            .http
            .request(method, url)
            .headers(call.headers.clone());
        let answer = request
            .body(call.body.clone())
            .send()
            .await
            .expect("an answer");
        let answer = Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer.text().await.expect("a whole body"),
        };
        assert!(answer.status < 500, "{call:?}: {answer:?}");
        assert!(!answer.text.contains(CANARY), "{call:?}: {answer:?}");
        assert!(
            !format!("{:?}", answer.headers).contains(CANARY),
            "{call:?}: {answer:?}"
        );
        answer
    }

    /// Makes the call, which has to be refused so.
    pub(super) async fn refuse(&self, what: &str, call: &Call, status: u16, code: &str) -> Answer {
        let answer = self.call(call).await;
        let seen = (answer.status, answer.code());
        assert_eq!(
            seen,
            (status, code.to_owned()),
            "{what}: {} {}: {}",
            call.method,
            call.path,
            answer.text
        );
        answer
    }

    /// As [`refuse`](Self::refuse), and the first fault named is of this member.
    pub(super) async fn fault(&self, call: &Call, field: &str) {
        let what = String::from_utf8_lossy(&call.body).into_owned();
        let answer = self.refuse(&what, call, 422, "unprocessable").await;
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{what}: {}",
            answer.text
        );
    }

    /// After all calls: nothing was stored, nothing was logged.
    pub(super) async fn finish(self) {
        self.app.idle().await;
        let changed: Vec<_> = (TABLES.iter().zip(rows(self.app)).zip(self.rows))
            .filter(|((_, after), before)| after != before)
            .collect();
        assert!(changed.is_empty(), "rows were stored: {changed:?}");
        assert!(!log::holds(CANARY), "what was sent stands in the log");
        for secret in [
            &self.app.platform_key,
            &self.app.greenhouse_key,
            &OPERATOR.to_owned(),
        ] {
            assert!(!log::holds(secret), "a key stands in the log");
        }
    }
}

fn rows(app: &TestApp) -> Vec<i64> {
    TABLES.iter().map(|table| app.rows(table)).collect()
}
