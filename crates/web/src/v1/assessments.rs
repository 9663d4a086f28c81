//! Assessments: written, published, changed, archived.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use app::assessments::{self, Draft};
use domain::AssessmentId;

use crate::auth::Caller;
use crate::body::{Body, OptionalBody};
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::assessment::{Assessment, AssessmentBody};

/// Your assessments, of every status
#[utoipa::path(tag = "Assessments", operation_id = "list_assessments", security(("platform_key" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<Assessment>), Refused, BadQuery))]
#[get("/assessments")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| assessments::list(conn, organization, page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |one| one.id.into(), Assessment::from);
    Ok(HttpResponse::Ok().json(listing))
}

/// Make a draft
#[utoipa::path(tag = "Assessments", operation_id = "create_assessment", security(("platform_key" = [])), params(Repeatable), request_body = AssessmentBody,
    responses((status = 201, description = "Made", body = Assessment), Refused, BadBody, Conflicting))]
#[post("/assessments")]
pub(crate) async fn create(
    caller: Caller,
    post: Post,
    body: Body<AssessmentBody>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let mut draft = Draft::default();
    body.value.change(&mut draft);
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::CREATED, shown),
        move |app, conn| assessments::create(app, conn, organization, &draft),
    )
    .await
}

/// One assessment
#[utoipa::path(tag = "Assessments", operation_id = "show_assessment", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The assessment")),
    responses((status = 200, description = "As it is now", body = Assessment), Refused, Unknown))]
#[get("/assessments/{id}")]
pub(crate) async fn show(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(assessment): Id<AssessmentId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let read = edge
        .app()
        .read(move |_, conn| assessments::find(conn, organization, assessment));
    Ok(HttpResponse::Ok().json(Assessment::from(read.await?)))
}

/// Change an assessment; a published one takes its next version at once, running invites keep theirs
#[utoipa::path(tag = "Assessments", operation_id = "change_assessment", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The assessment")), request_body = AssessmentBody,
    responses((status = 200, description = "As it is now", body = Assessment), Refused, BadBody, Unknown, Conflicting))]
#[patch("/assessments/{id}")]
pub(crate) async fn change(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(assessment): Id<AssessmentId>,
    body: Body<AssessmentBody>,
) -> Result<HttpResponse, Problem> {
    let (organization, wanted) = (caller.organization, body.value);
    let written = edge.app().write(move |app, conn| {
        let change = |draft: &mut Draft| wanted.change(draft);
        assessments::patch(app, conn, organization, assessment, &change)
    });
    Ok(HttpResponse::Ok().json(Assessment::from(written.await?)))
}

/// Open an assessment to new invites
#[utoipa::path(tag = "Assessments", operation_id = "publish_assessment", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The assessment"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Assessment), Refused, BadBody, Unknown, Conflicting))]
#[post("/assessments/{id}/publish")]
pub(crate) async fn publish(
    caller: Caller,
    post: Post,
    Id(assessment): Id<AssessmentId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |_, conn| assessments::publish(conn, organization, assessment),
    )
    .await
}

/// Close an assessment to new invites; running ones go on
#[utoipa::path(tag = "Assessments", operation_id = "archive_assessment", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The assessment"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Assessment), Refused, BadBody, Unknown, Conflicting))]
#[post("/assessments/{id}/archive")]
pub(crate) async fn archive(
    caller: Caller,
    post: Post,
    Id(assessment): Id<AssessmentId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |_, conn| assessments::archive(conn, organization, assessment),
    )
    .await
}

fn shown(assessment: &domain::Assessment) -> Assessment {
    assessment.clone().into()
}
