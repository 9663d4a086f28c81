//! The operator's view: all organizations and their keys.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use app::{api_keys, organizations};
use domain::OrganizationId;
use uuid::Uuid;

use crate::auth::Operator;
use crate::body::Body;
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::api_key::{ApiKey, NewApiKey, NewlyShownApiKey};
use crate::wire::organization::{NewOrganization, Organization};

/// The operator is no organization.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());

/// All organizations
#[utoipa::path(tag = "Operator", operation_id = "list_organizations", security(("operator_token" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<Organization>), Refused, BadQuery))]
#[get("/organizations")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    _: Operator,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let read = edge
        .app()
        .read(move |_, conn| organizations::list(conn, page.lookup()));
    let found = read.await?;
    let id = |record: &organizations::OrganizationRecord| record.organization.id.into();
    let listing = page.listing(found, id, |record| Organization::from(&record));
    Ok(HttpResponse::Ok().json(listing))
}

/// Make an organization
#[utoipa::path(tag = "Operator", operation_id = "create_organization", security(("operator_token" = [])), params(Repeatable), request_body = NewOrganization,
    responses((status = 201, description = "Made", body = Organization), Refused, BadBody, Conflicting))]
#[post("/organizations")]
pub(crate) async fn create(
    _: Operator,
    post: Post,
    body: Body<NewOrganization>,
) -> Result<HttpResponse, Problem> {
    let name = body.value.name;
    let show = (StatusCode::CREATED, |made: &_| Organization::from(made));
    post.answer(
        NOBODY,
        &body.bytes,
        Shows::Nothing,
        show,
        move |app, conn| organizations::create(app, conn, &name),
    )
    .await
}

/// An organization's keys
#[utoipa::path(tag = "Operator", operation_id = "list_api_keys", security(("operator_token" = [])),
    params(("id" = Uuid, Path, description = "The organization"), Paging),
    responses((status = 200, description = "One page", body = Listing<ApiKey>), Refused, BadQuery, Unknown))]
#[get("/organizations/{id}/api-keys")]
pub(crate) async fn list_api_keys(
    edge: web::Data<Edge>,
    _: Operator,
    Id(organization): Id<OrganizationId>,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let read = edge.app().read(move |_, conn| {
        organizations::find(conn, organization)?;
        api_keys::list(conn, organization, page.lookup())
    });
    let found = read.await?;
    let listing = page.listing(found, |key| key.id.into(), |key| ApiKey::from(&key));
    Ok(HttpResponse::Ok().json(listing))
}

/// Make a key for an organization; it is shown in this answer only
#[utoipa::path(tag = "Operator", operation_id = "create_api_key", security(("operator_token" = [])),
    params(("id" = Uuid, Path, description = "The organization"), Repeatable), request_body = NewApiKey,
    responses((status = 201, description = "Made", body = NewlyShownApiKey), Refused, BadBody, Unknown, Conflicting))]
#[post("/organizations/{id}/api-keys")]
pub(crate) async fn create_api_key(
    _: Operator,
    post: Post,
    Id(organization): Id<OrganizationId>,
    body: Body<NewApiKey>,
) -> Result<HttpResponse, Problem> {
    let new = body.value.into();
    let show = (StatusCode::CREATED, |made: &_| NewlyShownApiKey::from(made));
    post.answer(
        NOBODY,
        &body.bytes,
        Shows::Secret,
        show,
        move |app, conn| api_keys::create(app, conn, organization, &new),
    )
    .await
}
