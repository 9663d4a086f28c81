//! An answer that was made up but not sent yet.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use serde_json::Value;

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
