//! The list of invites, and one of them.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::invites::{self, EmailState, Filter, InviteDetails, InviteList};
use app::{AnyConnection, Error, Page, assessments};
use chrono::{DateTime, Utc};
use domain::{
    Assessment, AssessmentStatus, Invite, InviteId, OrganizationId, Origin, Status, Target,
    WritebackState,
};
use serde::Deserialize;
use uuid::Uuid;

use super::assessments::{ROWS, next_cursor, rows};
use super::form::Form;
use super::person::Person;
use super::results::{fetch, grading, view};
use super::site::{Site, go_to};
use super::timeline;
use crate::badge::Mail;
use crate::dashboard::{
    Choice, Filters, InvitePage, InviteRow, InvitesPage, LinkView, MailView, Section,
    WritebackView, href,
};
use crate::link::WebHref;
use crate::parts::Copy;
use crate::when::{Deadline, When};
use crate::{html, words};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/candidates", web::get().to(list))
        .route("/invites/{id}", web::get().to(show))
        .route("/invites/{id}/resend", web::post().to(resend));
}

/// What stands in the list's address. Whatever cannot be used counts as not given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    status: String,
    origin: String,
    assessment: String,
    q: String,
    cursor: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            status: Status::parse(&self.status),
            origin: Origin::parse(&self.origin),
            assessment: self.assessment.parse().ok(),
            email: None,
            q: Some(self.q.trim().to_owned()).filter(|text| !text.is_empty()),
        }
    }

    fn page(&self) -> Page {
        Page {
            limit: ROWS + 1,
            before: self.cursor.parse().ok(),
        }
    }

    fn filters(&self, assessments: &[Assessment]) -> Filters {
        let choice = |assessment: &Assessment| Choice {
            value: assessment.id.to_string(),
            label: assessment.title.clone(),
        };
        Filters {
            status: self.status.clone(),
            origin: self.origin.clone(),
            assessment: self.assessment.clone(),
            q: self.q.clone(),
            assessments: assessments.iter().map(choice).collect(),
        }
    }
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    query: Query<Asked>,
) -> HttpResponse {
    let asked = query.into_inner();
    let (organization, wanted) = (person.organization(), asked.clone());
    let found = site
        .app
        .read(move |app, conn| {
            let page = wanted.page();
            let found = invites::list(app, conn, organization, &wanted.filter(), page)?;
            Ok((found, offered(conn, organization)?))
        })
        .await;
    let outcome = found.map(|(found, assessments)| {
        let page = invites_page(&site, &person, &asked, &found, &assessments);
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, Some(&person), outcome)
}

/// The assessments to pick from: those that ever had invites.
fn offered(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<Assessment>, Error> {
    let newest = Page {
        limit: 100,
        before: None,
    };
    let mut found = assessments::list(conn, organization, newest)?;
    found.retain(|assessment| assessment.status != AssessmentStatus::Draft);
    found.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(found)
}

fn invites_page(
    site: &Site,
    person: &Person,
    asked: &Asked,
    found: &InviteList,
    assessments: &[Assessment],
) -> InvitesPage {
    let now = site.app.now();
    let filters = asked.filters(assessments);
    let shown = next_cursor(&found.invites, |details| details.record.invite.id.into());
    let next: Option<Uuid> = shown.or(found.looked_to.map(Uuid::from));
    InvitesPage {
        frame: person.frame(site, Section::Candidates),
        rows: found
            .invites
            .iter()
            .take(rows())
            .map(|details| row(details, now))
            .collect(),
        next_href: next.map(|cursor| href(&filters, Some(&cursor.to_string()))),
        looks_on: shown.is_none() && found.looked_to.is_some(),
        first_href: (!asked.cursor.is_empty()).then(|| href(&filters, None)),
        filters,
    }
}

fn row(details: &InviteDetails, now: DateTime<Utc>) -> InviteRow {
    let record = &details.record;
    let invite = &record.invite;
    InviteRow {
        href: format!("/invites/{}", invite.id),
        candidate: record.candidate.full_name(),
        email: record.candidate.email.as_str().to_owned(),
        assessment: record.assessment_title.clone(),
        state: invite.status.into(),
        attention: attention(details),
        score: invite.score().map(words::score),
        origin: words::origin(invite.origin),
        when: When::new(last_moved(invite), now),
    }
}

/// What needs a person.
fn attention(details: &InviteDetails) -> Option<String> {
    let told = details.writebacks.iter().find_map(|writeback| {
        let ats = words::ats(writeback.target);
        match writeback.state() {
            WritebackState::Blocked if writeback.target == Target::GreenhouseStatus => {
                Some("Greenhouse refuses our key".to_owned())
            }
            WritebackState::Blocked => Some(format!("{ats} waits for somebody")),
            WritebackState::Failed => Some(format!("{ats} could not be told")),
            _ => None,
        }
    });
    if told.is_some() {
        return told;
    }
    match details.record.email_state {
        EmailState::Failed => Some("The mail could not be sent".into()),
        EmailState::Bounced => Some("The mail came back".into()),
        EmailState::None | EmailState::Queued | EmailState::Sent => None,
    }
}

fn last_moved(invite: &Invite) -> DateTime<Utc> {
    let steps = [
        invite.completed_at,
        invite.submitted_at,
        invite.attempt.started_at,
    ];
    steps
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(invite.created_at)
}

async fn show(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
) -> HttpResponse {
    let outcome = one(&site, &person, &id).await;
    site.answer(&request, Some(&person), outcome)
}

async fn one(site: &Site, person: &Person, id: &str) -> Result<HttpResponse, Error> {
    let invite: InviteId = id.parse().map_err(|_| Error::NotFound("invite"))?;
    let (details, events) = fetch(site, person.organization(), invite).await?;
    let now = site.app.now();
    let record = &details.record;
    let open = details.candidate_url.is_some();
    let page = InvitePage {
        frame: person.frame(site, Section::Candidates),
        id: invite.to_string(),
        email: record.candidate.email.as_str().to_owned(),
        origin: words::origin(record.invite.origin),
        ats_href: record.ats.profile_url.as_deref().and_then(WebHref::new),
        attempt: record.invite.attempt.number,
        deadline: open.then(|| Deadline::new(record.invite.expires_at, now)),
        link: link(&details),
        mail: MailView::new(
            mail_badge(record.email_state),
            &timeline::mail_news(&events),
            !site.app.config().mail_configured,
            open,
            record.invite.origin,
        ),
        writebacks: details
            .writebacks
            .iter()
            .map(|writeback| WritebackView::new(writeback, now))
            .collect(),
        result: view(site, &details),
        grading: grading(person, &details),
        timeline: timeline::entries(&events, now),
        may_erase: person.role().administers() && !record.candidate.is_erased(),
    };
    Ok(html::answer(StatusCode::OK, &page))
}

/// Mails the same link once more.
async fn resend(
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
    let Ok(invite) = id.parse::<InviteId>() else {
        return site.trouble(&request, Some(&person), StatusCode::NOT_FOUND, None);
    };
    let organization = person.organization();
    let outcome = site
        .app
        .write(move |app, conn| invites::resend(app, conn, organization, invite))
        .await
        .map(|_| go_to(&format!("/invites/{invite}")));
    site.answer(&request, Some(&person), outcome)
}

fn link(details: &InviteDetails) -> LinkView {
    let arrived = matches!(
        details.record.email_state,
        EmailState::Queued | EmailState::Sent
    );
    match &details.candidate_url {
        None => LinkView::Ended,
        Some(_) if arrived => LinkView::Mailed,
        Some(url) => LinkView::HandOn(Copy::new("Candidate's link", url)),
    }
}

/// How a mail's state is shown.
pub(crate) fn mail_badge(state: EmailState) -> Mail {
    match state {
        EmailState::None => Mail::NotOurs,
        EmailState::Queued => Mail::Queued,
        EmailState::Sent => Mail::Sent,
        EmailState::Bounced => Mail::Bounced,
        EmailState::Failed => Mail::Failed,
    }
}
