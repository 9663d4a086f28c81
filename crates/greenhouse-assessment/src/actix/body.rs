//! How bodies are read.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, Payload};

use crate::PartnerError;

/// A caller who is slower than this holds a connection for nothing.
const PATIENCE: Duration = Duration::from_secs(15);

/// A usual `send_test` has about a thousand bytes: a body of up to this many may be read before it is known who calls.
const SMALL: u64 = 16 * 1024;

/// Does the caller say that the body is no larger than usual?
pub(super) fn is_small(request: &HttpRequest) -> bool {
    let length = request.headers().get(CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|value| value.to_str().ok()?.parse().ok());
    length.is_some_and(|length| length <= SMALL)
}

/// The whole body, if it has at most `limit` bytes.
pub(super) async fn read(payload: Payload, limit: usize) -> Result<Bytes, PartnerError> {
    match timeout(PATIENCE, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(PartnerError::BadRequest {
            message: "The body did not arrive whole: send it again.".into(),
        }),
        Ok(Err(_)) => Err(PartnerError::TooLarge { limit }),
        Err(_) => Err(PartnerError::TooSlow),
    }
}

/// Refuses what is clearly no JSON. A missing or vague type (`text/plain`, a form as many tools put it) is no reason:
/// the body itself decides.
pub(super) fn refuse_other_formats(request: &HttpRequest) -> Result<(), PartnerError> {
    let packed = header(request, CONTENT_ENCODING);
    if !matches!(packed.as_str(), "" | "identity") || is_other(&header(request, CONTENT_TYPE)) {
        return Err(PartnerError::NotJson);
    }
    Ok(())
}

fn is_other(content_type: &str) -> bool {
    const FAMILIES: [&str; 5] = ["image/", "audio/", "video/", "font/", "multipart/"];
    const TYPES: [&str; 6] = [
        "application/pdf",
        "application/xml",
        "application/zip",
        "text/csv",
        "text/html",
        "text/xml",
    ];
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    FAMILIES.iter().any(|family| essence.starts_with(family))
        || TYPES.contains(&essence)
        || essence.ends_with("+xml")
}

fn header(request: &HttpRequest, name: HeaderName) -> String {
    let value = request.headers().get(name);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default().trim().to_ascii_lowercase()
}
