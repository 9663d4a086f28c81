//! The caller's own keys.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use app::api_keys;
use domain::ApiKeyId;

use crate::auth::{Acting, Caller};
use crate::body::{Body, OptionalBody};
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::api_key::{ApiKey, NewApiKey, NewlyShownApiKey, Rotation};

/// Your keys
#[utoipa::path(tag = "API keys", operation_id = "list_own_api_keys", security(("platform_key" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<ApiKey>), Refused, BadQuery))]
#[get("/api-keys")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| api_keys::list(conn, organization, page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |key| key.id.into(), |key| ApiKey::from(&key));
    Ok(HttpResponse::Ok().json(listing))
}

/// Make a key; it is shown in this answer only
#[utoipa::path(tag = "API keys", operation_id = "create_own_api_key", security(("platform_key" = [])), params(Repeatable), request_body = NewApiKey,
    responses((status = 201, description = "Made", body = NewlyShownApiKey), Refused, BadBody, Conflicting))]
#[post("/api-keys")]
pub(crate) async fn create(
    caller: Caller,
    post: Post,
    body: Body<NewApiKey>,
) -> Result<HttpResponse, Problem> {
    let (organization, new) = (caller.organization, body.value.into());
    let show = (StatusCode::CREATED, |made: &_| NewlyShownApiKey::from(made));
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        show,
        move |app, conn| api_keys::create(app, conn, organization, &new),
    )
    .await
}

/// Replace a key; the new one is shown in this answer only
#[utoipa::path(tag = "API keys", operation_id = "rotate_api_key", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The key to replace"), Repeatable), request_body = Option<Rotation>,
    responses((status = 201, description = "Made", body = NewlyShownApiKey), Refused, BadBody, Unknown, Conflicting))]
#[post("/api-keys/{id}/rotate")]
pub(crate) async fn rotate(
    caller: Caller,
    post: Post,
    Id(key): Id<ApiKeyId>,
    OptionalBody(body): OptionalBody<Rotation>,
) -> Result<HttpResponse, Problem> {
    let (organization, overlap) = (caller.organization, body.value.overlap_seconds);
    let show = (StatusCode::CREATED, |made: &_| NewlyShownApiKey::from(made));
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        show,
        move |app, conn| api_keys::rotate(app, conn, organization, key, overlap),
    )
    .await
}

/// End a key, from the next call on
#[utoipa::path(tag = "API keys", operation_id = "revoke_api_key", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The key to end")),
    responses((status = 204, description = "Done"), Refused, Unknown))]
#[delete("/api-keys/{id}")]
pub(crate) async fn revoke(
    Acting(app): Acting,
    caller: Caller,
    Id(key): Id<ApiKeyId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let ended = app.write(move |app, conn| api_keys::revoke(app, conn, organization, key));
    ended.await?;
    Ok(HttpResponse::NoContent().finish())
}
