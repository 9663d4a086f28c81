//! The caller's jobs in Greenhouse.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, delete, get, post};
use app::connections;
use app::greenhouse::{self, Jobs};
use domain::StageMappingId;
use uuid::Uuid;

use crate::auth::{Acting, Caller};
use crate::body::{Body, OptionalBody};
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, FarSide, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::assessment::Assessment;
use crate::wire::greenhouse::{GreenhouseJob, NewStageMapping, StageMapping, WebhookSecret};

/// Your open jobs in Greenhouse
#[utoipa::path(tag = "Greenhouse", operation_id = "list_greenhouse_jobs", security(("platform_key" = [])),
    params(("q" = Option<String>, Query, description = "Words of the name or of the requisition id"), Paging),
    responses((status = 200, description = "One page, the newest first", body = Listing<GreenhouseJob>), Refused, BadQuery, Conflicting, FarSide))]
#[get("/greenhouse/jobs")]
pub(crate) async fn jobs(
    Acting(app): Acting,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let asked = page.lookup();
    let wanted = Jobs {
        q: params.get("q").unwrap_or_default().to_owned(),
        before: asked.before.map(number),
        limit: usize::try_from(asked.limit).unwrap_or(1),
    };
    let found = greenhouse::jobs(&app, caller.organization, &wanted).await?;
    let listing = page.listing(found, |job| place(job.id), GreenhouseJob::from);
    Ok(HttpResponse::Ok().json(listing))
}

/// A job's place in the list, in the form of all cursors.
fn place(job: i64) -> Uuid {
    Uuid::from_u64_pair(0, job.unsigned_abs())
}

fn number(place: Uuid) -> i64 {
    i64::try_from(place.as_u64_pair().1).unwrap_or(i64::MAX)
}

/// Import a job as a draft: 201 the draft, 200 the same one where it was imported before
#[utoipa::path(tag = "Greenhouse", operation_id = "import_greenhouse_job", security(("platform_key" = [])),
    params(("job_id" = String, Path, description = "The job's id in Greenhouse"), Repeatable), request_body = Option<Nothing>,
    responses((status = 201, description = "The draft", body = Assessment), (status = 200, description = "It was imported before", body = Assessment),
        Refused, BadBody, Unknown, Conflicting, FarSide))]
#[post("/greenhouse/jobs/{job_id}/import")]
pub(crate) async fn import(
    Acting(app): Acting,
    caller: Caller,
    post: Post,
    job: web::Path<String>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    if let Some(answer) = repeated(&post, &caller, &body.bytes).await? {
        return Ok(answer);
    }
    let imported = greenhouse::import(&app, organization, &job).await?;
    let status = match imported.is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let assessment = imported.assessment;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (status, |made: &domain::Assessment| {
            Assessment::from(made.clone())
        }),
        move |_, _| Ok(assessment.clone()),
    )
    .await
}

async fn repeated(
    post: &Post,
    caller: &Caller,
    body: &Bytes,
) -> Result<Option<HttpResponse>, Problem> {
    post.repeated(caller.organization, body, Shows::Nothing)
        .await
}

/// The stages of jobs whose newcomers are invited
#[utoipa::path(tag = "Greenhouse", operation_id = "list_stage_mappings", security(("platform_key" = [])),
    responses((status = 200, description = "All of them", body = Listing<StageMapping>), Refused))]
#[get("/greenhouse/stage-mappings")]
pub(crate) async fn stage_mappings(
    Acting(app): Acting,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let found = app
        .read(move |_, conn| connections::stage_mappings(conn, organization))
        .await?;
    let data: Vec<StageMapping> = found.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Listing::whole(data)))
}

/// Have a stage invite: whoever comes into it from now on
#[utoipa::path(tag = "Greenhouse", operation_id = "create_stage_mapping", security(("platform_key" = [])), params(Repeatable), request_body = NewStageMapping,
    responses((status = 201, description = "It invites", body = StageMapping), Refused, BadBody, Conflicting, FarSide))]
#[post("/greenhouse/stage-mappings")]
pub(crate) async fn add_stage_mapping(
    Acting(app): Acting,
    caller: Caller,
    post: Post,
    body: Body<NewStageMapping>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    if let Some(answer) = repeated(&post, &caller, &body.bytes).await? {
        return Ok(answer);
    }
    let assessment = body.value.assessment_id.into();
    app.read(move |_, conn| connections::may_be_invited_to(conn, organization, assessment))
        .await?;
    let found = connections::find_job_stage(&app, organization, &body.value.stage_id).await?;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::CREATED, |made: &_| StageMapping::from(made)),
        move |app, conn| {
            connections::add_stage_mapping(app, conn, organization, &found, assessment)
        },
    )
    .await
}

/// Have a stage invite no longer; who was invited stays so
#[utoipa::path(tag = "Greenhouse", operation_id = "delete_stage_mapping", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The stage mapping")),
    responses((status = 204, description = "Done"), Refused, Unknown))]
#[delete("/greenhouse/stage-mappings/{id}")]
pub(crate) async fn remove_stage_mapping(
    Acting(app): Acting,
    caller: Caller,
    Id(mapping): Id<StageMappingId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    app.write(move |app, conn| connections::remove_stage_mapping(app, conn, organization, mapping))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Make a new secret for the webhooks that you make in Greenhouse; the one before opens nothing any more
#[utoipa::path(tag = "Greenhouse", operation_id = "make_greenhouse_webhook_secret", security(("platform_key" = [])), params(Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "Address and secret, for each of them", body = WebhookSecret), Refused, BadBody, Conflicting))]
#[post("/greenhouse/webhook-secret")]
pub(crate) async fn make_webhook_secret(
    caller: Caller,
    post: Post,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        (StatusCode::OK, |made: &_| WebhookSecret::from(made)),
        move |app, conn| connections::make_webhook_secret(app, conn, organization),
    )
    .await
}
