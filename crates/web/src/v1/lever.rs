//! The caller's stages in Lever.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post};
use app::connections;
use domain::TriggerStageId;

use crate::auth::{Acting, Caller};
use crate::body::Body;
use crate::list::Listing;
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, Conflicting, FarSide, Refused, Unknown};
use crate::wire::lever::{NewTriggerStage, Stage, TriggerStage};

/// The stages of your pipeline in Lever, as it has them now, in its order
#[utoipa::path(tag = "Lever", operation_id = "list_lever_stages", security(("platform_key" = [])),
    responses((status = 200, description = "All of them", body = Listing<Stage>), Refused, Conflicting, FarSide))]
#[get("/lever/stages")]
pub(crate) async fn stages(Acting(app): Acting, caller: Caller) -> Result<HttpResponse, Problem> {
    let found = connections::stages(&app, caller.organization).await?;
    let data: Vec<Stage> = found.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Listing::whole(data)))
}

/// The stages whose newcomers are invited
#[utoipa::path(tag = "Lever", operation_id = "list_trigger_stages", security(("platform_key" = [])),
    responses((status = 200, description = "All of them", body = Listing<TriggerStage>), Refused, Conflicting))]
#[get("/lever/trigger-stages")]
pub(crate) async fn trigger_stages(
    Acting(app): Acting,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let found = app
        .read(move |_, conn| connections::trigger_stages_of_connected(conn, organization))
        .await?;
    let data: Vec<TriggerStage> = found.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Listing::whole(data)))
}

/// Choose a stage: whoever is moved into it from now on is invited
#[utoipa::path(tag = "Lever", operation_id = "create_trigger_stage", security(("platform_key" = [])), params(Repeatable), request_body = NewTriggerStage,
    responses((status = 201, description = "Chosen", body = TriggerStage), Refused, BadBody, Conflicting, FarSide))]
#[post("/lever/trigger-stages")]
pub(crate) async fn add_trigger_stage(
    Acting(app): Acting,
    caller: Caller,
    post: Post,
    body: Body<NewTriggerStage>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let shows = Shows::Nothing;
    if let Some(answer) = post.repeated(organization, &body.bytes, shows).await? {
        return Ok(answer);
    }
    let found = connections::find_stage(&app, organization, &body.value.stage_id).await?;
    post.answer(
        organization,
        &body.bytes,
        shows,
        (StatusCode::CREATED, |made: &_| TriggerStage::from(made)),
        move |app, conn| connections::add_trigger_stage(app, conn, organization, &found),
    )
    .await
}

/// Choose a stage no longer; who was invited stays so
#[utoipa::path(tag = "Lever", operation_id = "delete_trigger_stage", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The trigger stage")),
    responses((status = 204, description = "Done"), Refused, Unknown))]
#[delete("/lever/trigger-stages/{id}")]
pub(crate) async fn remove_trigger_stage(
    Acting(app): Acting,
    caller: Caller,
    Id(stage): Id<TriggerStageId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    app.write(move |app, conn| connections::remove_trigger_stage(app, conn, organization, stage))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
