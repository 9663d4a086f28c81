//! Answers of the Data API in Lever's envelopes.

use serde_json::{Value, json};

pub(crate) use crate::answer::{Answer, Body};
use crate::refusal::Refusal;

impl Answer {
    /// `{"data": …}`
    pub(crate) fn data(data: Value) -> Self {
        Self::json(200, Value::from_iter([("data", data)]))
    }

    /// `{"data": …}` under 201.
    pub(crate) fn created(data: Value) -> Self {
        Self::json(201, Value::from_iter([("data", data)]))
    }
}

/// Why a call is refused: `{"code", "message"}`. The names of codes but `ResourceNotFound` are a guess after the
/// framework that Lever's are named after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Problem {
    /// The usual code of a status.
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        let code = match status {
            400 => "BadRequestError",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "ResourceNotFound",
            422 => "UnprocessableEntity",
            429 => "TooManyRequests",
            503 => "ServiceUnavailable",
            _ => "InternalServerError",
        };
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// A parameter or a body that cannot be used.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// Nothing has that id.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(404, format!("{what} {id} was not found"))
    }

    /// What is said where a fault plays a status.
    pub(crate) fn of_status(status: u16) -> Self {
        let message = match status {
            429 => "Too many requests. Please retry with exponential backoff.",
            503 => "Lever is down for maintenance. Please retry with exponential backoff.",
            500.. => "Something went wrong on our end.",
            _ => "The request was refused.",
        };
        Self::new(status, message)
    }

    /// As an answer.
    pub(crate) fn answer(&self) -> Answer {
        let body = json!({"code": self.code, "message": self.message});
        Answer::json(self.status, body)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown { what, id } => Self::not_found(what, &id),
            Refusal::Conflict(message) => Self::new(403, message),
            other => Self::bad_request(other.to_string()),
        }
    }
}
