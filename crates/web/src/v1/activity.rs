//! What came in over a connection, and what was decided.

use actix_web::{HttpResponse, get, web};
use app::activity::{self, Wanted};

use crate::auth::Caller;
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::path::Kind;
use crate::problem::Problem;
use crate::refusals::{BadQuery, Refused, Unknown};
use crate::wire::activity::Activity;

/// What came in over a connection, what was decided, and why nothing was sent
#[utoipa::path(tag = "Connections", operation_id = "list_connection_activity", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "`greenhouse_assessment`, `greenhouse_harvest` or `lever`"), Paging),
    responses((status = 200, description = "One page", body = Listing<Activity>), Refused, Unknown, BadQuery))]
#[get("/connections/{kind}/activity")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    Kind(kind): Kind,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| activity::list(conn, organization, kind, Wanted::All, page.lookup()));
    let listing = page.listing(read.await?, |it| it.id.into(), Activity::from);
    Ok(HttpResponse::Ok().json(listing))
}
