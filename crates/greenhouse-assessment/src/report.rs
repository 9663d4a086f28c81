//! What Greenhouse reports when an answer of ours was malformed.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::lenient::{self, Object};

/// Longest copy of the body that is kept, in bytes.
const BODY_LENGTH_MAX: usize = 16 * 1024;
const TEXT_LENGTH_MAX: usize = 500;
const ERRORS_MAX: usize = 50;

/// A report as far as it could be read. Reading never fails: a report about our faults is not refused for its own.
///
/// `Debug` shows the call and how many errors there are; the rest may be about a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResponseError {
    /// `list_tests`, `send_test` or `test_status`.
    pub api_call: Option<String>,
    /// What was wrong with our answer, in Greenhouse's words: at most 50 texts of at most 500 characters.
    pub errors: Vec<String>,
    /// The test it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_test_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_test_name: Option<String>,
    /// The sending it was about. Look it up among the caller's own only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_interview_id: Option<String>,
    /// The candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate_email: Option<String>,
    /// The body as text, for keeping: cut at 16 KiB, what is not UTF-8 replaced, without NUL.
    #[serde(skip)]
    pub body: String,
}

impl ResponseError {
    /// A report as Greenhouse sends it, for callers.
    pub fn new<I>(api_call: &str, errors: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self {
            api_call: Some(api_call.to_owned()),
            errors: errors.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Reads any bytes whatever.
    ///
    /// ```
    /// use greenhouse_assessment::ResponseError;
    ///
    /// let report = ResponseError::read(br#"{"api_call": "test_status", "errors": "no number", "partner_test_id": 3}"#);
    /// assert_eq!(report.errors, ["no number"]);
    /// assert_eq!(report.partner_test_id.as_deref(), Some("3"));
    /// assert_eq!(ResponseError::read(b"\xFF<html>").body, "\u{FFFD}<html>");
    /// ```
    pub fn read(body: &[u8]) -> Self {
        let object = lenient::object(body).unwrap_or_default();
        let text = |member| lenient::text(&object, member).map(shortened);
        Self {
            api_call: text("api_call"),
            errors: errors(&object),
            partner_test_id: text("partner_test_id"),
            partner_test_name: text("partner_test_name"),
            partner_interview_id: text("partner_interview_id"),
            candidate_email: text("candidate_email"),
            body: copy(body),
        }
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseError")
            .field("api_call", &self.api_call)
            .field("errors", &self.errors.len())
            .finish_non_exhaustive()
    }
}

fn errors(object: &Object) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => lenient::clean(text).map(shortened),
        other => Some(shortened(other.to_string())),
    };
    match object.get("errors") {
        None => Vec::new(),
        Some(Value::Array(values)) => values.iter().filter_map(one).take(ERRORS_MAX).collect(),
        Some(value) => one(value).into_iter().collect(),
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(TEXT_LENGTH_MAX) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

fn copy(body: &[u8]) -> String {
    let start = &body[..body.len().min(BODY_LENGTH_MAX)];
    let mut text = String::from_utf8_lossy(start).replace('\0', "\u{FFFD}");
    // Each byte that is not UTF-8 became three.
    text.truncate(text.floor_char_boundary(BODY_LENGTH_MAX));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_documented_report_is_read_whole() {
        let report = ResponseError::read(
            br#"{"api_call": "test_status", "errors": ["partner_score must be a number"],
                 "partner_test_id": "tst_8Qm2f0", "partner_test_name": "Backend",
                 "partner_interview_id": 42, "candidate_email": "zoe.n@candidate.example", "later": {}}"#,
        );
        assert_eq!(report.api_call.as_deref(), Some("test_status"));
        assert_eq!(report.errors, ["partner_score must be a number"]);
        assert_eq!(report.partner_test_id.as_deref(), Some("tst_8Qm2f0"));
        assert_eq!(report.partner_test_name.as_deref(), Some("Backend"));
        assert_eq!(report.partner_interview_id.as_deref(), Some("42"));
        assert_eq!(
            report.candidate_email.as_deref(),
            Some("zoe.n@candidate.example")
        );
    }

    #[test]
    fn strange_errors_are_kept_as_text() {
        let report = ResponseError::read(br#"{"errors": [1, null, {"a": true}, " ", "x"]}"#);
        assert_eq!(report.errors, ["1", r#"{"a":true}"#, "x"]);
        assert!(ResponseError::read(b"{}").errors.is_empty());
    }

    #[test]
    fn long_reports_are_cut() {
        let report = ResponseError::read("ü".repeat(20_000).as_bytes());
        assert!(report.body.len() <= BODY_LENGTH_MAX);
        let body = serde_json::json!({"errors": vec!["e".repeat(600); 60]}).to_string();
        let report = ResponseError::read(body.as_bytes());
        assert_eq!(report.errors, vec!["e".repeat(500); 50]);
    }

    #[test]
    fn debug_says_nothing_about_a_person() {
        let report = ResponseError::read(
            br#"{"api_call": "send_test", "candidate_email": "zoe@c.example"}"#,
        );
        assert!(!format!("{report:?}").contains("zoe"));
    }

    proptest! {
        #[test]
        fn any_bytes_make_a_report(body in any::<Vec<u8>>()) {
            let report = ResponseError::read(&body);
            prop_assert!(!report.body.contains('\0'));
        }
    }
}
