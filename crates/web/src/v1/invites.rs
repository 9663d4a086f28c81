//! Invites: asked for, read, followed.

use std::str::FromStr;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use app::invites::{self, Filter, InviteDetails, NewInvite};
use domain::{InviteId, Origin, Status};
use uuid::Uuid;

use crate::auth::Caller;
use crate::body::Body;
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::invite::{Filters, Invite, InviteBody, InviteChange, TimelineEntry};

/// Your invites
///
/// A page of a filtered list may hold fewer than `limit`, even none, while `next_cursor` goes on: it looks through 2,000 invites at a time.
#[utoipa::path(tag = "Invites", operation_id = "list_invites", security(("platform_key" = [])), params(Filters, Paging),
    responses((status = 200, description = "One page", body = Listing<Invite>), Refused, BadQuery))]
#[get("/invites")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page, filter) = (caller.organization, params.page()?, filter(&params)?);
    let read = edge
        .app()
        .read(move |app, conn| invites::list(app, conn, organization, &filter, page.lookup()));
    let found = read.await?;
    let id = |details: &InviteDetails| details.record.invite.id.into();
    let looked_to = found.looked_to.map(Uuid::from);
    let listing = page.listing_to(found.invites, looked_to, id, |details| {
        Invite::from(&details)
    });
    Ok(HttpResponse::Ok().json(listing))
}

/// Ask a candidate to take an assessment
#[utoipa::path(tag = "Invites", operation_id = "create_invite", security(("platform_key" = [])), params(Repeatable), request_body = InviteBody,
    responses((status = 201, description = "Made", body = Invite), Refused, BadBody, Conflicting))]
#[post("/invites")]
pub(crate) async fn create(
    caller: Caller,
    post: Post,
    body: Body<InviteBody>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let new = NewInvite::try_from(body.value)?;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::CREATED, shown),
        move |app, conn| invites::create(app, conn, organization, new.clone()),
    )
    .await
}

/// One invite
#[utoipa::path(tag = "Invites", operation_id = "show_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite")),
    responses((status = 200, description = "As it is now", body = Invite), Refused, Unknown))]
#[get("/invites/{id}")]
pub(crate) async fn show(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(invite): Id<InviteId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let read = edge
        .app()
        .read(move |app, conn| invites::find(app, conn, organization, invite));
    Ok(HttpResponse::Ok().json(Invite::from(&read.await?)))
}

/// Change where Start leads, while the candidate has not started
#[utoipa::path(tag = "Invites", operation_id = "change_invite", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite")), request_body = InviteChange,
    responses((status = 200, description = "As it is now", body = Invite), Refused, BadBody, Unknown, Conflicting))]
#[patch("/invites/{id}")]
pub(crate) async fn change(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(invite): Id<InviteId>,
    body: Body<InviteChange>,
) -> Result<HttpResponse, Problem> {
    let (organization, launch_url) = (caller.organization, body.value.launch_url());
    let written = edge.app().write(move |app, conn| match &launch_url {
        Some(url) => invites::set_launch_url(app, conn, organization, invite, url.clone()),
        None => invites::find(app, conn, organization, invite),
    });
    Ok(HttpResponse::Ok().json(Invite::from(&written.await?)))
}

/// What happened to an invite, newest first
#[utoipa::path(tag = "Invites", operation_id = "show_timeline", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The invite"), Paging),
    responses((status = 200, description = "One page", body = Listing<TimelineEntry>), Refused, BadQuery, Unknown))]
#[get("/invites/{id}/timeline")]
pub(crate) async fn timeline(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(invite): Id<InviteId>,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| invites::timeline(conn, organization, invite, page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |event| event.id.into(), TimelineEntry::from);
    Ok(HttpResponse::Ok().json(listing))
}

fn shown(details: &InviteDetails) -> Invite {
    details.into()
}

fn filter(params: &Params) -> Result<Filter, Problem> {
    let assessment = params.get("assessment_id").map(|text| {
        let id = Uuid::from_str(text).map(Into::into);
        id.map_err(|_| Problem::fault("assessment_id", "is not an id that Baton gave"))
    });
    Ok(Filter {
        status: named(
            params,
            "status",
            Status::parse,
            "one of invited, started, submitted, completed, expired, cancelled",
        )?,
        origin: named(
            params,
            "origin",
            Origin::parse,
            "one of greenhouse, lever, api, dashboard",
        )?,
        assessment: assessment.transpose()?,
        email: params.get("email").map(str::to_owned),
        q: params.get("q").map(str::to_owned),
    })
}

fn named<T>(
    params: &Params,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
    known: &str,
) -> Result<Option<T>, Problem> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let parsed = parse(text).ok_or_else(|| Problem::fault(name, format!("has to be {known}")))?;
    Ok(Some(parsed))
}
