//! How a partner's answers are read.

use std::time::Duration;

use ats_http::reqwest::{Error, Response};
use ats_http::retry_after_of;
use serde_json::{Map, Value};

use crate::Test;

/// No answer of this API is longer by far.
const ANSWER_LENGTH_MAX: usize = 4 * 1024 * 1024;

/// A partner's answer to `test_status`, as it came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SeenStatus {
    /// Only `complete` means something.
    pub partner_status: String,
    /// The result page; always there when complete.
    pub partner_profile_url: Option<String>,
    /// The score.
    pub partner_score: Option<f64>,
    /// Labels and values, none of them nested.
    pub metadata: Map<String, Value>,
}

impl SeenStatus {
    /// Whether the status is exactly `complete`.
    pub fn is_complete(&self) -> bool {
        self.partner_status == "complete"
    }
}

/// Why a call to a partner gave nothing. It holds neither address nor key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No connection, or none that lasted to the end of the answer.
    #[error("the partner did not answer in time")]
    NoAnswer,
    /// Another status than 2xx.
    #[error("the partner answered {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// The body's `error`, if it has one.
        code: Option<String>,
        /// The body's `message`; blank if it has none.
        message: String,
        /// How long the partner asks to wait.
        retry_after: Option<Duration>,
    },
    /// 2xx with a body that is not as documented.
    #[error("the partner's answer is malformed: {0}")]
    Malformed(&'static str),
}

impl CallError {
    /// The status, where there was one other than 2xx.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The key is not known there.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401)
    }

    /// The test or interview is not known there.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Too many calls.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }
}

/// The body of a 2xx.
pub(super) async fn body(result: Result<Response, Error>) -> Result<Vec<u8>, CallError> {
    let mut response = result.map_err(|_| CallError::NoAnswer)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| CallError::NoAnswer)? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_LENGTH_MAX {
            return Err(CallError::Malformed("the body is longer than 4 MiB"));
        }
    }
    if response.status().is_success() {
        Ok(body)
    } else {
        Err(refusal(&response, &body))
    }
}

fn refusal(response: &Response, body: &[u8]) -> CallError {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |member: &str| body.get(member).and_then(Value::as_str).map(str::to_owned);
    CallError::Refused {
        status: response.status().as_u16(),
        code: text("error"),
        message: text("message").unwrap_or_default(),
        retry_after: retry_after_of(response),
    }
}

pub(super) fn tests(body: &[u8]) -> Result<Vec<Test>, CallError> {
    match json(body)? {
        Value::Array(items) => items.iter().map(test).collect(),
        _ => Err(CallError::Malformed("list_tests is not an array")),
    }
}

fn test(item: &Value) -> Result<Test, CallError> {
    let id = text(item, "partner_test_id").ok_or(CallError::Malformed(
        "partner_test_id is missing or not a text",
    ))?;
    let name = text(item, "partner_test_name").ok_or(CallError::Malformed(
        "partner_test_name is missing or not a text",
    ))?;
    Ok(Test::new(id, &name))
}

pub(super) fn interview_id(body: &[u8]) -> Result<String, CallError> {
    text(&json(body)?, "partner_interview_id").ok_or(CallError::Malformed(
        "partner_interview_id is missing or not a text",
    ))
}

pub(super) fn status(body: &[u8]) -> Result<SeenStatus, CallError> {
    let json = json(body)?;
    let partner_status = text(&json, "partner_status").ok_or(CallError::Malformed(
        "partner_status is missing or not a text",
    ))?;
    let seen = SeenStatus {
        partner_status,
        partner_profile_url: text(&json, "partner_profile_url"),
        partner_score: score(&json)?,
        metadata: metadata(&json)?,
    };
    if seen.is_complete() && seen.partner_profile_url.is_none() {
        return Err(CallError::Malformed("complete without partner_profile_url"));
    }
    Ok(seen)
}

fn score(json: &Value) -> Result<Option<f64>, CallError> {
    match json.get("partner_score") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(_) => Err(CallError::Malformed("partner_score is not a number")),
    }
}

fn metadata(json: &Value) -> Result<Map<String, Value>, CallError> {
    match json.get("metadata") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(entries)) if entries.values().all(is_flat) => Ok(entries.clone()),
        Some(Value::Object(_)) => Err(CallError::Malformed("metadata is nested")),
        Some(_) => Err(CallError::Malformed("metadata is not an object")),
    }
}

fn is_flat(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn json(body: &[u8]) -> Result<Value, CallError> {
    serde_json::from_slice(body).map_err(|_| CallError::Malformed("the body is not JSON"))
}

/// A text that is not blank. Numbers are refused: the documentation has had texts since 2017.
fn text(json: &Value, member: &str) -> Option<String> {
    let text = json.get(member)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
