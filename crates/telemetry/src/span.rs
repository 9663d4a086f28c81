//! One span and one line a request. The field list is closed: id, method, route pattern, status, trace, duration.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::{Error, HttpMessage};
use domain::Traceparent;
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{RootSpanBuilder, TracingLogger};

use crate::RequestId;
use crate::route::Route;

/// Builds a request's span. The builder that comes with `tracing-actix-web` logs path and query in full, and with them links and
/// OAuth codes; this one never does.
#[derive(Debug)]
pub struct RequestSpan;

/// When the request came.
struct Begun(Instant);

/// A middleware: gives each request an id and a span, and logs one line when it is answered.
pub fn log_requests() -> TracingLogger<RequestSpan> {
    TracingLogger::new()
}

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let drawn = request
            .extensions()
            .get::<tracing_actix_web::RequestId>()
            .copied();
        let drawn = drawn.map(|id| id.to_string()).unwrap_or_default();
        let id = RequestId::choose(request, drawn);
        let route = Route::of(request);
        let trace = trace_of(request);
        let span = tracing::info_span!(
            "request",
            request_id = %id,
            http.method = method(request),
            http.route = route.as_str(),
            http.status_code = Empty,
            trace_id = trace.as_ref().map(Traceparent::trace_id),
        );
        request.extensions_mut().insert(id);
        if let Some(trace) = trace {
            request.extensions_mut().insert(trace);
        }
        request.extensions_mut().insert(Begun(Instant::now()));
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.status_code", status.as_u16());
        log_answer(status, outcome.as_ref().ok().and_then(milliseconds));
    }
}

/// The one `traceparent` of a request; with two of them there is none.
fn trace_of(request: &ServiceRequest) -> Option<Traceparent> {
    let mut sent = request.headers().get_all("traceparent");
    let (Some(one), None) = (sent.next(), sent.next()) else {
        return None;
    };
    Traceparent::parse(one.to_str().ok()?)
}

fn milliseconds<B>(response: &ServiceResponse<B>) -> Option<f64> {
    let extensions = response.request().extensions();
    let begun = extensions.get::<Begun>()?;
    Some(begun.0.elapsed().as_secs_f64() * 1000.0)
}

fn log_answer(status: StatusCode, milliseconds: Option<f64>) {
    if status.is_server_error() {
        tracing::warn!(milliseconds, "request answered");
    } else {
        tracing::info!(milliseconds, "request answered");
    }
}

/// The methods there are; a caller cannot put text of its own into the log or the metrics.
pub(crate) fn method(request: &ServiceRequest) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let method = request.method().as_str();
    KNOWN
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}
