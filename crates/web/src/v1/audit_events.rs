//! The organization's audit log.

use actix_web::{HttpResponse, get, web};
use app::audit;

use crate::auth::Caller;
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::problem::Problem;
use crate::refusals::{BadQuery, Refused};
use crate::wire::audit_event::AuditEvent;

/// Who did what
#[utoipa::path(tag = "Organization", operation_id = "list_audit_events", security(("platform_key" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<AuditEvent>), Refused, BadQuery))]
#[get("/audit-events")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| audit::list(conn, organization, page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |event| event.id.into(), AuditEvent::from);
    Ok(HttpResponse::Ok().json(listing))
}
