//! Harvest v3: who calls is told, counted, and answered. Everything is in the log.

pub(crate) mod endpoints;
pub(crate) mod problem;

mod applications;
mod ask;
mod attachments;
mod candidates;
mod fields;
mod jobs;
mod list;
mod notes;
mod people;
mod tags;

use std::time::Instant;

use actix_web::http::header::{AUTHORIZATION, HeaderName, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

use self::ask::{Ask, Caller};
use self::endpoints::{ENDPOINTS, Endpoint};
use self::problem::Problem;
use super::API;
use super::allowance::{Allowance, Counted};
use super::faults;
use crate::answer::Answer;
use crate::call_log::{Ats, Call};
use crate::faults::Fault;
use crate::lever::api::{describe, text_header};
use crate::secret::shortened;
use crate::shared::Shared;
use crate::world::World;

/// Registers every endpoint. What has none is 404, whoever asks.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let mut scope = web::scope(API);
    for endpoint in ENDPOINTS {
        let handler = move |shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes| {
            serve(endpoint, shared, request, body)
        };
        let method = web::method(endpoint.method.clone());
        scope = scope.route(endpoint.path, method.to(handler));
    }
    config.service(scope.default_service(web::to(unknown)));
}

async fn serve(
    endpoint: &'static Endpoint,
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let begun = Instant::now();
    let heard = Heard {
        authorization: text_header(&request, AUTHORIZATION),
        path: request.path(),
        id: request
            .match_info()
            .get("id")
            .and_then(|id| id.parse().ok()),
        query: request.query_string(),
        body: &body,
        base: shared.link(API),
    };
    let mut call = logged(&shared, &request, &body, endpoint.call);
    let outcome = shared.change(|world, now| {
        world.sync_harvest(now);
        let outcome = answer(world, now, endpoint, &heard, &mut call);
        note(&mut call, &outcome);
        call.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        world.record(call);
        outcome
    });
    send(outcome, &request, &shared).await
}

/// What is to be sent: an answer, or a fault in its place.
pub(crate) struct Outcome {
    /// The answer of a call that was carried out.
    pub(crate) right: Option<Answer>,
    pub(crate) fault: Option<Fault>,
    /// What the headers say of the window; the token endpoint has none.
    pub(crate) counted: Option<Counted>,
}

/// Sends an answer, or plays a fault.
pub(crate) async fn send(outcome: Outcome, request: &HttpRequest, shared: &Shared) -> HttpResponse {
    let counted = outcome.counted;
    let with_headers = |answer| match counted {
        Some(counted) => with_headers(answer, counted),
        None => answer,
    };
    let right = outcome.right.map(with_headers);
    match (outcome.fault, right) {
        (Some(fault), right) => {
            let of_status = |status| with_headers(faults::of_status(status));
            let elsewhere = shared.link("/greenhouse/elsewhere");
            crate::faults::play(&fault.play, request, right, of_status, &elsewhere).await
        }
        (None, Some(right)) => right.into_response(),
        (None, None) => HttpResponse::InternalServerError().finish(),
    }
}

/// What the log says of the outcome.
fn note(call: &mut Call, outcome: &Outcome) {
    let right = outcome.right.as_ref();
    call.status = right.map(|right| right.status);
    call.response_body = right.and_then(Answer::text);
    note_fault(call, outcome);
}

/// What the log says of a fault.
pub(crate) fn note_fault(call: &mut Call, outcome: &Outcome) {
    if let Some(fault) = &outcome.fault {
        let carried_out = outcome.right.is_some();
        let effect = if carried_out { ", carried out" } else { "" };
        call.status = fault.play.status(call.status);
        call.note = Some(format!("Fault played: {}{effect}", fault.play.words()));
    }
}

/// A request, apart from the connection it came on.
struct Heard<'a> {
    authorization: Option<String>,
    path: &'a str,
    id: Option<u64>,
    query: &'a str,
    body: &'a [u8],
    /// The API's address.
    base: String,
}

/// Everything between a request and its answer, in one step that nothing can interrupt.
fn answer(
    world: &mut World,
    now: DateTime<Utc>,
    endpoint: &Endpoint,
    heard: &Heard<'_>,
    call: &mut Call,
) -> Outcome {
    let outcome = |counted, right, fault| Outcome {
        right,
        fault,
        counted: Some(counted),
    };
    let caller = match Caller::of(world, now, heard.authorization.as_deref()) {
        Ok(caller) => caller,
        Err(problem) => {
            let counted = Allowance::default().count(now, 0, 30, endpoint.call);
            return outcome(counted, Some(problem.answer()), None);
        }
    };
    call.organization_id = Some(caller.organization_id);
    let counted = count(world, now, &caller, endpoint.call);
    if let Some(wait) = counted.wait {
        return outcome(counted, Some(too_many(wait)), None);
    }
    let fault = take_fault(world, caller.organization_id, endpoint.call);
    if fault.as_ref().is_some_and(|fault| !fault.takes_effect()) {
        return outcome(counted, None, fault);
    }
    let performed = perform(world, now, endpoint, caller, heard);
    let right = performed.unwrap_or_else(|problem| problem.answer());
    outcome(counted, Some(right), fault)
}

/// The fault that a call of an organization meets.
pub(crate) fn take_fault(world: &mut World, organization_id: u64, call: &str) -> Option<Fault> {
    let office = world.harvest.offices.get_mut(&organization_id)?;
    office.faults.take(faults::CALLS, call, None)
}

fn count(world: &mut World, now: DateTime<Utc>, caller: &Caller, call: &str) -> Counted {
    let offices = &mut world.harvest.offices;
    let office = offices.entry(caller.organization_id).or_default();
    let (limit, window) = (
        office.settings.calls_per_window,
        office.settings.window_seconds,
    );
    let allowance = office.allowances.entry(caller.client_id.clone());
    allowance.or_default().count(now, limit, window, call)
}

fn perform(
    world: &mut World,
    now: DateTime<Utc>,
    endpoint: &Endpoint,
    caller: Caller,
    heard: &Heard<'_>,
) -> Result<Answer, Problem> {
    caller.require(endpoint.scope)?;
    let mut ask = Ask {
        world,
        now,
        caller,
        path: heard.path,
        id: heard.id,
        query: heard.query,
        body: heard.body,
        base: &heard.base,
    };
    (endpoint.perform)(&mut ask)
}

/// The window is full: plain text, as some have seen it.
pub(crate) fn too_many(wait: i64) -> Answer {
    faults::of_status(429).with_header(RETRY_AFTER, &wait.to_string())
}

fn with_headers(answer: Answer, counted: Counted) -> Answer {
    let name = HeaderName::from_static;
    answer
        .with_header(name("x-ratelimit-limit"), &counted.limit.to_string())
        .with_header(
            name("x-ratelimit-remaining"),
            &counted.remaining.to_string(),
        )
        .with_header(name("x-ratelimit-reset"), &counted.reset.to_string())
}

fn logged(shared: &Shared, request: &HttpRequest, body: &[u8], name: &str) -> Call {
    let mut call = describe(shared, request, body, name);
    call.ats = Ats::Greenhouse;
    call.authorization = text_header(request, AUTHORIZATION).map(|header| shortened(&header));
    call
}

/// A path or a method that the API does not have: looked at before the credential.
async fn unknown(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut call = logged(&shared, &request, &body, "unknown");
    let answer = shared.change(|world, now| {
        let counted = Allowance::default().count(now, 0, 30, "unknown");
        let answer = with_headers(Problem::not_found().answer(), counted);
        call.status = Some(answer.status);
        call.response_body = answer.text();
        world.record(call);
        answer
    });
    answer.into_response()
}
