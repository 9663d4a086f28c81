//! The operator's view: all organizations and their keys.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use app::{api_keys, connections, organizations};
use domain::{ConnectionKind, OrganizationId};
use uuid::Uuid;

use crate::auth::{Acting, Operator};
use crate::body::{Body, OptionalBody};
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::{Id, Kind};
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::api_key::{ApiKey, NewApiKey, NewlyShownApiKey};
use crate::wire::connection::{Connection, IntegrationsChange, SetupRequest};
use crate::wire::member::Member;
use crate::wire::organization::{NewOrganization, OfferedOrganization};

/// The operator is no organization.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());

/// All organizations
#[utoipa::path(tag = "Operator", operation_id = "list_organizations", security(("operator_token" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<OfferedOrganization>), Refused, BadQuery))]
#[get("/organizations")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    _: Operator,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let read = edge.app().read(move |_, conn| {
        let found = organizations::list(conn, page.lookup())?;
        connections::with_offered(conn, found)
    });
    let found = read.await?;
    let id = |(record, _): &connections::Offered| record.organization.id.into();
    let listing = page.listing(found, id, |offered| OfferedOrganization::from(&offered));
    Ok(HttpResponse::Ok().json(listing))
}

/// Make an organization
#[utoipa::path(tag = "Operator", operation_id = "create_organization", security(("operator_token" = [])), params(Repeatable), request_body = NewOrganization,
    responses((status = 201, description = "Made", body = OfferedOrganization), Refused, BadBody, Conflicting))]
#[post("/organizations")]
pub(crate) async fn create(
    _: Operator,
    post: Post,
    body: Body<NewOrganization>,
) -> Result<HttpResponse, Problem> {
    let name = body.value.name;
    let show = (StatusCode::CREATED, |made: &_| {
        OfferedOrganization::from(made)
    });
    post.answer(
        NOBODY,
        &body.bytes,
        Shows::Nothing,
        show,
        move |app, conn| {
            let made = organizations::create(app, conn, &name)?;
            Ok((made, ConnectionKind::ALL.to_vec()))
        },
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

/// Switch kinds of connections on for an organization; what is connected stays so
#[utoipa::path(tag = "Operator", operation_id = "change_integrations", security(("operator_token" = [])),
    params(("id" = Uuid, Path, description = "The organization")), request_body = IntegrationsChange,
    responses((status = 200, description = "As it is now", body = OfferedOrganization), Refused, BadBody, Unknown))]
#[patch("/organizations/{id}")]
pub(crate) async fn change(
    Acting(app): Acting,
    _: Operator,
    Id(organization): Id<OrganizationId>,
    body: Body<IntegrationsChange>,
) -> Result<HttpResponse, Problem> {
    let wanted: Option<Vec<ConnectionKind>> = match body.value.integrations {
        Member::Absent => None,
        Member::Null => Some(ConnectionKind::ALL.to_vec()),
        Member::Given(kinds) => Some(kinds.into_iter().map(Into::into).collect()),
    };
    let written = app.write(move |app, conn| {
        let found = organizations::find(conn, organization)?;
        if let Some(kinds) = &wanted {
            connections::set_offered(app, conn, organization, kinds)?;
        }
        Ok((found, connections::offered(conn, organization)?))
    });
    Ok(HttpResponse::Ok().json(OfferedOrganization::from(&written.await?)))
}

/// Do what an organization asked for: switch the kind on, and let through a grant that waits for you
#[utoipa::path(tag = "Operator", operation_id = "fulfil_request", security(("operator_token" = [])),
    params(("id" = Uuid, Path, description = "The organization"), ("kind" = String, Path, description = "Which connection"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Connection), Refused, BadBody, Unknown, Conflicting))]
#[post("/organizations/{id}/requests/{kind}/fulfil")]
pub(crate) async fn fulfil(
    _: Operator,
    post: Post,
    Id(organization): Id<OrganizationId>,
    Kind(kind): Kind,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    post.answer(
        NOBODY,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, |view: &_| Connection::from(view)),
        move |app, conn| {
            connections::fulfil(app, conn, organization, kind)?;
            connections::show_in(app, conn, organization, kind)
        },
    )
    .await
}

/// What organizations ask for
#[utoipa::path(tag = "Operator", operation_id = "list_requests", security(("operator_token" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<SetupRequest>), Refused, BadQuery))]
#[get("/requests")]
pub(crate) async fn requests(
    edge: web::Data<Edge>,
    _: Operator,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let read = edge
        .app()
        .read(move |_, conn| connections::requests(conn, page.lookup()));
    let found = read.await?;
    let id = |requested: &connections::Requested| requested.connection.id.into();
    Ok(HttpResponse::Ok().json(page.listing(found, id, SetupRequest::from)))
}
