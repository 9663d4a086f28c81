//! How answers are read.

use std::time::SystemTime;

use ats_http::reqwest::Response;
use ats_http::{retry_after_of, sent_at};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::request::Request;
use super::{Client, Dated};
use crate::{Error, ErrorKind, Refusal, envelope};

/// A page of a hundred opportunities with everything expanded is far shorter.
pub(super) const BODY_LENGTH_MAX: usize = 32 * 1024 * 1024;

/// What is kept of a body that is not JSON.
const MESSAGE_LENGTH_MAX: usize = 500;

pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<String>,
    pub(super) sent_at: Option<SystemTime>,
}

impl Client {
    /// One object.
    pub(super) async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        self.read_dated(request).await.map(|dated| dated.value)
    }

    pub(super) async fn read_dated<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<Dated<T>, Error> {
        let body = self.send(&request, BODY_LENGTH_MAX).await?;
        let value = envelope::single(&body.bytes)
            .map_err(|unreadable| Error::new(unreadable, request.repeatable))?;
        Ok(Dated {
            value,
            sent_at: body.sent_at,
        })
    }

    /// A call whose answer says nothing more.
    pub(super) async fn done(&self, request: Request) -> Result<(), Error> {
        self.send(&request, BODY_LENGTH_MAX).await.map(drop)
    }

    /// The body of a 2xx.
    pub(super) async fn send(&self, request: &Request, most: usize) -> Result<Body, Error> {
        self.attempt(request, most)
            .await
            .map_err(|kind| Error::new(kind, request.repeatable))
    }

    async fn attempt(&self, request: &Request, most: usize) -> Result<Body, ErrorKind> {
        let call = request.call(&self.base)?;
        let mut response = self.caller.call(&call).await?;
        let bytes = bytes(&mut response, most).await?;
        body(&response, bytes)
    }
}

async fn bytes(response: &mut Response, most: usize) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| ErrorKind::NoAnswer)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(ErrorKind::TooLong);
        }
    }
    Ok(bytes)
}

fn body(response: &Response, bytes: Vec<u8>) -> Result<Body, ErrorKind> {
    if !response.status().is_success() {
        return Err(refusal(response, &bytes).into());
    }
    let content_type = response.headers().get("content-type");
    Ok(Body {
        bytes,
        content_type: content_type
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        sent_at: sent_at(response),
    })
}

fn refusal(response: &Response, bytes: &[u8]) -> Refusal {
    let (code, message) = match serde_json::from_slice::<Value>(bytes) {
        Ok(body) => (text(&body, "code"), text(&body, "message")),
        Err(_) => (String::new(), String::from_utf8_lossy(bytes).into_owned()),
    };
    Refusal {
        status: response.status().as_u16(),
        code: shortened(&code),
        message: shortened(&message),
        retry_after: retry_after_of(response),
    }
}

fn text(body: &Value, member: &str) -> String {
    let text = body.get(member).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn shortened(text: &str) -> String {
    text.chars().take(MESSAGE_LENGTH_MAX).collect()
}
