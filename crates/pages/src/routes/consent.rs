//! The candidate's yes or no after an interview. GET changes nothing: mail scanners open links.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::Result;
use app::referrals::{self, Asked};
use domain::ReferralState;

use super::form::Form;
use super::site::{Site, go_to, request_id, status_of};
use crate::consent::{ConsentAnswer, ConsentPage};
use crate::html;
use crate::take::{Asker, NoticePage};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/consent/{token}").get(show).post(answer));
}

async fn show(site: Data<Site>, request: HttpRequest, token: Path<String>) -> HttpResponse {
    let link = token.clone();
    let opened = site
        .app
        .read(move |app, conn| referrals::open(app, conn, &link))
        .await;
    let outcome = opened.map(|asked| {
        let page = page(&site, &token, &asked);
        html::answer(StatusCode::OK, &page)
    });
    respond(&site, &request, &token, outcome)
}

/// By way of a redirect, so that a reload does not post again.
async fn answer(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let interested = match Form::read(&body).get("interested") {
        "yes" => true,
        "no" => false,
        // Not one of our buttons: the page asks again.
        _ => return show(site, request, token).await,
    };
    let app = site.acting_for(&request, None);
    let link = token.clone();
    let answered = app
        .write(move |app, conn| referrals::answer_by_link(app, conn, &link, interested))
        .await;
    let outcome = answered.map(|_| go_to(&path(&token)));
    respond(&site, &request, &token, outcome)
}

fn path(token: &str) -> String {
    format!("/consent/{token}")
}

fn page(site: &Site, token: &str, asked: &Asked) -> ConsentPage {
    let (record, interview) = (&asked.record, &asked.record.interview);
    let candidate = &record.candidate;
    let mut shared = vec![
        ("Name", candidate.full_name()),
        ("E-mail", candidate.email.as_str().to_owned()),
    ];
    let linkedin = candidate.linkedin_url.clone();
    shared.extend(linkedin.map(|url| ("LinkedIn", url)));
    shared.push(("Feedback", feedback(asked)));
    ConsentPage {
        asker: Asker::new(&asked.organization, None, &site.platform()),
        path: path(token),
        salutation: candidate.salutation().to_owned(),
        interviewer: interview.interviewer_name.clone(),
        day: interview.interviewed_on.format("%-d %B %Y").to_string(),
        shared,
        answer: where_it_is(asked),
    }
}

/// What kind of feedback it is; not how it turned out, which is the interviewer's to tell.
fn feedback(asked: &Asked) -> String {
    let interview = &asked.record.interview;
    let who = &interview.interviewer_name;
    let names: Vec<&str> = interview
        .scores
        .iter()
        .map(|score| score.name.as_str())
        .collect();
    match (names.is_empty(), interview.comments.is_empty()) {
        (true, true) => format!("That {who} would go on with you"),
        (true, false) => format!("What {who} wrote about the interview"),
        (false, true) => format!("How {who} scored: {}", names.join(", ")),
        (false, false) => format!(
            "How {who} scored ({}), and what they wrote about the interview",
            names.join(", ")
        ),
    }
}

fn where_it_is(asked: &Asked) -> ConsentAnswer {
    let referral = &asked.record.referral;
    match referral.state() {
        ReferralState::AwaitingCandidate => ConsentAnswer::Open,
        ReferralState::Declined => ConsentAnswer::No,
        ReferralState::NotAdvanced => ConsentAnswer::NotAsked,
        ReferralState::InGreenhouse => ConsentAnswer::PassedOn,
        ReferralState::Sending | ReferralState::Blocked if referral.begun => {
            ConsentAnswer::PassedOn
        }
        ReferralState::Sending | ReferralState::Blocked => ConsentAnswer::Yes,
    }
}

/// `outcome` as an answer. An answer that comes too late sends the candidate to the page for where things are now.
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
    let path = path(token);
    match (&error, status_of(&error)) {
        (app::Error::Conflict { .. }, _) => go_to(&path),
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
