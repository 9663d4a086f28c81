//! The control API: everything the pages do, for scripts. Described by `/control/openapi.json`.

mod harvest;
mod lever;
mod sending;
mod setup;

use std::time::Duration;

use actix_web::http::Method;
use actix_web::{HttpResponse, Route, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::call_log::{Ats, Call};
use crate::greenhouse::faults::Faults;
use crate::refusal::Refusal;
use crate::shared::Shared;

type Data = web::Data<Shared>;
type Id = web::Path<u64>;

/// The longest wait of `GET /control/version`.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// POSTs at a time in a bulk send, unless told otherwise.
pub(crate) const USUAL_CONCURRENCY: usize = 20;

/// The document that describes the routes below; a test holds the two against each other.
pub(crate) const OPENAPI: &str = include_str!("../assets/openapi.json");

/// Every route with its method and path.
pub(crate) fn routes() -> Vec<(Method, &'static str, Route)> {
    let mut all = shared_routes();
    all.extend(greenhouse_routes());
    all.extend(harvest::routes());
    all.extend(lever::routes());
    all
}

/// Those that belong to no system.
fn shared_routes() -> Vec<(Method, &'static str, Route)> {
    let (get, post) = (|| web::get(), || web::post());
    vec![
        (Method::GET, "/control/openapi.json", get().to(openapi)),
        (Method::GET, "/control/version", get().to(version)),
        (Method::POST, "/control/reset", post().to(reset)),
        (Method::GET, "/control/clock", get().to(clock)),
        (Method::POST, "/control/clock", post().to(advance_clock)),
        (Method::GET, "/control/log", get().to(log)),
        (Method::DELETE, "/control/log", web::delete().to(clear_log)),
    ]
}

fn greenhouse_routes() -> Vec<(Method, &'static str, Route)> {
    let (get, post, patch) = (|| web::get(), || web::post(), || web::patch());
    vec![
        (Method::GET, "/control/greenhouse/faults", get().to(faults)),
        (
            Method::PUT,
            "/control/greenhouse/faults",
            web::put().to(set_faults),
        ),
        (
            Method::GET,
            "/control/greenhouse/organizations",
            get().to(setup::organizations),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations",
            post().to(setup::create_organization),
        ),
        (
            Method::GET,
            "/control/greenhouse/organizations/{id}",
            get().to(setup::organization),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/organizations/{id}",
            patch().to(setup::change_organization),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations/{id}/test-connection",
            post().to(setup::test_connection),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations/{id}/rotate-key",
            post().to(setup::rotate_key),
        ),
        (
            Method::GET,
            "/control/greenhouse/jobs",
            get().to(setup::jobs),
        ),
        (
            Method::POST,
            "/control/greenhouse/jobs",
            post().to(setup::create_job),
        ),
        (
            Method::GET,
            "/control/greenhouse/jobs/{id}",
            get().to(setup::job),
        ),
        (
            Method::POST,
            "/control/greenhouse/jobs/{id}/stages",
            post().to(setup::add_stage),
        ),
        (
            Method::GET,
            "/control/greenhouse/stages/{id}",
            get().to(setup::stage),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/stages/{id}",
            patch().to(setup::change_stage),
        ),
        (
            Method::POST,
            "/control/greenhouse/stages/{id}/open-picker",
            post().to(setup::open_picker),
        ),
        (
            Method::GET,
            "/control/greenhouse/applications",
            get().to(setup::applications),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications",
            post().to(setup::add_candidate),
        ),
        (
            Method::GET,
            "/control/greenhouse/applications/{id}",
            get().to(setup::application),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/applications/{id}",
            patch().to(setup::change_candidate),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/send",
            post().to(sending::send),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/double-click",
            post().to(sending::double_click),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/resend",
            post().to(sending::resend),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/move",
            post().to(sending::move_to_stage),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/hire",
            post().to(setup::hire),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/reject",
            post().to(setup::reject),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/unreject",
            post().to(setup::unreject),
        ),
        (
            Method::POST,
            "/control/greenhouse/bulk-send",
            post().to(sending::bulk_send),
        ),
        (
            Method::GET,
            "/control/greenhouse/take-home-tests/{id}",
            get().to(sending::take_home_test),
        ),
        (
            Method::POST,
            "/control/greenhouse/take-home-tests/{id}/repeat",
            post().to(sending::repeat),
        ),
        (
            Method::POST,
            "/control/greenhouse/take-home-tests/{id}/poll",
            post().to(sending::poll_one),
        ),
        (
            Method::POST,
            "/control/greenhouse/poll",
            post().to(sending::poll),
        ),
        (
            Method::GET,
            "/control/greenhouse/summary",
            get().to(sending::all_tests),
        ),
    ]
}

/// Registers the routes.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    for (_, path, route) in routes() {
        config.route(path, route);
    }
}

type Answer = Result<HttpResponse, Failure>;

/// A refusal as JSON.
#[derive(Debug)]
struct Failure(Refusal);

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl actix_web::ResponseError for Failure {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.0.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.0.status()).json(json!({
            "error": self.0.code(),
            "field": self.0.field_name(),
            "message": self.0.to_string(),
        }))
    }
}

/// A JSON body; an empty one stands for `{}`.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let body = if body.trim_ascii().is_empty() {
        b"{}"
    } else {
        body
    };
    serde_json::from_slice(body)
        .map_err(|error| Refusal::field("body", format!("The body cannot be used: {error}.")))
}

fn ok(value: impl serde::Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(value))
}

fn created(value: impl serde::Serialize) -> Answer {
    Ok(HttpResponse::Created().json(value))
}

/// Lets an action run to its end even when the caller hangs up.
pub(crate) async fn carry_out<T: Send + 'static>(
    action: impl Future<Output = T> + Send + 'static,
) -> T {
    let running = tokio::spawn(action).await;
    running.expect("the action neither panics nor is cancelled while the server runs")
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(OPENAPI)
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: Option<u64>,
}

/// Rises with every change; `?after=N` waits up to 20 s until it is past N.
async fn version(shared: Data, query: web::Query<After>) -> Answer {
    let version = match query.after {
        Some(seen) => shared.version_after(seen, LONGEST_WAIT).await,
        None => shared.version(),
    };
    ok(json!({"version": version}))
}

async fn reset(shared: Data) -> Answer {
    shared.change(|world, _| world.reset());
    ok(json!({}))
}

async fn clock(shared: Data) -> Answer {
    let ahead = shared.read(|world| world.clock_ahead_seconds);
    ok(json!({"now": shared.now(), "ahead_seconds": ahead}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

async fn advance_clock(shared: Data, body: web::Bytes) -> Answer {
    let Advance { advance_seconds } = parse(&body)?;
    shared.change(|world, _| world.advance_clock(advance_seconds.into()));
    clock(shared).await
}

#[derive(Deserialize)]
struct LogQuery {
    take_home_test_id: Option<u64>,
    organization_id: Option<u64>,
    ats: Option<Ats>,
    account_id: Option<String>,
    opportunity_id: Option<String>,
    call: Option<String>,
    after: Option<u64>,
}

impl LogQuery {
    fn wants(&self, call: &Call) -> bool {
        self.after.is_none_or(|after| call.sequence > after)
            && self.call.as_ref().is_none_or(|name| *name == call.call)
            && (self.take_home_test_id.is_none()
                || self.take_home_test_id == call.take_home_test_id)
            && (self.organization_id.is_none() || self.organization_id == call.organization_id)
            && self.ats.is_none_or(|ats| ats == call.ats)
            && (self.account_id.is_none() || self.account_id == call.account_id)
            && (self.opportunity_id.is_none() || self.opportunity_id == call.opportunity_id)
    }
}

async fn log(shared: Data, query: web::Query<LogQuery>) -> Answer {
    let calls = shared.read(|world| {
        let wanted = world.log.iter().filter(|call| query.wants(call));
        wanted.cloned().collect::<Vec<_>>()
    });
    ok(json!({"calls": calls}))
}

async fn clear_log(shared: Data) -> Answer {
    shared.change(|world, _| world.log.clear());
    ok(json!({}))
}

async fn faults(shared: Data) -> Answer {
    ok(shared.read(|world| world.faults.clone()))
}

async fn set_faults(shared: Data, body: web::Bytes) -> Answer {
    let faults: Faults = parse(&body)?;
    faults.check()?;
    shared.change(|world, _| world.faults = faults);
    self::faults(shared).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_document_describes_exactly_the_routes_there_are() {
        let document: Value = serde_json::from_str(OPENAPI).expect("the document is JSON");
        let paths = document["paths"].as_object().expect("paths");
        let described: BTreeSet<_> = paths
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().expect("methods").keys();
                methods
                    .filter(|method| *method != "parameters")
                    .map(move |method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let served: BTreeSet<_> = routes()
            .into_iter()
            .map(|(method, path, _)| (method.to_string(), path.to_owned()))
            .collect();
        assert_eq!(described, served);
    }
}
