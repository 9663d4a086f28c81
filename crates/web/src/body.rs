//! Bodies, read strictly: `application/json` of at most 256 KiB, every member known, every fault named with its path.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::Problem;
use crate::words;

/// The longest body.
const LONGEST: usize = 256 * 1024;
/// The deepest nesting.
const DEEPEST: usize = 32;

/// A body of JSON.
#[derive(Debug)]
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) value: T,
    /// As it came, to tell repeats apart.
    pub(crate) bytes: Bytes,
}

/// A body of JSON that may be left out altogether.
#[derive(Debug)]
pub(crate) struct OptionalBody<T>(pub(crate) Body<T>);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(call: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (call, body) = (call.clone(), read(call, payload));
        Box::pin(async move { Self::parse(&call, body.await?) })
    }
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(call: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (call, body) = (call.clone(), read(call, payload));
        Box::pin(async move {
            let bytes = body.await?;
            if !bytes.is_empty() {
                return Body::parse(&call, bytes).map(Self);
            }
            let value = T::default();
            Ok(Self(Body { value, bytes }))
        })
    }
}

impl<T: DeserializeOwned> Body<T> {
    fn parse(call: &HttpRequest, bytes: Bytes) -> Result<Self, Problem> {
        if !is_json(call) {
            let detail = "send the body as `Content-Type: application/json`";
            return Err(Problem::unreadable("not_json", detail));
        }
        if depth(&bytes) > DEEPEST {
            let detail = "the body is nested more than 32 levels deep";
            return Err(Problem::unreadable("not_json", detail));
        }
        let value = from_slice(&bytes)?;
        Ok(Self { value, bytes })
    }
}

fn read(
    call: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let body = web::Payload::from_request(call, payload).into_inner();
    async move {
        let body = body.map_err(|_| cut_short())?;
        match body.to_bytes_limited(LONGEST).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(_)) => Err(cut_short()),
            Err(_) => Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)),
        }
    }
}

fn cut_short() -> Problem {
    Problem::unreadable("not_json", "the body ended early; send it again")
}

/// `application/json` or a relative of it, in UTF-8.
fn is_json(call: &HttpRequest) -> bool {
    let mut types = call.headers().get_all(header::CONTENT_TYPE);
    if types.next().is_none() || types.next().is_some() {
        return false;
    }
    let kind = call.content_type().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    refuse_other_than_object(bytes)?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        refuse(&path, error.inner())
    })?;
    json.end().map_err(|error| refuse("", &error))?;
    Ok(value)
}

/// What is no JSON is told so before its members are looked at. Serde would read a list as an object without names.
fn refuse_other_than_object(bytes: &[u8]) -> Result<(), Problem> {
    let json: Value = serde_json::from_slice(bytes).map_err(|error| refuse("", &error))?;
    if json.is_object() {
        return Ok(());
    }
    Err(Problem::fault("body", "has to be an object"))
}

fn refuse(path: &str, error: &serde_json::Error) -> Problem {
    if error.is_data() {
        let (field, problem) = words::of(path, &error.to_string());
        return Problem::fault(field, problem);
    }
    let (line, column) = (error.line(), error.column());
    let detail = format!("the body is not JSON: look at line {line}, column {column}");
    Problem::unreadable("not_json", detail)
}

/// How deep lists and objects are nested; brackets within texts do not count.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn only_brackets_outside_texts_nest() {
        assert_eq!(depth(br#"{"a":[1,{"b":2}],"c":"[[[[\"[["}"#), 3);
        assert_eq!(depth(b"]]]["), 1);
        assert_eq!(depth(b"12"), 0);
        assert_eq!(depth(&b"[".repeat(40)), 40);
    }
}
