//! The list of assessments, and one of them.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, Namesake, TriggerStage, What};
use app::{Error, Page, Result, assessments};
use domain::{Assessment, AssessmentId, AssessmentStatus, ConnectionKind, Kind};
use serde::Deserialize;
use uuid::Uuid;

use app::greenhouse::is_imported;

use super::integrations::view_of;
use super::person::Person;
use super::site::{Site, sentence};
use crate::dashboard::{
    AssessmentPage, AssessmentRow, AssessmentsPage, Filters, InLever, Section, TagUse, href,
    tag_remarks,
};
use crate::parts::Copy;
use crate::{html, words};

/// How long a page waits for what Lever says of a title.
const LOOK: Duration = Duration::from_secs(3);

/// Rows on a page.
pub(crate) const ROWS: i64 = 50;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/assessments", web::get().to(list))
        .configure(super::imports::routes)
        .configure(super::job_stages::routes)
        .route("/assessments/{id}", web::get().to(show));
}

#[derive(Debug, Deserialize)]
struct Cursor {
    cursor: Option<Uuid>,
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    query: Query<Cursor>,
) -> HttpResponse {
    let organization = person.organization();
    let page = Page {
        limit: ROWS + 1,
        before: query.cursor,
    };
    let found = site
        .app
        .read(move |_, conn| assessments::list(conn, organization, page))
        .await;
    let imports = match view_of(&site, &person, ConnectionKind::GreenhouseHarvest).await {
        Ok(view) => view.state.works(),
        Err(error) => return site.refuse(&request, Some(&person), &error),
    };
    let outcome = found.map(|found| {
        let next = next_cursor(&found, |assessment| assessment.id.into());
        let page = AssessmentsPage {
            frame: person.frame(&site, Section::Assessments),
            rows: found.iter().take(rows()).map(row).collect(),
            next_href: next.map(|cursor| format!("/assessments?cursor={cursor}")),
            imports,
        };
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, Some(&person), outcome)
}

/// How many rows a page shows.
pub(crate) fn rows() -> usize {
    usize::try_from(ROWS).unwrap_or(usize::MAX)
}

/// Where the next page begins, if one more than a page was found.
pub(crate) fn next_cursor<T>(found: &[T], id: impl Fn(&T) -> Uuid) -> Option<Uuid> {
    (found.len() > rows()).then(|| id(&found[rows() - 1]))
}

fn row(assessment: &Assessment) -> AssessmentRow {
    AssessmentRow {
        title: assessment.title.clone(),
        state: assessment.status.into(),
        contents: contents(assessment),
        time_limit: assessment.time_limit_minutes.map(words::minutes),
        href: format!("/assessments/{}", assessment.id),
    }
}

fn contents(assessment: &Assessment) -> String {
    let launch = assessment.external.as_ref();
    let url = launch.and_then(|external| url::Url::parse(external.launch_url.as_deref()?).ok());
    match (assessment.kind, url.as_ref().and_then(url::Url::host_str)) {
        (Kind::Questionnaire, _) => {
            words::plural(assessment.questions.len(), "question", "questions")
        }
        (Kind::External, Some(host)) => format!("On {host}"),
        (Kind::External, None) => "On another site".to_owned(),
    }
}

async fn show(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
) -> HttpResponse {
    let outcome = one(&site, &person, &id).await;
    let outcome = outcome.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, Some(&person), outcome)
}

async fn one(site: &Site, person: &Person, id: &str) -> Result<AssessmentPage> {
    let id: AssessmentId = id.parse().map_err(|_| Error::NotFound("assessment"))?;
    let organization = person.organization();
    let (assessment, stages, imported) = site
        .app
        .read(move |_, conn| {
            let assessment = assessments::find(conn, organization, id)?;
            let stages = connections::trigger_stages(conn, organization)?;
            Ok((assessment, stages, is_imported(conn, organization, id)?))
        })
        .await?;
    let works = view_of(site, person, ConnectionKind::Lever)
        .await?
        .state
        .works();
    let harvest = view_of(site, person, ConnectionKind::GreenhouseHarvest)
        .await?
        .state
        .works();
    let look = if works {
        Some(look_into_lever(site, &assessment).await)
    } else {
        None
    };
    let filters = Filters {
        assessment: id.to_string(),
        ..Filters::default()
    };
    Ok(AssessmentPage {
        frame: person.frame(site, Section::Assessments),
        state: assessment.status.into(),
        published: assessment.status == AssessmentStatus::Published,
        contents: contents(&assessment),
        time_limit: assessment.time_limit_minutes.map(words::minutes),
        valid: words::days(assessment.invite_valid_days),
        version: assessment.version,
        invites_href: href(&filters, None),
        lever: tag_use(works, &stages),
        remarks: tag_remarks(&assessment.title, look),
        greenhouse_job: assessment.greenhouse_job_id.clone(),
        stages_href: harvest.then(|| format!("/assessments/{id}/stages")),
        description_href: imported.then(|| format!("/assessments/{id}/description")),
        title: Copy::title(assessment.title),
    })
}

fn tag_use(works: bool, stages: &[TriggerStage]) -> TagUse {
    let there: Vec<String> = stages
        .iter()
        .filter(|stage| !stage.missing)
        .map(|stage| stage.name.clone())
        .collect();
    match (works, there.is_empty()) {
        (false, _) => TagUse::NotConnected,
        (true, true) => TagUse::NoStage,
        (true, false) => TagUse::Stages(there),
    }
}

/// What Lever has under the title, or why nobody knows: the page does not wait long for it.
async fn look_into_lever(site: &Site, assessment: &Assessment) -> Result<InLever, String> {
    let looking = connections::titles_in_lever(&site.app, assessment);
    match tokio::time::timeout(LOOK, looking).await {
        Ok(Ok(found)) => Ok(in_words(&found)),
        Ok(Err(error)) => Err(sentence(&error.to_string())),
        Err(_) => Err("Lever did not answer in time. Load the page again.".to_owned()),
    }
}

fn in_words(found: &connections::InLever) -> InLever {
    let named = |namesake: &Namesake| {
        let what = match namesake.what {
            What::Posting => "posting",
            What::Team => "team",
            What::Department => "department",
            What::Location => "location",
            What::WorkType => "work type",
        };
        format!("the {what} {}", namesake.name)
    };
    InLever {
        namesakes: found.namesakes.iter().map(named).collect(),
        outdated: found
            .outdated
            .iter()
            .map(|outdated| (outdated.posting.clone(), outdated.tag.clone()))
            .collect(),
    }
}
