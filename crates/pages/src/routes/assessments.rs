//! The list of assessments.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::{Page, assessments};
use domain::{Assessment, Kind};
use serde::Deserialize;
use uuid::Uuid;

use super::person::Person;
use super::site::Site;
use crate::dashboard::{AssessmentRow, AssessmentsPage, Filters, Section, href};
use crate::{html, words};

/// Rows on a page.
pub(crate) const ROWS: i64 = 50;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/assessments", web::get().to(list));
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
    let outcome = found.map(|found| {
        let next = next_cursor(&found, |assessment| assessment.id.into());
        let page = AssessmentsPage {
            frame: person.frame(&site, Section::Assessments),
            rows: found.iter().take(rows()).map(row).collect(),
            next_href: next.map(|cursor| format!("/assessments?cursor={cursor}")),
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
    let filters = Filters {
        assessment: assessment.id.to_string(),
        ..Filters::default()
    };
    AssessmentRow {
        title: assessment.title.clone(),
        state: assessment.status.into(),
        contents: contents(assessment),
        time_limit: assessment.time_limit_minutes.map(words::minutes),
        invites_href: href(&filters, None),
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
