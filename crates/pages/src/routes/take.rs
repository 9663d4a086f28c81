//! The candidate's pages. GET changes nothing: mail scanners open links.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::take::{self, Answers, Sitting};
use app::{Error, Result};
use chrono::{DateTime, Utc};
use domain::{Kind, Status};
use serde_json::json;

use super::form::{self, Form};
use super::site::{Site, go_to, request_id, status_of};
use crate::html;
use crate::link::WebHref;
use crate::parts::{ErrorSummary, FieldError};
use crate::take::{
    Asker, LaunchPage, NoticePage, QuestionnairePage, ReviewPage, SaveAnswer, SaveRequest,
    WelcomePage, answers_from_form, answers_from_script, question_views, too_long, unanswered,
};
use crate::when::{Deadline, When, iso};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/take/{token}", web::get().to(show))
        .route("/take/{token}/start", web::post().to(start))
        .service(form::long("/take/{token}/save").post(save))
        .service(form::long("/take/{token}/answers").post(answers))
        .service(form::long("/take/{token}/submit").post(submit));
}

async fn show(site: Data<Site>, request: HttpRequest, token: Path<String>) -> HttpResponse {
    let outcome = open(&site, &token).await;
    respond(
        &site,
        &request,
        &token,
        outcome.map(|sitting| page(&site, &token, &sitting)),
    )
}

async fn open(site: &Site, token: &str) -> Result<Sitting> {
    let token = token.to_owned();
    site.app
        .read(move |app, conn| take::open(app, conn, &token))
        .await
}

async fn start(site: Data<Site>, request: HttpRequest, token: Path<String>) -> HttpResponse {
    let outcome = started(&site, &token).await;
    respond(&site, &request, &token, outcome)
}

/// The questions, by way of a redirect so that a reload does not post again; or the way to the vendor's own runner.
async fn started(site: &Site, token: &str) -> Result<HttpResponse> {
    let link = token.to_owned();
    let sitting = site
        .app
        .write(move |app, conn| take::start(app, conn, &link))
        .await?;
    if sitting.assessment.kind != Kind::External {
        return Ok(go_to(&take_path(token)));
    }
    let link = token.to_owned();
    let href = site
        .app
        .read(move |app, conn| take::launch(app, conn, &link))
        .await?;
    let page = LaunchPage {
        asker: asker(site, &sitting),
        title: sitting.assessment.title.clone(),
        href: WebHref::new(&href).ok_or(Error::Internal("a launch link is a web address"))?,
    };
    Ok(html::answer(StatusCode::OK, &page))
}

/// **Save** without scripts.
async fn save(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let outcome = save_form(&site, &token, &Form::read(&body)).await;
    respond(&site, &request, &token, outcome)
}

async fn save_form(site: &Site, token: &str, form: &Form) -> Result<HttpResponse> {
    let sitting = open(site, token).await?;
    let answers = answers_from_form(&sitting.assessment, &form.0);
    let errors = too_long(&answers);
    if !errors.is_empty() {
        return Ok(questions_again(site, token, &sitting, &answers, errors));
    }
    keep(site, token, None, answers.clone()).await?;
    let now = site.app.now();
    let mut page = questions(site, token, &sitting, &answers, Vec::new());
    page.saved = Some(When::new(now, now));
    Ok(html::answer(StatusCode::OK, &page))
}

async fn keep(site: &Site, token: &str, seq: Option<i64>, answers: Answers) -> Result<take::Saved> {
    let token = token.to_owned();
    site.app
        .write(move |app, conn| take::save(app, conn, &token, seq, &answers))
        .await
}

/// What the script saves.
async fn answers(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let json = request
        .headers()
        .get("content-type")
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if !json {
        return script_error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
    }
    let Ok(sent) = serde_json::from_slice::<SaveRequest>(&body) else {
        return script_error(
            StatusCode::BAD_REQUEST,
            "The answers could not be read. Load the page again.",
        );
    };
    match save_script(&site, &token, &sent).await {
        Ok(answer) => answer,
        Err(error) => {
            let status = status_of(&error);
            if status == StatusCode::INTERNAL_SERVER_ERROR {
                tracing::error!(%error, "answers could not be saved");
            }
            script_error(status, "The answers could not be saved.")
        }
    }
}

async fn save_script(site: &Site, token: &str, sent: &SaveRequest) -> Result<HttpResponse> {
    let sitting = open(site, token).await?;
    let answers = match answers_from_script(&sitting.assessment, &sent.answers) {
        Ok(answers) => answers,
        Err(errors) => {
            let message = errors.first().map_or("", |error| error.message.as_str());
            return Ok(script_error(StatusCode::UNPROCESSABLE_ENTITY, message));
        }
    };
    let saved = keep(site, token, Some(sent.seq), answers).await?;
    Ok(HttpResponse::Ok().json(SaveAnswer {
        kept: saved.kept,
        seq: saved.seq,
    }))
}

fn script_error(status: StatusCode, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "message": message }))
}

/// **Submit**: saves too. Without scripts, what is unanswered is asked about once.
async fn submit(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let outcome = submit_form(&site, &token, &Form::read(&body)).await;
    respond(&site, &request, &token, outcome)
}

async fn submit_form(site: &Site, token: &str, form: &Form) -> Result<HttpResponse> {
    let sitting = open(site, token).await?;
    if sitting.status() == Status::Started && !form.is_confirmed() {
        let answers = answers_from_form(&sitting.assessment, &form.0);
        let errors = too_long(&answers);
        if !errors.is_empty() {
            return Ok(questions_again(site, token, &sitting, &answers, errors));
        }
        keep(site, token, None, answers.clone()).await?;
        let open = unanswered(&sitting.assessment, &answers);
        if !open.is_empty() {
            let now = site.app.now();
            let page = ReviewPage {
                asker: asker(site, &sitting),
                take_path: take_path(token),
                title: sitting.assessment.title.clone(),
                unanswered: open,
                ends: sitting
                    .record
                    .invite
                    .attempt
                    .ends_at
                    .map(|ends| Deadline::new(ends, now)),
            };
            return Ok(html::answer(StatusCode::OK, &page));
        }
    }
    let link = token.to_owned();
    site.app
        .write(move |app, conn| take::submit(app, conn, &link, None))
        .await?;
    Ok(go_to(&take_path(token)))
}

/// The page for where the candidate is.
fn page(site: &Site, token: &str, sitting: &Sitting) -> HttpResponse {
    let now = site.app.now();
    let invite = &sitting.record.invite;
    let asker = asker(site, sitting);
    let title = &sitting.assessment.title;
    let deadline = Deadline::new(invite.expires_at, now);
    match sitting.status() {
        Status::Invited => html::answer(StatusCode::OK, &welcome(site, token, sitting)),
        Status::Started if sitting.assessment.kind == Kind::External => {
            html::answer(StatusCode::OK, &welcome(site, token, sitting).continued())
        }
        Status::Started => {
            let page = questions(site, token, sitting, &sitting.paper.answers, Vec::new());
            html::answer(StatusCode::OK, &page)
        }
        Status::Submitted | Status::Completed => {
            let page = NoticePage::thanks(asker, title, submitted(sitting, now), ran_out(sitting));
            html::answer(StatusCode::OK, &page)
        }
        Status::Expired => html::answer(
            StatusCode::GONE,
            &NoticePage::expired(asker, title, deadline),
        ),
        Status::Cancelled => html::answer(StatusCode::GONE, &NoticePage::gone(asker)),
    }
}

fn submitted(sitting: &Sitting, now: DateTime<Utc>) -> When {
    let invite = &sitting.record.invite;
    // Where the clock has yet to come by, the sitting's end is when it was handed in.
    let at = invite.submitted_at.or(invite.attempt.ends_at);
    When::new(at.unwrap_or(now), now)
}

/// Did the clock hand it in?
fn ran_out(sitting: &Sitting) -> bool {
    let invite = &sitting.record.invite;
    match (invite.attempt.ends_at, invite.submitted_at) {
        (Some(ends), Some(submitted)) => submitted >= ends,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn welcome(site: &Site, token: &str, sitting: &Sitting) -> WelcomePage {
    WelcomePage::new(
        asker(site, sitting),
        take_path(token),
        sitting.record.candidate.salutation(),
        &sitting.assessment,
        Deadline::new(sitting.record.invite.expires_at, site.app.now()),
    )
}

fn questions(
    site: &Site,
    token: &str,
    sitting: &Sitting,
    answers: &Answers,
    errors: Vec<FieldError>,
) -> QuestionnairePage {
    let now = site.app.now();
    let invite = &sitting.record.invite;
    let ends = invite.attempt.ends_at;
    QuestionnairePage {
        asker: asker(site, sitting),
        take_path: take_path(token),
        title: sitting.assessment.title.clone(),
        draft_key: format!("{}.{}", invite.id, invite.attempt.number),
        seq: sitting.paper.seq,
        now: iso(now),
        ends: ends.map(|ends| Deadline::new(ends, now)),
        deadline: ends
            .is_none()
            .then(|| Deadline::new(invite.expires_at, now)),
        questions: question_views(&sitting.assessment, answers, &errors),
        saved: None,
        errors: ErrorSummary { errors },
    }
}

fn questions_again(
    site: &Site,
    token: &str,
    sitting: &Sitting,
    answers: &Answers,
    errors: Vec<FieldError>,
) -> HttpResponse {
    let page = questions(site, token, sitting, answers, errors);
    html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn asker(site: &Site, sitting: &Sitting) -> Asker {
    let sent_by = sitting.record.ats.sent_by.as_deref();
    Asker::new(&sitting.organization, sent_by, &site.platform())
}

fn take_path(token: &str) -> String {
    format!("/take/{token}")
}

/// `outcome` as an answer. What a state forbids sends the candidate to the page for where things are now.
fn respond(
    site: &Site,
    request: &HttpRequest,
    token: &str,
    outcome: Result<HttpResponse>,
) -> HttpResponse {
    let error = match outcome {
        Ok(answer) => return answer,
        Err(error) => error,
    };
    let path = take_path(token);
    match (&error, status_of(&error)) {
        (Error::Conflict { .. }, _) => go_to(&path),
        (_, StatusCode::NOT_FOUND) => html::answer(StatusCode::NOT_FOUND, &NoticePage::not_found()),
        (_, StatusCode::GONE) => html::answer(StatusCode::GONE, &NoticePage::ended()),
        (_, StatusCode::SERVICE_UNAVAILABLE) => html::answer(
            StatusCode::SERVICE_UNAVAILABLE,
            &NoticePage::too_busy(&path),
        ),
        (_, StatusCode::INTERNAL_SERVER_ERROR) => {
            tracing::error!(%error, "a candidate's page could not be shown");
            let page = NoticePage::failed(&path, &request_id(request));
            html::answer(StatusCode::INTERNAL_SERVER_ERROR, &page)
        }
        _ => site.refuse(request, None, &error),
    }
}
