//! All operations of `/v1`, as its own document lists them: what is added there is tried here.

use serde_json::Value;

use super::UNKNOWN;
use super::watch::Call;
use crate::harness::TestApp;

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    /// With `{id}` in it, where it has one.
    pub(super) pattern: String,
    operator: bool,
    /// Whether a body can be sent, and has to be.
    pub(super) body: Option<bool>,
}

impl Operation {
    pub(super) fn has_id(&self) -> bool {
        self.pattern.contains("{id}")
    }

    /// A call of it with a good key, and this id if it takes one; where it takes a kind of connection, one that there is.
    pub(super) fn call(&self, app: &TestApp, id: &str) -> Call {
        let path = self.pattern.replace("{id}", id).replace("{kind}", "lever");
        let call = Call::new(self.method, path);
        if self.operator {
            call.operator()
        } else {
            call.bearer(&app.platform_key)
        }
    }

    /// The same with an id that nobody has.
    pub(super) fn call_unknown(&self, app: &TestApp) -> Call {
        self.call(app, UNKNOWN)
    }
}

/// All of them.
pub(super) async fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app
        .http
        .get(format!("{}/openapi.json", app.url))
        .send()
        .await;
    let document: Value = document.expect("an answer").json().await.expect("JSON");
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if let Some(operation) = methods.get(method.to_lowercase()) {
                found.push(read(method, path, operation));
            }
        }
    }
    assert!(found.len() >= 30, "the document lists them all");
    found
}

fn read(method: &'static str, path: &str, operation: &Value) -> Operation {
    let security = operation["security"].to_string();
    let body = operation.get("requestBody");
    Operation {
        method,
        pattern: path.to_owned(),
        operator: security.contains("operator_token"),
        body: body.map(|body| body["required"] == true),
    }
}
