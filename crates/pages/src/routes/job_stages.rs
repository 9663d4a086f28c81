//! Which stages of a job in Greenhouse invite to an assessment.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, JobStage, StageMapping};
use app::{App, Error, Result, assessments};
use domain::{Assessment, AssessmentId, OrganizationId, StageMappingId};

use super::form::Form;
use super::person::{Person, form_of_administrator};
use super::site::{Site, go_to, sentence};
use crate::dashboard::{JobStagesPage, MappingRow, Section, StageChoice};
use crate::html;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/assessments/{id}/stages")
                .get(show)
                .post(add),
        )
        .service(web::resource("/assessments/{id}/stages/{mapping}/remove").post(remove))
        .service(web::resource("/assessments/{id}/job").post(map));
}

fn parsed(id: &str) -> Result<AssessmentId> {
    id.parse().map_err(|_| Error::NotFound("assessment"))
}

async fn show(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
) -> HttpResponse {
    let outcome = match parsed(&id) {
        Ok(id) => page(&site, &person, id, None).await,
        Err(error) => Err(error),
    };
    let outcome = outcome.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, Some(&person), outcome)
}

async fn page(
    site: &Site,
    person: &Person,
    id: AssessmentId,
    error: Option<String>,
) -> Result<JobStagesPage> {
    let organization = person.organization();
    let (assessment, mappings) = site
        .app
        .read(move |_, conn| {
            let assessment = assessments::find(conn, organization, id)?;
            let mut mappings = connections::stage_mappings(conn, organization)?;
            mappings.retain(|mapping| mapping.assessment == id);
            Ok((assessment, mappings))
        })
        .await?;
    let may_change = person.role().administers();
    let (stages, trouble) = match may_change {
        true => stages(site, organization, &assessment).await?,
        false => (Vec::new(), None),
    };
    // Only where they could be looked up is one that is not among them gone.
    let job = assessment.greenhouse_job_id.as_deref();
    let known = job.filter(|_| may_change && trouble.is_none());
    let rows = mappings.iter().map(|it| row(it, known, &stages)).collect();
    let is_chosen = |stage: &JobStage| mappings.iter().any(|it| it.stage == stage.id);
    Ok(JobStagesPage {
        frame: person.frame(site, Section::Assessments),
        title: assessment.title,
        href: format!("/assessments/{id}"),
        job: assessment.greenhouse_job_id,
        stages: stages
            .into_iter()
            .map(|stage| StageChoice {
                chosen: is_chosen(&stage),
                id: stage.id,
                name: stage.name,
            })
            .collect(),
        mappings: rows,
        may_change,
        error: error.or(trouble),
    })
}

/// `stages` are those that the job `known` has now.
fn row(mapping: &StageMapping, known: Option<&str>, stages: &[JobStage]) -> MappingRow {
    let now = stages.iter().find(|stage| stage.id == mapping.stage);
    MappingRow {
        id: mapping.id.to_string(),
        stage: now.map_or(&mapping.stage_name, |stage| &stage.name).clone(),
        job: mapping.job_name.clone(),
        is_gone: known == Some(mapping.job.as_str()) && now.is_none(),
    }
}

/// The stages of its job; or why there are none to choose from.
async fn stages(
    site: &Site,
    organization: OrganizationId,
    assessment: &Assessment,
) -> Result<(Vec<JobStage>, Option<String>)> {
    let Some(job) = &assessment.greenhouse_job_id else {
        return Ok((Vec::new(), None));
    };
    match connections::job_stages(&site.app, organization, job).await {
        Ok(stages) => Ok((stages, None)),
        Err(Error::Unprocessable(faults)) => {
            let why = faults.first();
            Ok((
                Vec::new(),
                why.map(|fault| format!("The job {}.", fault.problem)),
            ))
        }
        Err(error @ (Error::Conflict { .. } | Error::FarSide { .. })) => {
            Ok((Vec::new(), Some(sentence(&error.to_string()))))
        }
        Err(error) => Err(error),
    }
}

async fn add(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let app = site.acting(&request, Some(&person));
    let outcome = match parsed(&id) {
        Ok(id) => done(&site, &person, id, add_here(&app, &person, id, &form).await).await,
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn add_here(app: &App, person: &Person, id: AssessmentId, form: &Form) -> Result<()> {
    let organization = person.organization();
    app.read(move |_, conn| assessments::find(conn, organization, id))
        .await?;
    let found = connections::find_job_stage(app, organization, form.get("stage_id")).await?;
    app.write(move |app, conn| {
        connections::add_stage_mapping(app, conn, organization, &found, id).map(drop)
    })
    .await
}

/// Back to the page; with what was wrong, where something was.
async fn done(
    site: &Site,
    person: &Person,
    id: AssessmentId,
    outcome: Result<()>,
) -> Result<HttpResponse> {
    let (status, why) = match outcome {
        Ok(()) => return Ok(go_to(&format!("/assessments/{id}/stages"))),
        Err(error @ Error::Unprocessable(_)) => {
            let why = sentence(&error.to_string());
            (StatusCode::UNPROCESSABLE_ENTITY, Some(why))
        }
        Err(error @ (Error::Conflict { .. } | Error::FarSide { .. })) => {
            (StatusCode::CONFLICT, Some(sentence(&error.to_string())))
        }
        Err(error) => return Err(error),
    };
    let page = page(site, person, id, why).await?;
    Ok(html::answer(status, &page))
}

async fn remove(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    ids: Path<(String, String)>,
    body: Bytes,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(&site, &request, &person, &body) {
        return *answer;
    }
    let organization = person.organization();
    let (assessment, mapping) = ids.into_inner();
    let app = site.acting(&request, Some(&person));
    let outcome = match (parsed(&assessment), mapping.parse::<StageMappingId>()) {
        (Ok(id), Ok(mapping)) => app
            .write(move |app, conn| {
                connections::remove_stage_mapping(app, conn, organization, mapping)
            })
            .await
            .map(|()| go_to(&format!("/assessments/{id}/stages"))),
        _ => Err(Error::NotFound("stage mapping")),
    };
    site.answer(&request, Some(&person), outcome)
}

/// By hand: for which job the assessment is.
async fn map(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let organization = person.organization();
    let job = form.get("job").to_owned();
    let app = site.acting(&request, Some(&person));
    let outcome = match parsed(&id) {
        Ok(id) => {
            let mapped = app
                .write(move |app, conn| connections::map_to_job(app, conn, organization, id, &job))
                .await;
            done(&site, &person, id, mapped).await
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}
