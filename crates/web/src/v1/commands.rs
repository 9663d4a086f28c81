//! What can be done with an invite. Each answers the invite as it is afterwards.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use app::invites::{self, InviteDetails};
use app::{AnyConnection, App};
use domain::{Grade, InviteId, OrganizationId, ResultBody};

use crate::auth::Caller;
use crate::body::{Body, OptionalBody};
use crate::edge::Edge;
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, Conflicting, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::invite::{Extension, Grades, Invite, Refusal};
use crate::wire::result::ResultReport;

/// A command that says nothing beyond its name.
type Plain = fn(&App, &mut AnyConnection, OrganizationId, InviteId) -> app::Result<InviteDetails>;

async fn carry_out(
    caller: Caller,
    post: Post,
    invite: InviteId,
    body: &Body<Nothing>,
    command: Plain,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |app, conn| command(app, conn, organization, invite),
    )
    .await
}

fn shown(details: &InviteDetails) -> Invite {
    details.into()
}

/// Begin the sitting
#[utoipa::path(tag = "Invites", operation_id = "start_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/start")]
pub(crate) async fn start(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    carry_out(caller, post, invite, &body, invites::start).await
}

/// End the sitting
#[utoipa::path(tag = "Invites", operation_id = "submit_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/submit")]
pub(crate) async fn submit(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    carry_out(caller, post, invite, &body, invites::submit).await
}

/// Cancel an invite; its link answers 410
#[utoipa::path(tag = "Invites", operation_id = "cancel_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/cancel")]
pub(crate) async fn cancel(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    carry_out(caller, post, invite, &body, invites::cancel).await
}

/// Open the next attempt, under a new link
#[utoipa::path(tag = "Invites", operation_id = "reset_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/reset")]
pub(crate) async fn reset(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    carry_out(caller, post, invite, &body, invites::reset).await
}

/// Mail the same link once more
#[utoipa::path(tag = "Invites", operation_id = "resend_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/resend")]
pub(crate) async fn resend(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    carry_out(caller, post, invite, &body, invites::resend).await
}

/// Give more time
#[utoipa::path(tag = "Invites", operation_id = "extend_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Extension,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/extend")]
pub(crate) async fn extend(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    body: Body<Extension>,
) -> Result<HttpResponse, Problem> {
    let (organization, expires_at) = (caller.organization, body.value.expires_at);
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |app, conn| invites::extend(app, conn, organization, invite, expires_at),
    )
    .await
}

/// Cancel an invite that you will not serve, with the reason
#[utoipa::path(tag = "Invites", operation_id = "refuse_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Refusal,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/refuse")]
pub(crate) async fn refuse(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    body: Body<Refusal>,
) -> Result<HttpResponse, Problem> {
    let (organization, reason) = (caller.organization, body.value.reason);
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |app, conn| invites::refuse(app, conn, organization, invite, &reason),
    )
    .await
}

/// Report a result, or a revision of one
#[utoipa::path(tag = "Invites", operation_id = "report_result", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite")), request_body = ResultReport,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[put("/invites/{id}/result")]
pub(crate) async fn report(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(invite): Id<InviteId>,
    body: Body<ResultReport>,
) -> Result<HttpResponse, Problem> {
    let (organization, result) = (caller.organization, ResultBody::from(body.value));
    let written = edge
        .app()
        .write(move |app, conn| invites::report(app, conn, organization, invite, result.clone()));
    Ok(HttpResponse::Ok().json(Invite::from(&written.await?)))
}

/// Grade answers that people judge
#[utoipa::path(tag = "Invites", operation_id = "grade_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Repeatable), request_body = Grades,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[post("/invites/{id}/grades")]
pub(crate) async fn grade(
    caller: Caller,
    post: Post,
    Id(invite): Id<InviteId>,
    body: Body<Grades>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let grades: Vec<Grade> = body.value.into();
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |app, conn| invites::grade(app, conn, organization, invite, &grades),
    )
    .await
}
