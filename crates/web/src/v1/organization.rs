//! The caller's own organization.

use actix_web::{HttpResponse, get, patch, web};
use app::organizations;

use crate::auth::Caller;
use crate::body::Body;
use crate::edge::Edge;
use crate::problem::Problem;
use crate::refusals::{BadBody, Refused};
use crate::wire::organization::{Organization, OrganizationChange};

/// Your organization
#[utoipa::path(tag = "Organization", operation_id = "show_organization", security(("platform_key" = [])),
    responses((status = 200, description = "As it is now", body = Organization), Refused))]
#[get("/organization")]
pub(crate) async fn show(edge: web::Data<Edge>, caller: Caller) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let read = edge
        .app()
        .read(move |_, conn| organizations::find(conn, organization));
    Ok(HttpResponse::Ok().json(Organization::from(&read.await?)))
}

/// Change your organization
#[utoipa::path(tag = "Organization", operation_id = "change_organization", security(("platform_key" = [])), request_body = OrganizationChange,
    responses((status = 200, description = "As it is now", body = Organization), Refused, BadBody))]
#[patch("/organization")]
pub(crate) async fn change(
    edge: web::Data<Edge>,
    caller: Caller,
    body: Body<OrganizationChange>,
) -> Result<HttpResponse, Problem> {
    let (organization, wanted) = (caller.organization, body.value);
    let written = edge
        .app()
        .write(move |_, conn| organizations::patch(conn, organization, &|now| wanted.change(now)));
    Ok(HttpResponse::Ok().json(Organization::from(&written.await?)))
}
