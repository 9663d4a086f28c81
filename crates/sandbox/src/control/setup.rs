//! Organizations, jobs, stages, applications.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Data, Id, carry_out, created, ok, parse};
use crate::greenhouse::organization::Organization;
use crate::greenhouse::recruiting::ApplicationStatus;
use crate::greenhouse::setup::{self, CandidateFields, OrganizationChange, StageChange};
use crate::greenhouse::{summary, vendor};
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::shared::Shared;
use crate::world::World;

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

pub(super) async fn organizations(shared: Data) -> Answer {
    let all = shared.read(|world| {
        let views = world.organizations.values().map(organization_view);
        views.collect::<Vec<_>>()
    });
    ok(json!({"organizations": all}))
}

pub(super) async fn create_organization(shared: Data, body: web::Bytes) -> Answer {
    let change: OrganizationChange = parse(&body)?;
    let id = shared.change(|world, _| setup::create_organization(world, change))?;
    created(organization_answer(&shared, id)?)
}

pub(super) async fn organization(shared: Data, id: Id) -> Answer {
    ok(organization_answer(&shared, *id)?)
}

pub(super) async fn change_organization(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: OrganizationChange = parse(&body)?;
    shared.change(|world, _| setup::change_organization(world, *id, change))?;
    organization(shared, id).await
}

pub(super) async fn test_connection(shared: Data, id: Id) -> Answer {
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

pub(super) async fn rotate_key(shared: Data, id: Id, body: web::Bytes) -> Answer {
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

pub(super) async fn jobs(shared: Data) -> Answer {
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

pub(super) async fn create_job(shared: Data, body: web::Bytes) -> Answer {
    let job: NewJob = parse(&body)?;
    let made = shared.change(|world, _| {
        let id = setup::create_job(world, job.organization_id, &job.name)?;
        job_view(world, id)
    })?;
    created(made)
}

pub(super) async fn job(shared: Data, id: Id) -> Answer {
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

pub(super) async fn add_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let stage: NewStage = parse(&body)?;
    let made = shared.change(|world, _| {
        let id = setup::add_stage(world, *id, stage.name.as_deref(), stage.assessment)?;
        world.stage(id).cloned()
    })?;
    created(made)
}

pub(super) async fn stage(shared: Data, id: Id) -> Answer {
    ok(shared.read(|world| world.stage(*id).cloned())?)
}

pub(super) async fn change_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: StageChange = parse(&body)?;
    let (inner, stage_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { setup::edit_stage(&inner, stage_id, change).await }).await?;
    stage(shared, id).await
}

pub(super) async fn open_picker(shared: Data, id: Id) -> Answer {
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
pub(super) struct ApplicationQuery {
    job_id: Option<u64>,
    stage_id: Option<u64>,
}

pub(super) async fn applications(shared: Data, query: web::Query<ApplicationQuery>) -> Answer {
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

pub(super) async fn add_candidate(shared: Data, body: web::Bytes) -> Answer {
    let new: NewApplication = parse(&body)?;
    let made = shared.change(|world, now| {
        let id = setup::add_candidate(world, now, new.job_id, new.stage_id, new.fields)?;
        application_view(world, id)
    })?;
    created(made)
}

pub(super) async fn application(shared: Data, id: Id) -> Answer {
    ok(shared.read(|world| application_view(world, *id))?)
}

pub(super) async fn change_candidate(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: CandidateFields = parse(&body)?;
    shared.change(|world, now| setup::change_candidate(world, now, *id, fields))?;
    application(shared, id).await
}

pub(super) async fn hire(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Hired).await
}

pub(super) async fn reject(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Rejected).await
}

pub(super) async fn unreject(shared: Data, id: Id) -> Answer {
    set_status(shared, id, ApplicationStatus::Active).await
}

pub(super) async fn set_status(shared: Data, id: Id, status: ApplicationStatus) -> Answer {
    shared.change(|world, now| setup::set_status(world, now, *id, status))?;
    application(shared, id).await
}
