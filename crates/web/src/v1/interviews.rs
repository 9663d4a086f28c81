//! Interviews on the vendor's side: filed, answered, followed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use app::referrals::{self, NewInterview, ReferralDetails};
use domain::ReferralId;

use crate::auth::Caller;
use crate::body::Body;
use crate::edge::Edge;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::path::Id;
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, Refused, Unknown};
use crate::wire::interview::{Consent, Interview, InterviewBody};
use crate::wire::invite::TimelineEntry;

/// Your interviews
#[utoipa::path(tag = "Interviews", operation_id = "list_interviews", security(("platform_key" = [])), params(Paging),
    responses((status = 200, description = "One page", body = Listing<Interview>), Refused, BadQuery))]
#[get("/interviews")]
pub(crate) async fn list(
    edge: web::Data<Edge>,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |app, conn| referrals::list(app, conn, organization, page.lookup()));
    let found = read.await?;
    let listing = page.listing(
        found,
        |details| details.record.id.into(),
        |details| Interview::from(&details),
    );
    Ok(HttpResponse::Ok().json(listing))
}

/// File an interview that took place on your side
///
/// Where the interviewer would go on, the candidate is asked. After two yeses the person is found in Greenhouse by e-mail address or
/// made, as an applicant for the job or a prospect, with one note that holds the feedback.
#[utoipa::path(tag = "Interviews", operation_id = "file_interview", security(("platform_key" = [])), params(Repeatable), request_body = InterviewBody,
    responses((status = 201, description = "Filed", body = Interview), Refused, BadBody))]
#[post("/interviews")]
pub(crate) async fn file(
    caller: Caller,
    post: Post,
    body: Body<InterviewBody>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let new = NewInterview::from(body.value);
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::CREATED, shown),
        move |app, conn| referrals::file(app, conn, organization, &new),
    )
    .await
}

/// One interview
#[utoipa::path(tag = "Interviews", operation_id = "show_interview", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The interview")),
    responses((status = 200, description = "As it is now", body = Interview), Refused, Unknown))]
#[get("/interviews/{id}")]
pub(crate) async fn show(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(referral): Id<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    let read = edge
        .app()
        .read(move |app, conn| referrals::find(app, conn, organization, referral));
    Ok(HttpResponse::Ok().json(Interview::from(&read.await?)))
}

/// What happened to an interview, newest first
#[utoipa::path(tag = "Interviews", operation_id = "show_interview_timeline", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The interview"), Paging),
    responses((status = 200, description = "One page", body = Listing<TimelineEntry>), Refused, BadQuery, Unknown))]
#[get("/interviews/{id}/timeline")]
pub(crate) async fn timeline(
    edge: web::Data<Edge>,
    caller: Caller,
    Id(referral): Id<ReferralId>,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let (organization, page) = (caller.organization, params.page()?);
    let read = edge
        .app()
        .read(move |_, conn| referrals::timeline(conn, organization, referral, page.lookup()));
    let found = read.await?;
    let listing = page.listing(found, |event| event.id.into(), TimelineEntry::from);
    Ok(HttpResponse::Ok().json(listing))
}

/// Say whether the candidate wants to go on
///
/// They may think again until the first step towards Greenhouse is taken: 409 for a no after that.
#[utoipa::path(tag = "Interviews", operation_id = "answer_interview", security(("platform_key" = [])),
    params(("id" = Uuid, Path, description = "The interview"), Repeatable), request_body = Consent,
    responses((status = 200, description = "As it is now", body = Interview), Refused, BadBody, Unknown, Conflicting))]
#[post("/interviews/{id}/consent")]
pub(crate) async fn consent(
    caller: Caller,
    post: Post,
    Id(referral): Id<ReferralId>,
    body: Body<Consent>,
) -> Result<HttpResponse, Problem> {
    let (organization, interested) = (caller.organization, body.value.interested);
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (StatusCode::OK, shown),
        move |app, conn| referrals::answer(app, conn, organization, referral, interested),
    )
    .await
}

fn shown(details: &ReferralDetails) -> Interview {
    details.into()
}
