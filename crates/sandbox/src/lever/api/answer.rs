//! Answers of the Data API in Lever's envelopes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use serde_json::{Value, json};

use crate::refusal::Refusal;

/// What an answer carries.
#[derive(Debug, Clone, Default)]
pub(crate) enum Body {
    #[default]
    Empty,
    Json(Value),
    Bytes {
        content_type: String,
        bytes: Vec<u8>,
    },
}

/// An answer that was made up but not sent yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: Body,
}

impl Answer {
    /// `{"data": …}`
    pub(crate) fn data(data: Value) -> Self {
        Self::json(200, Value::from_iter([("data", data)]))
    }

    /// `{"data": …}` under 201.
    pub(crate) fn created(data: Value) -> Self {
        Self::json(201, Value::from_iter([("data", data)]))
    }

    /// Any JSON.
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
        }
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self {
            status: 204,
            ..Self::default()
        }
    }

    /// The same with a header more.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same with the first half of its body.
    pub(crate) fn cut_in_half(self) -> Self {
        let text = self.text().unwrap_or_default();
        let half = text.len() / 2;
        Self {
            body: Body::Bytes {
                content_type: JSON.to_owned(),
                bytes: text.as_bytes()[..half].to_vec(),
            },
            ..self
        }
    }

    /// The body as the log keeps it.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.body {
            Body::Empty => None,
            Body::Json(value) => Some(value.to_string()),
            Body::Bytes { bytes, .. } => Some(String::from_utf8_lossy(bytes).into_owned()),
        }
    }

    /// To be sent.
    pub(crate) fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        match self.body {
            Body::Empty => response.finish(),
            Body::Json(value) => {
                response.insert_header((CONTENT_TYPE, JSON));
                response.body(value.to_string())
            }
            Body::Bytes {
                content_type,
                bytes,
            } => {
                response.insert_header((CONTENT_TYPE, content_type));
                response.body(bytes)
            }
        }
    }
}

const JSON: &str = "application/json; charset=utf-8";

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
