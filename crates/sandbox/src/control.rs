//! The control API: everything the pages do, for scripts. Described by `/control/openapi.json`.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::{HttpResponse, Route, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call_log::Call;
use crate::greenhouse::organization::{Organization, Secret};
use crate::greenhouse::recruiting::ApplicationStatus;
use crate::greenhouse::sending::{self, Order};
use crate::greenhouse::setup::{self, CandidateFields, OrganizationChange, StageChange};
use crate::greenhouse::summary::{self, TestSummary};
use crate::greenhouse::take_home_test::Reason;
use crate::greenhouse::world::World;
use crate::greenhouse::{faults::Faults, reading, vendor};
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
    let (get, post, patch) = (|| web::get(), || web::post(), || web::patch());
    vec![
        (Method::GET, "/control/openapi.json", get().to(openapi)),
        (Method::GET, "/control/version", get().to(version)),
        (Method::POST, "/control/reset", post().to(reset)),
        (Method::GET, "/control/clock", get().to(clock)),
        (Method::POST, "/control/clock", post().to(advance_clock)),
        (Method::GET, "/control/log", get().to(log)),
        (Method::DELETE, "/control/log", web::delete().to(clear_log)),
        (Method::GET, "/control/greenhouse/faults", get().to(faults)),
        (
            Method::PUT,
            "/control/greenhouse/faults",
            web::put().to(set_faults),
        ),
        (
            Method::GET,
            "/control/greenhouse/organizations",
            get().to(organizations),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations",
            post().to(create_organization),
        ),
        (
            Method::GET,
            "/control/greenhouse/organizations/{id}",
            get().to(organization),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/organizations/{id}",
            patch().to(change_organization),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations/{id}/test-connection",
            post().to(test_connection),
        ),
        (
            Method::POST,
            "/control/greenhouse/organizations/{id}/rotate-key",
            post().to(rotate_key),
        ),
        (Method::GET, "/control/greenhouse/jobs", get().to(jobs)),
        (
            Method::POST,
            "/control/greenhouse/jobs",
            post().to(create_job),
        ),
        (Method::GET, "/control/greenhouse/jobs/{id}", get().to(job)),
        (
            Method::POST,
            "/control/greenhouse/jobs/{id}/stages",
            post().to(add_stage),
        ),
        (
            Method::GET,
            "/control/greenhouse/stages/{id}",
            get().to(stage),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/stages/{id}",
            patch().to(change_stage),
        ),
        (
            Method::POST,
            "/control/greenhouse/stages/{id}/open-picker",
            post().to(open_picker),
        ),
        (
            Method::GET,
            "/control/greenhouse/applications",
            get().to(applications),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications",
            post().to(add_candidate),
        ),
        (
            Method::GET,
            "/control/greenhouse/applications/{id}",
            get().to(application),
        ),
        (
            Method::PATCH,
            "/control/greenhouse/applications/{id}",
            patch().to(change_candidate),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/send",
            post().to(send),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/double-click",
            post().to(double_click),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/resend",
            post().to(resend),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/move",
            post().to(move_to_stage),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/hire",
            post().to(hire),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/reject",
            post().to(reject),
        ),
        (
            Method::POST,
            "/control/greenhouse/applications/{id}/unreject",
            post().to(unreject),
        ),
        (
            Method::POST,
            "/control/greenhouse/bulk-send",
            post().to(bulk_send),
        ),
        (
            Method::GET,
            "/control/greenhouse/take-home-tests/{id}",
            get().to(take_home_test),
        ),
        (
            Method::POST,
            "/control/greenhouse/take-home-tests/{id}/repeat",
            post().to(repeat),
        ),
        (
            Method::POST,
            "/control/greenhouse/take-home-tests/{id}/poll",
            post().to(poll_one),
        ),
        (Method::POST, "/control/greenhouse/poll", post().to(poll)),
        (
            Method::GET,
            "/control/greenhouse/summary",
            get().to(all_tests),
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

/// An organization without its secrets.
fn organization_view(organization: &Organization) -> Value {
    let mut view = serde_json::to_value(organization).unwrap_or_default();
    view["key"] = organization.key.as_ref().map(Secret::shortened).into();
    view["partner_password"] = organization
        .partner_password
        .as_ref()
        .map(Secret::shortened)
        .into();
    if let Some(next) = &organization.next_key {
        view["next_key"]["key"] = next.key.shortened().into();
    }
    view
}

fn organization_answer(shared: &Shared, id: u64) -> Result<Value, Refusal> {
    shared.read(|world| world.organization(id).map(organization_view))
}

async fn organizations(shared: Data) -> Answer {
    let all = shared.read(|world| {
        let views = world.organizations.values().map(organization_view);
        views.collect::<Vec<_>>()
    });
    ok(json!({"organizations": all}))
}

async fn create_organization(shared: Data, body: web::Bytes) -> Answer {
    let change: OrganizationChange = parse(&body)?;
    let id = shared.change(|world, _| setup::create_organization(world, change))?;
    created(organization_answer(&shared, id)?)
}

async fn organization(shared: Data, id: Id) -> Answer {
    ok(organization_answer(&shared, *id)?)
}

async fn change_organization(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: OrganizationChange = parse(&body)?;
    shared.change(|world, _| setup::change_organization(world, *id, change))?;
    organization(shared, id).await
}

async fn test_connection(shared: Data, id: Id) -> Answer {
    let (shared, id) = (shared.into_inner(), *id);
    let tests = carry_out(async move { vendor::open_picker(&shared, id).await }).await?;
    ok(json!({"tests": tests}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RotateKey {
    key: Secret,
    #[serde(default)]
    delay_seconds: u32,
}

async fn rotate_key(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let RotateKey { key, delay_seconds } = parse(&body)?;
    shared.change(|world, now| setup::rotate_key(world, now, *id, &key, delay_seconds))?;
    organization(shared, id).await
}

/// A job with its stages in order.
fn job_view(world: &World, id: u64) -> Result<Value, Refusal> {
    let job = world.job(id)?;
    let stages: Result<Vec<_>, _> = job.stage_ids.iter().map(|id| world.stage(*id)).collect();
    Ok(json!({
        "id": job.id,
        "organization_id": job.organization_id,
        "name": job.name,
        "stages": stages?,
    }))
}

async fn jobs(shared: Data) -> Answer {
    let all: Result<Vec<_>, _> =
        shared.read(|world| world.jobs.keys().map(|id| job_view(world, *id)).collect());
    ok(json!({"jobs": all?}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewJob {
    organization_id: u64,
    name: String,
}

async fn create_job(shared: Data, body: web::Bytes) -> Answer {
    let job: NewJob = parse(&body)?;
    let made = shared.change(|world, _| {
        let id = setup::create_job(world, job.organization_id, &job.name)?;
        job_view(world, id)
    })?;
    created(made)
}

async fn job(shared: Data, id: Id) -> Answer {
    ok(shared.read(|world| job_view(world, *id))?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStage {
    name: Option<String>,
    #[serde(default = "yes")]
    assessment: bool,
}

fn yes() -> bool {
    true
}

async fn add_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let stage: NewStage = parse(&body)?;
    let made = shared.change(|world, _| {
        let id = setup::add_stage(world, *id, stage.name.as_deref(), stage.assessment)?;
        world.stage(id).cloned()
    })?;
    created(made)
}

async fn stage(shared: Data, id: Id) -> Answer {
    ok(shared.read(|world| world.stage(*id).cloned())?)
}

async fn change_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: StageChange = parse(&body)?;
    let (inner, stage_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { setup::edit_stage(&inner, stage_id, change).await }).await?;
    stage(shared, id).await
}

async fn open_picker(shared: Data, id: Id) -> Answer {
    let organization_id = shared.read(|world| {
        let stage = world.stage(*id)?;
        Ok::<_, Refusal>(world.organization_of_job(stage.job_id)?.id)
    })?;
    test_connection(shared, web::Path::from(organization_id)).await
}

/// An application with what was sent to it.
fn application_view(world: &World, id: u64) -> Result<Value, Refusal> {
    let mut view = serde_json::to_value(world.application(id)?).unwrap_or_default();
    let tests = world.tests_of(id).map(|test| summary::summary(world, test));
    view["take_home_tests"] = serde_json::to_value(tests.collect::<Vec<_>>()).unwrap_or_default();
    Ok(view)
}

#[derive(Deserialize)]
struct ApplicationQuery {
    job_id: Option<u64>,
    stage_id: Option<u64>,
}

async fn applications(shared: Data, query: web::Query<ApplicationQuery>) -> Answer {
    let all = shared.read(|world| {
        let wanted = world.applications.values().filter(|application| {
            query.job_id.is_none_or(|id| id == application.job_id)
                && query.stage_id.is_none_or(|id| id == application.stage_id)
        });
        wanted.cloned().collect::<Vec<_>>()
    });
    ok(json!({"applications": all}))
}

#[derive(Deserialize)]
struct NewApplication {
    job_id: u64,
    stage_id: Option<u64>,
    #[serde(flatten)]
    fields: CandidateFields,
}

async fn add_candidate(shared: Data, body: web::Bytes) -> Answer {
    let new: NewApplication = parse(&body)?;
    let made = shared.change(|world, _| {
        let id = setup::add_candidate(world, new.job_id, new.stage_id, new.fields)?;
        application_view(world, id)
    })?;
    created(made)
}

async fn application(shared: Data, id: Id) -> Answer {
    ok(shared.read(|world| application_view(world, *id))?)
}

async fn change_candidate(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: CandidateFields = parse(&body)?;
    shared.change(|world, _| setup::change_candidate(world, *id, fields))?;
    application(shared, id).await
}

fn test_answer(shared: &Shared, id: u64) -> Result<TestSummary, Refusal> {
    shared.read(|world| world.test(id).map(|test| summary::summary(world, test)))
}

async fn send(shared: Data, id: Id, body: web::Bytes) -> Answer {
    send_because(shared, *id, &body, Reason::SendTest).await
}

async fn resend(shared: Data, id: Id, body: web::Bytes) -> Answer {
    send_because(shared, *id, &body, Reason::Resend).await
}

async fn send_because(shared: Data, id: u64, body: &[u8], reason: Reason) -> Answer {
    let order: Order = parse(body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { sending::send(&inner, id, &order, reason).await }).await?;
    ok(test_answer(&shared, sent)?)
}

async fn double_click(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Order = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { sending::double_click(&inner, *id, &order).await }).await?;
    ok(test_answer(&shared, sent)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    stage_id: u64,
}

async fn move_to_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Move { stage_id } = parse(&body)?;
    let inner = shared.into_inner();
    let moved =
        carry_out(async move { sending::move_to_stage(&inner, *id, stage_id).await }).await?;
    ok(moved)
}

async fn hire(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Hired).await
}

async fn reject(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Rejected).await
}

async fn unreject(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Active).await
}

async fn set_status(shared: Data, id: Id, status: ApplicationStatus) -> Answer {
    shared.change(|world, _| setup::set_status(world, *id, status))?;
    application(shared, id).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkSend {
    application_ids: Vec<u64>,
    #[serde(default)]
    concurrency: Option<usize>,
    #[serde(default)]
    sent_by: Option<String>,
}

async fn bulk_send(shared: Data, body: web::Bytes) -> Answer {
    let bulk: BulkSend = parse(&body)?;
    let inner = shared.into_inner();
    let report = carry_out(async move {
        let at_once = bulk.concurrency.unwrap_or(USUAL_CONCURRENCY);
        let order = Order {
            partner_test_id: None,
            sent_by: bulk.sent_by,
        };
        sending::bulk_send(&inner, &bulk.application_ids, at_once, &order).await
    });
    ok(report.await)
}

async fn take_home_test(shared: Data, id: Id) -> Answer {
    ok(test_answer(&shared, *id)?)
}

async fn repeat(shared: Data, id: Id) -> Answer {
    let (inner, test_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { sending::repeat(&inner, test_id).await }).await?;
    take_home_test(shared, id).await
}

async fn poll_one(shared: Data, id: Id) -> Answer {
    let (inner, test_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { reading::read_status(&inner, test_id).await }).await?;
    take_home_test(shared, id).await
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Poll {
    hours: u32,
}

/// One tick now, or so many hours of ticks.
async fn poll(shared: Data, body: web::Bytes) -> Answer {
    let Poll { hours } = parse(&body)?;
    let inner = shared.into_inner();
    let report = carry_out(async move {
        match hours {
            0 => reading::poll_tick(&inner).await,
            hours => reading::poll_for(&inner, hours).await,
        }
    });
    ok(report.await)
}

#[derive(Deserialize)]
struct SummaryQuery {
    take_home_test_id: Option<u64>,
}

async fn all_tests(shared: Data, query: web::Query<SummaryQuery>) -> Answer {
    let tests = shared.read(|world| summary::summaries(world, query.take_home_test_id))?;
    ok(json!({"take_home_tests": tests}))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
