//! The results page, with a grant or signed in; grading.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::invites::{self, EventRecord, InviteDetails};
use app::results::{self, Granted};
use app::{Error, Page};
use chrono::{DateTime, Utc};
use domain::{InviteId, OrganizationId, Status};
use serde::Deserialize;

use super::form::{self, Form};
use super::person::{Person, form_of_administrator, person, sign_in_href};
use super::site::{Site, go_to};
use super::timeline;
use crate::confirm::ConfirmPage;
use crate::dashboard::Section;
use crate::grading::{GradeForm, grades_from_form};
use crate::html;
use crate::parts::FieldError;
use crate::results::{ErasedPage, ResultPage, ResultView, SharedResultPage, Source, WithdrawnPage};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/results/{id}", web::get().to(show))
        .route("/results/{id}/withdraw", web::post().to(withdraw))
        .service(form::long("/invites/{id}/grades").post(grade));
}

#[derive(Debug, Deserialize)]
struct Grant {
    grant: Option<String>,
}

/// With a good grant the shared page; without one the page of whoever is signed in; else the way to sign in. An unknown
/// invite and a wrong grant look alike.
async fn show(
    site: Data<Site>,
    request: HttpRequest,
    id: Path<String>,
    query: Query<Grant>,
) -> HttpResponse {
    let invite: Option<InviteId> = id.parse().ok();
    if let (Some(invite), Some(grant)) = (invite, &query.grant) {
        match shared(&site, invite, grant).await {
            Ok(answer) => return answer,
            Err(Error::NotFound(_)) => {}
            Err(error) => return site.refuse(&request, None, &error),
        }
    }
    match person(&site, &request).await {
        Ok(Some(person)) => {
            let outcome = signed_in(&site, &person, invite).await;
            site.answer(&request, Some(&person), outcome)
        }
        Ok(None) => go_to(&sign_in_href(&request)),
        Err(error) => site.refuse(&request, None, &error),
    }
}

async fn shared(site: &Site, invite: InviteId, grant: &str) -> Result<HttpResponse, Error> {
    let grant = grant.to_owned();
    let (granted, events) = site
        .app
        .read(move |app, conn| {
            let granted = results::with_grant(app, conn, invite, &grant)?;
            let events = match &granted {
                Granted::Open(organization, _) => {
                    invites::timeline(conn, organization.id, invite, Page::default())?
                }
                Granted::Withdrawn(_) | Granted::Erased(..) => Vec::new(),
            };
            Ok((granted, events))
        })
        .await?;
    let now = site.app.now();
    Ok(match granted {
        Granted::Open(organization, details) => html::answer(
            StatusCode::OK,
            &SharedResultPage {
                organization: organization.name,
                platform: site.platform(),
                result: view(site, &details),
                timeline: timeline::entries(&events, now),
            },
        ),
        Granted::Erased(organization, at) => erased(site, &organization.name, at),
        Granted::Withdrawn(organization) => html::answer(
            StatusCode::GONE,
            &WithdrawnPage {
                organization: organization.name,
                platform: site.platform(),
                sign_in_href: format!("/sign-in?next=/results/{invite}"),
            },
        ),
    })
}

fn erased(site: &Site, organization: &str, at: DateTime<Utc>) -> HttpResponse {
    let page = ErasedPage::new(organization, site.platform(), at);
    html::answer(StatusCode::GONE, &page)
}

async fn signed_in(
    site: &Site,
    person: &Person,
    invite: Option<InviteId>,
) -> Result<HttpResponse, Error> {
    let invite = invite.ok_or(Error::NotFound("result"))?;
    let (details, events) = fetch(site, person.organization(), invite).await?;
    if let Some(at) = details.record.candidate.erased_at {
        return Ok(erased(site, &person.organization.name, at));
    }
    let page = ResultPage {
        frame: person.frame(site, Section::Candidates),
        id: invite.to_string(),
        result: view(site, &details),
        timeline: timeline::entries(&events, site.app.now()),
        grading: grading(person, &details),
        may_withdraw: person.role().administers(),
    };
    Ok(html::answer(StatusCode::OK, &page))
}

/// An invite and the newest page of its timeline.
pub(crate) async fn fetch(
    site: &Site,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<(InviteDetails, Vec<EventRecord>), Error> {
    let page = Page {
        limit: 100,
        before: None,
    };
    site.app
        .read(move |app, conn| {
            let details = invites::find(app, conn, organization, invite)?;
            let events = invites::timeline(conn, organization, invite, page)?;
            Ok((details, events))
        })
        .await
}

/// What the results page shows of an invite.
pub(crate) fn view(site: &Site, details: &InviteDetails) -> ResultView {
    ResultView::new(Source {
        invite: &details.record.invite,
        candidate: &details.record.candidate,
        assessment: &details.assessment,
        answers: &details.paper.answers,
        marks: &details.paper.marks,
        now: site.app.now(),
    })
}

/// The form to grade free text, once there is something to grade.
pub(crate) fn grading(person: &Person, details: &InviteDetails) -> Option<GradeForm> {
    let invite = &details.record.invite;
    if !matches!(invite.status, Status::Submitted | Status::Completed) {
        return None;
    }
    GradeForm::new(
        format!("/invites/{}/grades", invite.id),
        person.signed_in.csrf.clone(),
        &details.assessment,
        &details.paper.answers,
        &details.paper.marks,
    )
}

async fn grade(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = Form::read(&body);
    if !person.sent(&form) {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let outcome = grade_here(&site, &person, &id, &form).await;
    site.answer(&request, Some(&person), outcome)
}

async fn grade_here(
    site: &Site,
    person: &Person,
    id: &str,
    form: &Form,
) -> Result<HttpResponse, Error> {
    let invite: InviteId = id.parse().map_err(|_| Error::NotFound("invite"))?;
    let (details, events) = fetch(site, person.organization(), invite).await?;
    let grades = match grades_from_form(&details.assessment, &form.0) {
        Ok(grades) => grades,
        Err(errors) => return Ok(graded_badly(site, person, &details, &events, form, errors)),
    };
    let organization = person.organization();
    site.app
        .write(move |app, conn| invites::grade(app, conn, organization, invite, &grades))
        .await?;
    Ok(go_to(&format!("/invites/{invite}#result")))
}

/// The form once more, with what was typed and what is wrong with it.
fn graded_badly(
    site: &Site,
    person: &Person,
    details: &InviteDetails,
    events: &[EventRecord],
    form: &Form,
    errors: Vec<FieldError>,
) -> HttpResponse {
    let grading = grading(person, details).map(|empty| empty.refused(&form.0, errors));
    let page = ResultPage {
        frame: person.frame(site, Section::Candidates),
        id: details.record.invite.id.to_string(),
        result: view(site, details),
        timeline: timeline::entries(events, site.app.now()),
        grading,
        may_withdraw: person.role().administers(),
    };
    html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn withdraw(
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
    let Ok(invite) = id.parse::<InviteId>() else {
        return site.trouble(&request, Some(&person), StatusCode::NOT_FOUND, None);
    };
    if !form.is_confirmed() {
        let frame = person.frame(&site, Section::Candidates);
        let page = ConfirmPage::withdraw(frame, &invite.to_string());
        return html::answer(StatusCode::OK, &page);
    }
    let organization = person.organization();
    let outcome = site
        .acting(&request, Some(&person))
        .write(move |app, conn| results::withdraw_links(app, conn, organization, invite))
        .await
        .map(|_| go_to(&format!("/results/{invite}")));
    site.answer(&request, Some(&person), outcome)
}
