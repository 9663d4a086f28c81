//! The caller's own links to ATSs.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post};
use app::connections::{self, MadeBy};
use app::{AnyConnection, App};
use domain::{ConnectionKind, OrganizationId};

use crate::auth::{Acting, Caller};
use crate::body::{Body, OptionalBody};
use crate::list::Listing;
use crate::once::{Post, Repeatable, Shows};
use crate::path::Kind;
use crate::problem::Problem;
use crate::refusals::{BadBody, Conflicting, FarSide, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::connection::{
    Authorization, ConnectLink, Connection, ConnectionChange, NewConnectLink,
};

/// Your connections, one of each kind
#[utoipa::path(tag = "Connections", operation_id = "list_connections", security(("platform_key" = [])),
    responses((status = 200, description = "All of them", body = Listing<Connection>), Refused))]
#[get("/connections")]
pub(crate) async fn list(Acting(app): Acting, caller: Caller) -> Result<HttpResponse, Problem> {
    let found = connections::list(&app, caller.organization).await?;
    let data: Vec<Connection> = found.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(Listing::whole(data)))
}

/// Open a way to the ATS, where somebody lets Baton in
#[utoipa::path(tag = "Connections", operation_id = "authorize_connection", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "Which connection"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "Where to send the browser", body = Authorization), Refused, BadBody, Unknown, Conflicting))]
#[post("/connections/{kind}/authorize")]
pub(crate) async fn authorize(
    caller: Caller,
    post: Post,
    Kind(kind): Kind,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        (StatusCode::OK, |url: &_| Authorization::from(url)),
        move |app, conn| connections::authorize(app, conn, organization, kind, &MadeBy::Key),
    )
    .await
}

/// Change a connection's settings
#[utoipa::path(tag = "Connections", operation_id = "change_connection", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "Which connection")), request_body = ConnectionChange,
    responses((status = 200, description = "As it is now", body = Connection), Refused, BadBody, Unknown, Conflicting, FarSide))]
#[patch("/connections/{kind}")]
pub(crate) async fn change(
    Acting(app): Acting,
    caller: Caller,
    Kind(kind): Kind,
    body: Body<ConnectionChange>,
) -> Result<HttpResponse, Problem> {
    let (organization, wanted) = (caller.organization, body.value.settings);
    if let Some(name) = wanted.foreign_to(kind) {
        let problem = format!("is no setting of {}", kind.as_str());
        return Err(Problem::fault(format!("settings.{name}"), problem));
    }
    let view = match kind {
        ConnectionKind::Lever => {
            connections::change_lever(&app, organization, wanted.lever()).await?
        }
        ConnectionKind::GreenhouseHarvest => {
            connections::change_harvest(&app, organization, wanted.harvest()).await?
        }
        ConnectionKind::GreenhouseAssessment => connections::show(&app, organization, kind).await?,
    };
    Ok(HttpResponse::Ok().json(Connection::from(&view)))
}

/// End a connection; what was imported and chosen stays
#[utoipa::path(tag = "Connections", operation_id = "end_connection", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "Which connection")),
    responses((status = 204, description = "Done"), Refused, Unknown))]
#[delete("/connections/{kind}")]
pub(crate) async fn end(
    Acting(app): Acting,
    caller: Caller,
    Kind(kind): Kind,
) -> Result<HttpResponse, Problem> {
    connections::disconnect(&app, caller.organization, kind).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask the operator to set a connection up
#[utoipa::path(tag = "Connections", operation_id = "request_connection", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "Which connection"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Connection), Refused, BadBody, Unknown, Conflicting))]
#[post("/connections/{kind}/request")]
pub(crate) async fn request(
    caller: Caller,
    post: Post,
    Kind(kind): Kind,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let ask = connections::request;
    command(caller, post, kind, body, ask).await
}

/// Take the grant that is held because it is for another account than before
#[utoipa::path(tag = "Connections", operation_id = "confirm_account", security(("platform_key" = [])),
    params(("kind" = String, Path, description = "Which connection"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Connection), Refused, BadBody, Unknown, Conflicting))]
#[post("/connections/{kind}/confirm-account")]
pub(crate) async fn confirm_account(
    caller: Caller,
    post: Post,
    Kind(kind): Kind,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let confirm = connections::confirm_account;
    command(caller, post, kind, body, confirm).await
}

type Command = fn(&App, &mut AnyConnection, OrganizationId, ConnectionKind) -> app::Result<()>;

/// Carries out what changes a connection; answers it as it is now.
async fn command(
    caller: Caller,
    post: Post,
    kind: ConnectionKind,
    body: Body<Nothing>,
    command: Command,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, |view: &_| Connection::from(view)),
        move |app, conn| {
            command(app, conn, organization, kind)?;
            connections::show_in(app, conn, organization, kind)
        },
    )
    .await
}

/// Make a link with which somebody who has no account here connects; it is shown in this answer only
#[utoipa::path(tag = "Connections", operation_id = "create_connect_link", security(("platform_key" = [])), params(Repeatable), request_body = NewConnectLink,
    responses((status = 201, description = "Made", body = ConnectLink), Refused, BadBody, Conflicting))]
#[post("/connect-links")]
pub(crate) async fn create_link(
    caller: Caller,
    post: Post,
    body: Body<NewConnectLink>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let kinds: Vec<ConnectionKind> = body.value.kinds.iter().map(|kind| (*kind).into()).collect();
    let seconds = body.value.expires_in_seconds;
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        (StatusCode::CREATED, |url: &_| ConnectLink::from(url)),
        move |app, conn| connections::create_link(app, conn, organization, &kinds, seconds),
    )
    .await
}
