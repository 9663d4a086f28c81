//! Interviews on the vendor's side: the list, the form, one of them.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::invites::EmailState;
use app::referrals::{self, NewInterview, ReferralDetails};
use app::{Error, Fault, Page, Result};
use chrono::{DateTime, Utc};
use domain::{InterviewScore, ReferralId, ReferralState};
use serde::Deserialize;
use uuid::Uuid;

use super::assessments::{ROWS, next_cursor, rows};
use super::candidates::mail_badge;
use super::form::Form;
use super::person::Person;
use super::site::{Site, go_to, sentence};
use super::timeline;
use crate::badge::{Badge, Tone};
use crate::dashboard::{
    AnswerView, InterviewForm, InterviewPage, InterviewRow, InterviewsPage, NewInterviewPage,
    ScoreField, Section,
};
use crate::link::WebHref;
use crate::parts::{Copy, ErrorSummary, FieldError, Remark};
use crate::when::When;
use crate::{html, words};

/// So many facts a timeline shows.
const FACTS: i64 = 100;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/interviews", web::get().to(list))
        .service(web::resource("/interviews/new").get(blank).post(file))
        .route("/interviews/{id}", web::get().to(show))
        .route("/interviews/{id}/try-again", web::post().to(try_again));
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
        .read(move |app, conn| referrals::list(app, conn, organization, page))
        .await;
    let outcome = found.map(|found| {
        let now = site.app.now();
        let next = next_cursor(&found, |details| details.record.id.into());
        let page = InterviewsPage {
            frame: person.frame(&site, Section::Interviews),
            rows: found
                .iter()
                .take(rows())
                .map(|details| row(details, now))
                .collect(),
            next_href: next.map(|cursor| format!("/interviews?cursor={cursor}")),
        };
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, Some(&person), outcome)
}

fn row(details: &ReferralDetails, now: DateTime<Utc>) -> InterviewRow {
    let record = &details.record;
    let referral = &record.referral;
    let moved = referral.passing.as_ref().map(|passing| passing.at);
    InterviewRow {
        href: format!("/interviews/{}", record.id),
        candidate: record.candidate.full_name(),
        email: record.candidate.email.as_str().to_owned(),
        interviewer: record.interview.interviewer_name.clone(),
        day: record
            .interview
            .interviewed_on
            .format("%-d %b %Y")
            .to_string(),
        state: details.state().into(),
        attention: attention(details),
        when: When::new(
            moved.or(referral.answered_at).unwrap_or(record.created_at),
            now,
        ),
    }
}

/// What needs a person.
fn attention(details: &ReferralDetails) -> Option<String> {
    if details.state() == ReferralState::Blocked {
        return Some("Greenhouse waits for somebody".to_owned());
    }
    if details.state() != ReferralState::AwaitingCandidate {
        return None;
    }
    match details.record.email_state {
        EmailState::Failed => Some("The mail could not be sent".into()),
        EmailState::Bounced => Some("The mail came back".into()),
        EmailState::None | EmailState::Queued | EmailState::Sent => None,
    }
}

async fn blank(site: Data<Site>, person: Person) -> HttpResponse {
    let form = InterviewForm::empty();
    let page = new_page(&site, &person, form, Vec::new());
    html::answer(StatusCode::OK, &page)
}

fn new_page(
    site: &Site,
    person: &Person,
    form: InterviewForm,
    errors: Vec<FieldError>,
) -> NewInterviewPage {
    NewInterviewPage {
        frame: person.frame(site, Section::Interviews),
        form,
        today: site.app.now().format("%Y-%m-%d").to_string(),
        errors: ErrorSummary { errors },
    }
}

async fn file(site: Data<Site>, request: HttpRequest, person: Person, body: Bytes) -> HttpResponse {
    let sent = Form::read(&body);
    if !person.sent(&sent) {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let form = entered(&sent);
    let organization = person.organization();
    let app = site.acting(&request, Some(&person));
    let outcome = match new_interview(&form) {
        Err(error) => Err(error),
        Ok(new) => {
            app.write(move |app, conn| referrals::file(app, conn, organization, &new))
                .await
        }
    };
    let outcome = match outcome {
        Ok(filed) => Ok(go_to(&format!("/interviews/{}", filed.record.id))),
        Err(Error::Unprocessable(faults)) => {
            let errors = faults.iter().map(|it| field_error(it, &form)).collect();
            let page = new_page(&site, &person, form, errors);
            Ok(html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

/// What was entered, as it was.
fn entered(form: &Form) -> InterviewForm {
    let text = |name: &str| form.get(name).replace("\r\n", "\n");
    let filled = InterviewForm::default().filled_up();
    let lines = 0..filled.scores.len();
    InterviewForm {
        first_name: text("first_name"),
        last_name: text("last_name"),
        email: text("email"),
        linkedin_url: text("linkedin_url"),
        interviewer_name: text("interviewer_name"),
        interviewed_on: text("interviewed_on"),
        scores: lines
            .map(|at| ScoreField {
                name: text(&format!("score-name-{at}")),
                score: text(&format!("score-{at}")),
            })
            .collect(),
        comments: text("comments"),
        advance: text("advance"),
        greenhouse_job_id: text("greenhouse_job_id"),
    }
}

fn new_interview(form: &InterviewForm) -> Result<NewInterview> {
    let advance = match form.advance.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::fault("advance", "is not said yet: choose yes or no")),
    };
    let scores = form.scored().map(|(_, line)| InterviewScore {
        name: line.name.clone(),
        score: line.score.parse().unwrap_or(f64::NAN),
    });
    Ok(NewInterview {
        first_name: form.first_name.clone(),
        last_name: form.last_name.clone(),
        email: form.email.clone(),
        linkedin_url: form.linkedin_url.clone(),
        interviewer_name: form.interviewer_name.clone(),
        interviewed_on: form.interviewed_on.clone(),
        scores: scores.collect(),
        comments: form.comments.clone(),
        advance,
        greenhouse_job_id: form.greenhouse_job_id.clone(),
        send_email: true,
    })
}

/// The fault beside its field of `form`, in the words of the form.
fn field_error(fault: &Fault, form: &InterviewForm) -> FieldError {
    if let Some(line) = form.line_of(&fault.field) {
        let label = format!("What was judged in line {}", line + 1);
        let sentence = sentence(&format!("{label} {}", fault.problem));
        return FieldError::new(format!("score-name-{line}"), sentence);
    }
    let field = fault.field.trim_start_matches("candidate.");
    let (field, label) = match field {
        "first_name" => (field, "First name"),
        "last_name" => (field, "Last name"),
        "email" => (field, "E-mail"),
        "linkedin_url" => (field, "LinkedIn"),
        "interviewer_name" => (field, "Interviewer"),
        "interviewed_on" => (field, "Day"),
        "comments" => (field, "Freeform feedback"),
        "advance" => (field, "The interviewer's answer"),
        "greenhouse_job_id" => (field, "Job number"),
        _ => ("score-name-0", "The scores"),
    };
    FieldError::new(field, sentence(&format!("{label} {}", fault.problem)))
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

async fn one(site: &Site, person: &Person, id: &str) -> Result<HttpResponse> {
    let referral = named(id)?;
    let organization = person.organization();
    let facts = Page {
        limit: FACTS,
        before: None,
    };
    let read = site.app.read(move |app, conn| {
        let details = referrals::find(app, conn, organization, referral)?;
        let events = referrals::timeline(conn, organization, referral, facts)?;
        Ok((details, events))
    });
    let (details, events) = read.await?;
    let now = site.app.now();
    let (record, interview) = (&details.record, &details.record.interview);
    let news = timeline::mail_news(&events);
    let page = InterviewPage {
        frame: person.frame(site, Section::Interviews),
        id: referral.to_string(),
        candidate: record.candidate.full_name(),
        state: details.state().into(),
        remark: remark(&details),
        may_try: details.state() == ReferralState::Blocked && !record.candidate.is_erased(),
        email: record.candidate.email.as_str().to_owned(),
        linkedin: record
            .candidate
            .linkedin_url
            .as_deref()
            .and_then(WebHref::new),
        interviewer: interview.interviewer_name.clone(),
        day: interview.interviewed_on.format("%-d %B %Y").to_string(),
        scores: interview
            .scores
            .iter()
            .map(|it| (it.name.clone(), words::score(it.score)))
            .collect(),
        comments: interview.comments.clone(),
        advance: record.referral.advance,
        answer: answer_view(&details, now),
        mail: mail(&details, news.reason.as_deref()),
        link: details
            .consent_url
            .as_ref()
            .map(|url| Copy::new("Candidate's link", url)),
        job: record.greenhouse_job_id.clone(),
        person: details.greenhouse_candidate_id.clone(),
        timeline: timeline::entries(&events, now),
    };
    Ok(html::answer(StatusCode::OK, &page))
}

fn named(id: &str) -> Result<ReferralId> {
    id.parse().map_err(|_| Error::NotFound("interview"))
}

fn answer_view(details: &ReferralDetails, now: DateTime<Utc>) -> AnswerView {
    let referral = &details.record.referral;
    match (referral.interested, referral.answered_at) {
        (Some(interested), Some(at)) => AnswerView::Given {
            interested,
            when: When::new(at, now),
        },
        _ => AnswerView::Open,
    }
}

/// What became of the mail, and what to say of it.
fn mail(details: &ReferralDetails, reason: Option<&str>) -> (Badge, String) {
    let record = &details.record;
    let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let text = match record.email_state {
        EmailState::None if !record.referral.advance => "Nobody is asked.".to_owned(),
        EmailState::None => "Hand on the link yourself.".to_owned(),
        EmailState::Queued if reason.is_some() => format!("Waits{why}."),
        EmailState::Queued => "On its way.".to_owned(),
        EmailState::Sent => "Asks the candidate.".to_owned(),
        EmailState::Bounced => {
            format!("Came back{why}. Hand on the link another way.")
        }
        EmailState::Failed => {
            format!("Could not be sent{why}. Hand on the link another way.")
        }
    };
    (mail_badge(record.email_state).into(), text)
}

/// What the state means and what to do.
fn remark(details: &ReferralDetails) -> Remark {
    let detail = details.detail().map(sentence);
    let (tone, text) = match details.state() {
        ReferralState::AwaitingCandidate => (
            Tone::Active,
            "The candidate has to say whether they want to go on, too. Nothing is passed on before.".to_owned(),
        ),
        ReferralState::Declined => (
            Tone::Quiet,
            "The candidate does not want to go on. Nothing is passed on.".to_owned(),
        ),
        ReferralState::NotAdvanced => (
            Tone::Quiet,
            "The interviewer would not go on. The candidate is not asked, and nothing is passed on.".to_owned(),
        ),
        ReferralState::Sending => (
            Tone::Active,
            detail.unwrap_or_else(|| "Both said yes. The candidate is on the way to Greenhouse.".to_owned()),
        ),
        ReferralState::InGreenhouse => (
            Tone::Good,
            detail.unwrap_or_else(|| "The candidate is in Greenhouse, with the feedback as a note.".to_owned()),
        ),
        ReferralState::Blocked => (
            Tone::Bad,
            detail.unwrap_or_else(|| "Somebody has to mend something first.".to_owned()),
        ),
    };
    Remark::new(tone, text)
}

async fn try_again(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    if !person.sent(&Form::read(&body)) {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let outcome = match named(&id) {
        Err(error) => Err(error),
        Ok(referral) => {
            let organization = person.organization();
            site.acting(&request, Some(&person))
                .write(move |app, conn| referrals::try_again(app, conn, organization, referral))
                .await
                .map(|_| go_to(&format!("/interviews/{referral}")))
        }
    };
    site.answer(&request, Some(&person), outcome)
}
