//! How answers are read.

use ats_http::reqwest::Response;
use ats_http::reqwest::header::HeaderMap;
use ats_http::retry_after_of;
use serde::de::DeserializeOwned;

use super::Client;
use super::request::Request;
use crate::{Complaint, Error, ErrorKind, Refusal, answer};

/// A page of five hundred posts with all their text is shorter.
const BODY_LENGTH_MAX: usize = 32 * 1024 * 1024;

pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) headers: HeaderMap,
}

impl Client {
    pub(super) async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        let body = self.send(&request).await?;
        answer::read(&body.bytes).map_err(|unreadable| Error::new(unreadable, request.repeatable))
    }

    /// A call whose answer says nothing more.
    pub(super) async fn done(&self, request: Request) -> Result<(), Error> {
        self.send(&request).await.map(drop)
    }

    /// The body of a 2xx.
    pub(super) async fn send(&self, request: &Request) -> Result<Body, Error> {
        self.attempt(request)
            .await
            .map_err(|kind| Error::new(kind, request.repeatable))
    }

    async fn attempt(&self, request: &Request) -> Result<Body, ErrorKind> {
        let call = request.call(&self.base)?;
        let mut response = self.caller.call(&call).await?;
        let bytes = bytes(&mut response).await?;
        if !response.status().is_success() {
            return Err(refusal(&response, &bytes).into());
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Body { bytes, headers })
    }
}

async fn bytes(response: &mut Response) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| ErrorKind::NoAnswer)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > BODY_LENGTH_MAX {
            return Err(ErrorKind::TooLong);
        }
    }
    Ok(bytes)
}

fn refusal(response: &Response, bytes: &[u8]) -> Refusal {
    let request_id = response.headers().get("x-request-id");
    let request_id = request_id.and_then(|value| value.to_str().ok());
    Refusal {
        status: response.status().as_u16(),
        complaint: Complaint::read(bytes),
        request_id: request_id.map(|id| id.chars().take(100).collect()),
        retry_after: retry_after_of(response),
    }
}
