//! The people who were asked.

use actix_web::{HttpResponse, delete, get, web};
use app::{candidates, erasure};
use domain::CandidateId;
use utoipa::IntoParams;

use crate::auth::{Acting, Caller};
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadQuery, Refused, Unknown};
use crate::wire::candidate::KnownCandidate;

/// Which people.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "says in the document what `Params` reads")]
pub(crate) struct Named {
    /// Only whom this address names.
    email: Option<String>,
}

/// The people you asked
#[utoipa::path(tag = "Candidates", operation_id = "list_candidates", security(("platform_key" = [])), params(Named, Paging),
    responses((status = 200, description = "One page", body = Listing<KnownCandidate>), Refused, BadQuery))]
#[get("/candidates")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let email = params.get("email").map(str::to_owned);
    let read = edge
        .app()
        .read(move |_, conn| candidates::list(conn, organization, email.as_deref(), page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |known| known.id.into(), KnownCandidate::from);
    Ok(HttpResponse::Ok().json(listing))
}

/// Erase a person: names, addresses and answers go, everywhere; the invites stay as numbers
#[utoipa::path(tag = "Candidates", operation_id = "erase_candidate", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The person")),
    responses((status = 204, description = "Done"), Refused, Unknown))]
#[delete("/candidates/{id}")]
pub(crate) async fn erase(
    Acting(app): Acting,
    caller: Caller,
    Id(candidate): Id<CandidateId>,
) -> Result<HttpResponse, Problem> {
    erasure::erase(&app, caller.organization, candidate).await?;
    Ok(HttpResponse::NoContent().finish())
}
