//! The Data API: who calls is told, counted, perhaps met by a fault, and answered. Everything is in the log.

pub(crate) mod answer;
pub(crate) mod credential;
pub(crate) mod endpoints;
pub(crate) mod paging;
pub(crate) mod query;
pub(crate) mod wire;

mod ask;
mod contacts;
mod feedback;
mod files;
mod multipart;
mod notes;
mod opportunities;
mod opportunity_writes;
mod postings;
mod reference;
mod webhooks;

use std::collections::BTreeMap;
use std::time::Instant;

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};

use self::answer::{Answer, Problem};
pub(crate) use self::ask::Ask;
use self::credential::Caller;
use self::endpoints::{ENDPOINTS, Endpoint};
use self::query::Query;
use super::faults;
use super::world::Lever;
use crate::call_log::{Ats, Call, Direction, Findings};
use crate::faults::Fault;
use crate::shared::Shared;

/// The largest file and what is sent around it, in bytes.
const LARGEST_BODY: usize = 31 * 1024 * 1024;

/// Where the API is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    /// Where clients begin.
    First,
    /// Where a 301 leads.
    Second,
}

impl Home {
    fn path(self) -> &'static str {
        match self {
            Self::First => "/lever/v1",
            Self::Second => "/lever/eu/v1",
        }
    }
}

/// Registers every endpoint in both homes.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    for home in [Home::First, Home::Second] {
        let mut scope = web::scope(home.path()).app_data(web::PayloadConfig::new(LARGEST_BODY));
        for endpoint in ENDPOINTS {
            let handler =
                move |shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes| {
                    serve(endpoint, home, shared, request, body)
                };
            let method = web::method(endpoint.method.clone());
            scope = scope.route(endpoint.path, method.to(handler));
        }
        config.service(scope.default_service(web::to(unknown)));
    }
    config.service(web::resource("/lever/elsewhere{tail:.*}").to(elsewhere));
}

/// A request, apart from the connection it came on.
#[derive(Debug)]
struct Heard {
    authorization: Option<String>,
    content_type: String,
    /// The path below the API's home.
    path: String,
    ids: BTreeMap<String, String>,
    query: Query,
    body: web::Bytes,
    /// The sandbox's address without a slash at its end.
    base: String,
}

impl Heard {
    fn of(request: &HttpRequest, body: web::Bytes, home: Home, shared: &Shared) -> Self {
        let ids = request.match_info().iter();
        let path = request.path();
        Self {
            authorization: text_header(request, AUTHORIZATION),
            content_type: text_header(request, CONTENT_TYPE).unwrap_or_default(),
            path: path.strip_prefix(home.path()).unwrap_or(path).to_owned(),
            ids: ids
                .map(|(name, id)| (name.to_owned(), id.to_owned()))
                .collect(),
            query: Query::read(request.query_string()),
            body,
            base: shared.link(""),
        }
    }

    /// The opportunity that the call is about.
    fn opportunity_id(&self) -> Option<&str> {
        let id = self.ids.get("id")?;
        self.path.starts_with("/opportunities/").then_some(id)
    }
}

/// What is to be sent: an answer, or a fault in its place.
#[derive(Debug)]
struct Outcome {
    right: Option<Answer>,
    fault: Option<Fault>,
}

async fn serve(
    endpoint: &'static Endpoint,
    home: Home,
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let begun = Instant::now();
    let mut call = describe(&shared, &request, &body, endpoint.call);
    let heard = Heard::of(&request, body, home, &shared);
    let outcome = shared.change(|world, now| {
        let now = now.timestamp_millis();
        let (account_id, outcome) = answer(&mut world.lever, now, endpoint, home, &heard);
        call.account_id = account_id;
        call.opportunity_id = heard.opportunity_id().map(ToOwned::to_owned);
        note(&mut call, endpoint, &outcome);
        call.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        world.record(call);
        outcome
    });
    match (outcome.fault, outcome.right) {
        (Some(fault), right) => {
            let second_home = second_home(&request, &shared);
            faults::play(&fault.play, &request, right, &second_home).await
        }
        (None, Some(right)) => right.into_response(),
        (None, None) => HttpResponse::InternalServerError().finish(),
    }
}

/// Everything between a request and its answer, in one step that nothing can interrupt.
fn answer(
    lever: &mut Lever,
    now: i64,
    endpoint: &Endpoint,
    home: Home,
    heard: &Heard,
) -> (Option<String>, Outcome) {
    let right = |answer| Outcome {
        right: Some(answer),
        fault: None,
    };
    let caller = match Caller::of(lever, now, heard.authorization.as_deref()) {
        Ok(caller) => caller,
        Err(problem) => return (None, right(problem.answer())),
    };
    let account_id = Some(caller.account_id.clone());
    if let Err(answer) = take_allowance(lever, now, &caller, endpoint.call) {
        return (account_id, right(answer));
    }
    let fault = match lever.accounts.get_mut(&caller.account_id) {
        Some(account) if home == Home::First => {
            account
                .faults
                .take(faults::CALLS, endpoint.call, heard.opportunity_id())
        }
        _ => None,
    };
    if fault.as_ref().is_some_and(|fault| !fault.takes_effect()) {
        return (account_id, Outcome { right: None, fault });
    }
    let answered = perform(lever, now, endpoint, caller, heard);
    let right = Some(answered.unwrap_or_else(|problem| problem.answer()));
    (account_id, Outcome { right, fault })
}

fn take_allowance(lever: &mut Lever, now: i64, caller: &Caller, call: &str) -> Result<(), Answer> {
    let Some(account) = lever.accounts.get_mut(&caller.account_id) else {
        return Ok(());
    };
    let bucket = account
        .allowances
        .entry(caller.bucket().to_owned())
        .or_default();
    bucket
        .take(&account.settings, now, call)
        .map_err(|milliseconds| {
            let answer = Problem::of_status(429).answer();
            if account.settings.retry_after {
                let seconds = (milliseconds + 999) / 1_000;
                answer.with_header(RETRY_AFTER, &seconds.to_string())
            } else {
                answer
            }
        })
}

fn perform(
    lever: &mut Lever,
    now: i64,
    endpoint: &Endpoint,
    caller: Caller,
    heard: &Heard,
) -> Result<Answer, Problem> {
    caller.require(endpoint.scope)?;
    let mut ask = Ask {
        lever,
        now,
        caller,
        path: &heard.path,
        ids: &heard.ids,
        query: &heard.query,
        body: &heard.body,
        content_type: &heard.content_type,
        base: &heard.base,
    };
    let answer = (endpoint.perform)(&mut ask)?;
    if let Some(id) = heard.opportunity_id().filter(|_| endpoint.is_write())
        && let Some(opportunity) = ask.lever.opportunities.get_mut(id)
    {
        *opportunity
            .writes
            .entry(endpoint.call.to_owned())
            .or_default() += 1;
    }
    Ok(answer)
}

/// What the log says of the outcome.
fn note(call: &mut Call, endpoint: &Endpoint, outcome: &Outcome) {
    let right = outcome.right.as_ref();
    call.status = right.map(|right| right.status);
    call.response_body = right.and_then(Answer::text);
    if endpoint.call == "create_webhook" && call.status == Some(201) {
        call.response_body = Some("(holds a signing token)".to_owned());
    }
    if let Some(fault) = &outcome.fault {
        call.status = fault.play.status(call.status);
        let effect = if right.is_some() { ", carried out" } else { "" };
        call.note = Some(format!("Fault played: {}{effect}", fault.play.words()));
    }
}

/// The same call at the second home.
fn second_home(request: &HttpRequest, shared: &Shared) -> String {
    let uri = request.uri().to_string();
    let below = uri.strip_prefix(Home::First.path()).unwrap_or(&uri);
    shared.link(&format!("{}{below}", Home::Second.path()))
}

/// A call of a client, to be completed and logged.
pub(crate) fn describe(shared: &Shared, request: &HttpRequest, body: &[u8], call: &str) -> Call {
    let authorization = text_header(request, AUTHORIZATION);
    Call {
        sequence: 0,
        at: shared.now(),
        ats: Ats::Lever,
        direction: Direction::FromVendor,
        call: call.to_owned(),
        method: request.method().to_string(),
        url: request.uri().to_string(),
        authorization: authorization.as_deref().map(credential::redacted),
        request_body: (!body.is_empty()).then(|| String::from_utf8_lossy(body).into_owned()),
        status: None,
        response_body: None,
        milliseconds: 0,
        note: None,
        findings: Findings::default(),
        organization_id: None,
        take_home_test_id: None,
        account_id: None,
        opportunity_id: None,
    }
}

pub(crate) fn text_header(request: &HttpRequest, name: HeaderName) -> Option<String> {
    let value = request.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A path or a method that the API does not have.
async fn unknown(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut call = describe(&shared, &request, &body, "unknown");
    call.status = Some(404);
    shared.change(|world, _| world.record(call));
    let path = request.path();
    let problem = Problem::new(404, format!("{} {path} does not exist", request.method()));
    problem.answer().into_response()
}

/// Where a followed redirect ends that leads off the list of hosts: nobody should ever come here with a credential.
async fn elsewhere(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut call = describe(&shared, &request, &body, "elsewhere");
    call.status = Some(200);
    if call.authorization.is_some() {
        let error = "a redirect was followed with the credential: it must stay with Lever";
        call.findings.error(error);
    }
    shared.change(|world, _| world.record(call));
    HttpResponse::Ok().finish()
}
