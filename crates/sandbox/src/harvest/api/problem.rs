//! Why a call is refused, in the shapes that Greenhouse has.

use serde_json::{Value, json};

use crate::answer::Answer;

/// A status, a message, and what is wrong in particular.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) message: &'static str,
    pub(crate) errors: Vec<Value>,
}

impl Problem {
    fn new(status: u16, message: &'static str, errors: Vec<Value>) -> Self {
        Self {
            status,
            message,
            errors,
        }
    }

    /// 401.
    pub(crate) fn unauthorized() -> Self {
        let why =
            "Token could not be decoded. Please check that it is correct and has not expired.";
        Self::new(401, "Unauthorized", vec![why.into()])
    }

    /// 403.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        let why: String = why.into();
        Self::new(403, "Forbidden", vec![why.into()])
    }

    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "Resource not found", Vec::new())
    }

    /// 422 with a sentence: a query.
    pub(crate) fn sentence(why: impl Into<String>) -> Self {
        let why: String = why.into();
        Self::new(422, "Unprocessable Content", vec![why.into()])
    }

    /// 422 with a parameter as key.
    pub(crate) fn parameter(name: &str, why: impl Into<String>) -> Self {
        let why: String = why.into();
        Self::new(422, "Unprocessable Content", vec![json!({ name: why })])
    }

    /// 422 with message and field: a member of a body.
    pub(crate) fn field(name: &str, why: impl Into<String>) -> Self {
        let why: String = why.into();
        let error = json!({"message": why, "field": name});
        Self::new(422, "Unprocessable Content", vec![error])
    }

    /// As an answer.
    pub(crate) fn answer(&self) -> Answer {
        let mut body = json!({"message": self.message});
        if !self.errors.is_empty() {
            body["errors"] = self.errors.clone().into();
        }
        Answer::json(self.status, body)
    }
}
