//! What every answer of the server carries, and what every refusal of `/v1` is.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use domain::Traceparent;

use crate::problem::Problem;

const DENY_ALL_BUT_OURS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers that keep browsers careful. An answer that says one of them itself keeps its own.
const CAREFUL: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, DENY_ALL_BUT_OURS),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer` browsers send `Origin: null` on our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// When to come back, in seconds, where a 503 does not say it itself.
const LATER: HeaderValue = HeaderValue::from_static("2");

/// Middleware for the whole server: adds the security headers that an answer does not set itself, and to a 503 when to come
/// back.
///
/// # Errors
/// Those of the services behind it.
pub async fn harden<B: MessageBody>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut answer = next.call(call).await?;
    let overloaded = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = answer.headers_mut();
    make_careful(headers);
    if overloaded {
        insert_missing(headers, header::RETRY_AFTER, LATER);
    }
    Ok(answer)
}

/// Middleware for the whole server: what a call leads to is part of the trace that its `traceparent` names.
///
/// # Errors
/// Those of the services behind it.
pub async fn carry_trace<B: MessageBody>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let trace = call.extensions().get::<Traceparent>().cloned();
    app::trace::within(trace, next.call(call)).await
}

/// Adds the security headers that an answer does not have yet.
pub(crate) fn make_careful(headers: &mut HeaderMap) {
    for (name, value) in CAREFUL {
        insert_missing(headers, name, HeaderValue::from_static(value));
    }
}

fn insert_missing(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

/// Middleware for `/v1`: refusals of the framework's own making become problems too.
///
/// # Errors
/// Those of the services behind it.
pub(crate) async fn answer_problems<B: MessageBody + 'static>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = next.call(call).await?.map_into_boxed_body();
    let error = answer.response().error();
    let foreign = error.filter(|error| error.as_error::<Problem>().is_none());
    let Some(status) = foreign.map(|error| error.as_response_error().status_code()) else {
        return Ok(answer);
    };
    Ok(answer.into_response(Problem::of_status(status).answer()))
}
