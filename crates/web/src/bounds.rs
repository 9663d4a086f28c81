//! How long a request's address and headers may be, and how long it may take: for the whole server, whatever the route. How
//! long a body may be is each route's own business.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::middleware::make_careful;
use crate::problem::Problem;

/// The longest address, path and query together, in bytes.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// The most bytes of all headers together.
const MOST_OF_HEADERS: usize = 16 * 1024;
/// What stands around a header's name and value: `: ` and the end of the line.
const AROUND_A_HEADER: usize = 4;
/// From the end of a request's head to the beginning of its answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where Greenhouse calls, and expects refusals of another form.
const PARTNER: &str = "/api/greenhouse/";

/// Middleware for the whole server: 414 for an address of more than 8 KiB, 431 for more than 16 KiB of headers, 408 where the
/// body is not there after 30 s, 503 where the answer is not. What was begun by then may still be committed.
///
/// # Errors
/// Those of the services behind it, and the refusal of a request whose time is over.
pub async fn bound<B: MessageBody + 'static>(
    mut call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let for_partner = call.path().starts_with(PARTNER);
    if let Some(refusal) = too_long(call.uri(), call.headers()) {
        return Ok(call.into_response(answer(&refusal, for_partner)));
    }
    let body_is_here = watch_body(&mut call);
    match tokio::time::timeout(PATIENCE, next.call(call)).await {
        Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Err(out_of_time(body_is_here.get(), for_partner)),
    }
}

/// What is too long about a request's head.
fn too_long(address: &Uri, headers: &HeaderMap) -> Option<Problem> {
    let length = address.path_and_query().map_or(0, |all| all.as_str().len());
    if length > LONGEST_ADDRESS {
        let detail = "the address is longer than 8 KiB; send long texts in a body";
        return Some(Problem::new(
            StatusCode::URI_TOO_LONG,
            "address_too_long",
            detail,
        ));
    }
    let lengths = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + AROUND_A_HEADER);
    if lengths.sum::<usize>() > MOST_OF_HEADERS {
        let detail = "the headers are longer than 16 KiB together; send fewer or shorter ones";
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Some(Problem::new(status, "headers_too_long", detail));
    }
    None
}

/// Becomes true when the last byte of the body was read.
fn watch_body(call: &mut ServiceRequest) -> Rc<Cell<bool>> {
    let is_here = Rc::new(Cell::new(matches!(call.parts().1, Payload::None)));
    let seen = Rc::clone(&is_here);
    if !is_here.get() {
        let end = stream::poll_fn(move |_| {
            seen.set(true);
            Poll::Ready(None)
        });
        let body = call.take_payload().chain(end);
        call.set_payload(Payload::Stream {
            payload: Box::pin(body),
        });
    }
    is_here
}

/// The answer is made here, while the request's id is at hand; the middlewares around do not touch the answer of an error.
fn out_of_time(body_is_here: bool, for_partner: bool) -> Error {
    let refusal = if body_is_here {
        Problem::unavailable()
    } else {
        let detail = "the body did not arrive within 30 seconds; send it again";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail)
    };
    let mut answer = answer(&refusal, for_partner);
    make_careful(answer.headers_mut());
    telemetry::name_request(answer.headers_mut());
    InternalError::from_response("the time of a request is over", answer).into()
}

/// The refusal, in the form of whoever is called.
fn answer(refusal: &Problem, for_partner: bool) -> HttpResponse {
    let plain = refusal.answer();
    if !for_partner {
        return plain;
    }
    let mut answer = HttpResponse::build(plain.status());
    if let Some(wait) = plain.headers().get(header::RETRY_AFTER) {
        answer.insert_header((header::RETRY_AFTER, wait.clone()));
    }
    answer.json(json!({ "error": refusal.code(), "message": refusal.detail() }))
}
