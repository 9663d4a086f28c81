//! The caller's jobs in Greenhouse.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, get, post};
use app::greenhouse::{self, Jobs};
use uuid::Uuid;

use crate::auth::{Acting, Caller};
use crate::body::OptionalBody;
use crate::list::{Listing, Paging, Params};
use crate::once::{Post, Repeatable, Shows};
use crate::problem::Problem;
use crate::refusals::{BadBody, BadQuery, Conflicting, FarSide, Refused, Unknown};
use crate::wire::Nothing;
use crate::wire::assessment::Assessment;
use crate::wire::greenhouse::GreenhouseJob;

/// Your open jobs in Greenhouse
#[utoipa::path(tag = "Greenhouse", operation_id = "list_greenhouse_jobs", security(("platform_key" = [])),
    params(("q" = Option<String>, Query, description = "Words of the name or of the requisition id"), Paging),
    responses((status = 200, description = "One page, the newest first", body = Listing<GreenhouseJob>), Refused, BadQuery, Conflicting, FarSide))]
#[get("/greenhouse/jobs")]
pub(crate) async fn jobs(
    Acting(app): Acting,
    caller: Caller,
    params: Params,
) -> Result<HttpResponse, Problem> {
    let page = params.page()?;
    let asked = page.lookup();
    let wanted = Jobs {
        q: params.get("q").unwrap_or_default().to_owned(),
        before: asked.before.map(number),
        limit: usize::try_from(asked.limit).unwrap_or(1),
    };
    let found = greenhouse::jobs(&app, caller.organization, &wanted).await?;
    let listing = page.listing(found, |job| place(job.id), GreenhouseJob::from);
    Ok(HttpResponse::Ok().json(listing))
}

/// A job's place in the list, in the form of all cursors.
fn place(job: i64) -> Uuid {
    Uuid::from_u64_pair(0, job.unsigned_abs())
}

fn number(place: Uuid) -> i64 {
    i64::try_from(place.as_u64_pair().1).unwrap_or(i64::MAX)
}

/// Import a job as a draft: 201 the draft, 200 the same one where it was imported before
#[utoipa::path(tag = "Greenhouse", operation_id = "import_greenhouse_job", security(("platform_key" = [])),
    params(("job_id" = String, Path, description = "The job's id in Greenhouse"), Repeatable), request_body = Option<Nothing>,
    responses((status = 201, description = "The draft", body = Assessment), (status = 200, description = "It was imported before", body = Assessment),
        Refused, BadBody, Unknown, Conflicting, FarSide))]
#[post("/greenhouse/jobs/{job_id}/import")]
pub(crate) async fn import(
    Acting(app): Acting,
    caller: Caller,
    post: Post,
    job: web::Path<String>,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    if let Some(answer) = repeated(&post, &caller, &body.bytes).await? {
        return Ok(answer);
    }
    let imported = greenhouse::import(&app, organization, &job).await?;
    let status = match imported.is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let assessment = imported.assessment;
    post.answer(
        organization,
        &body.bytes,
        Shows::Nothing,
        (status, |made: &domain::Assessment| {
            Assessment::from(made.clone())
        }),
        move |_, _| Ok(assessment.clone()),
    )
    .await
}

async fn repeated(
    post: &Post,
    caller: &Caller,
    body: &Bytes,
) -> Result<Option<HttpResponse>, Problem> {
    post.repeated(caller.organization, body, Shows::Nothing)
        .await
}
