//! One candidate: interview kit and buttons.

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::form::Form;
use super::jobs::{appearance, may_send, status_word, test_name};
use super::{Data, Frame, Id, Page, RECRUITER, page, refused, see_other};
use crate::control::carry_out;
use crate::greenhouse::reading;
use crate::greenhouse::recruiting::{Application, ApplicationStatus, Stage};
use crate::greenhouse::sending::{self, Order};
use crate::greenhouse::setup;
use crate::greenhouse::summary;
use crate::greenhouse::take_home_test::{Reason, SentTest, plain};
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/greenhouse/people/{id}", web::get().to(profile))
        .route("/candidates/{id}", web::get().to(show))
        .route("/candidates/{id}/send", web::post().to(send))
        .route("/candidates/{id}/resend", web::post().to(resend))
        .route(
            "/candidates/{id}/double-click",
            web::post().to(double_click),
        )
        .route("/candidates/{id}/move", web::post().to(move_to_stage))
        .route("/candidates/{id}/hire", web::post().to(hire))
        .route("/candidates/{id}/reject", web::post().to(reject))
        .route("/candidates/{id}/unreject", web::post().to(unreject))
        .route("/tests/{id}/poll", web::post().to(poll))
        .route("/tests/{id}/repeat", web::post().to(repeat));
}

#[derive(Deserialize)]
struct ProfileQuery {
    application_id: Option<u64>,
}

/// Where `greenhouse_profile_url` leads.
async fn profile(shared: Data, id: Id, query: web::Query<ProfileQuery>) -> Page {
    let found = shared.read(|world| {
        let mut people = world
            .applications
            .values()
            .filter(|person| person.person_id == *id);
        let wanted = |person: &&Application| {
            query
                .application_id
                .is_none_or(|id| id == person.application_id)
        };
        people.find(wanted).map(|person| person.application_id)
    });
    match found {
        Some(application_id) => see_other(&format!("/candidates/{application_id}")),
        None => Err(Refusal::unknown("person", *id).into()),
    }
}

struct TestCard {
    id: u64,
    name: String,
    label: String,
    tone: &'static str,
    detail: String,
    profile_url: Option<String>,
    facts: Vec<(String, String)>,
    sent_at: String,
    sent_shown: String,
    counts: String,
    problems: Vec<String>,
    warnings: Vec<String>,
    can_read: bool,
}

#[derive(Template)]
#[template(path = "candidate.html")]
struct CandidatePage {
    frame: Frame,
    id: u64,
    person_id: u64,
    job_id: u64,
    job: String,
    stage: String,
    status: &'static str,
    salutation: String,
    contact: String,
    tests: Vec<TestCard>,
    can_send: bool,
    can_resend: bool,
    stages: Vec<(u64, String)>,
}

async fn show(shared: Data, id: Id) -> Page {
    page(&shared.read(|world| candidate_page(&shared, world, *id))?)
}

fn candidate_page(shared: &Shared, world: &World, id: u64) -> Result<CandidatePage, Refusal> {
    let application = world.application(id)?;
    let job = world.job(application.job_id)?;
    let stage = world.stage(application.stage_id)?;
    let latest = world.latest_test(id, stage.id);
    let may = may_send(latest, application, stage.take_home.as_ref());
    let active = application.status == ApplicationStatus::Active;
    let others = job.stage_ids.iter().filter(|id| active && **id != stage.id);
    Ok(CandidatePage {
        frame: Frame::live(shared, application.name()),
        id,
        person_id: application.person_id,
        job_id: job.id,
        job: job.name.clone(),
        stage: stage.name.clone(),
        status: status_word(application.status),
        salutation: application.salutation().to_owned(),
        contact: contact(application),
        tests: world
            .tests_of(id)
            .rev()
            .map(|test| card(world, application, test))
            .collect(),
        can_send: may.send,
        can_resend: may.resend,
        stages: others
            .flat_map(|id| world.stage(*id))
            .map(|stage| (stage.id, stage.name.clone()))
            .collect(),
    })
}

fn contact(application: &Application) -> String {
    let email = application.email.as_deref().unwrap_or("no e-mail address");
    match &application.phone_number {
        Some(phone) => format!("{email} · {phone}"),
        None => email.to_owned(),
    }
}

fn card(world: &World, application: &Application, test: &SentTest) -> TestCard {
    let gone = Stage {
        id: test.stage_id,
        job_id: application.job_id,
        name: String::new(),
        active: true,
        take_home: None,
    };
    let shown = appearance(
        Some(test),
        application,
        world.stage(test.stage_id).unwrap_or(&gone),
    );
    let view = summary::summary(world, test);
    TestCard {
        id: test.take_home_test_id,
        name: test_name(test).to_owned(),
        label: shown.label,
        tone: shown.tone,
        detail: shown.detail,
        profile_url: test.profile_url.clone(),
        facts: facts(test),
        sent_at: test.sent_at.to_rfc3339(),
        sent_shown: test.sent_at.format("%-d %b %Y, %H:%M UTC").to_string(),
        counts: counts(test),
        problems: view.complaints,
        warnings: view.warnings,
        can_read: test.partner_interview_id.is_some(),
    }
}

fn facts(test: &SentTest) -> Vec<(String, String)> {
    let score = test
        .score
        .iter()
        .map(|score| ("Score".to_owned(), plain(score)));
    let metadata = test.metadata.iter().map(|(label, value)| {
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (label.clone(), shown)
    });
    score.chain(metadata).collect()
}

/// ", status read twice, 1 PATCH", as far as there is something to tell.
fn counts(test: &SentTest) -> String {
    let count = |number: u32, one: &str, many: &str| match number {
        0 => String::new(),
        1 => format!(", 1 {one}"),
        number => format!(", {number} {many}"),
    };
    [
        count(test.sends, "call to send", "calls to send"),
        count(test.patches, "PATCH", "PATCHes"),
        count(test.refused_patches, "PATCH refused", "PATCHes refused"),
        count(test.reads, "read of the status", "reads of the status"),
    ]
    .concat()
}

/// Back to the list from which the button was pressed: the candidate's job.
fn back_to_job(shared: &Shared, id: u64) -> Result<String, Refusal> {
    shared.read(|world| Ok(format!("/jobs/{}", world.application(id)?.job_id)))
}

fn by_recruiter() -> Order {
    Order {
        sent_by: Some(RECRUITER.to_owned()),
        ..Order::default()
    }
}

fn answered<T>(outcome: Result<T, Refusal>, back: &str) -> Page {
    match outcome {
        Ok(_) => see_other(back),
        Err(refusal) => refused(&refusal, back),
    }
}

async fn send(shared: Data, id: Id) -> Page {
    send_because(shared, *id, Reason::SendTest).await
}

async fn resend(shared: Data, id: Id) -> Page {
    send_because(shared, *id, Reason::Resend).await
}

async fn send_because(shared: Data, id: u64, reason: Reason) -> Page {
    let back = back_to_job(&shared, id)?;
    let inner = shared.into_inner();
    let sent = carry_out(async move { sending::send(&inner, id, &by_recruiter(), reason).await });
    answered(sent.await, &back)
}

async fn double_click(shared: Data, id: Id) -> Page {
    let inner = shared.into_inner();
    let back = format!("/candidates/{id}");
    let sent = carry_out(async move { sending::double_click(&inner, *id, &by_recruiter()).await });
    answered(sent.await, &back)
}

async fn move_to_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let back = back_to_job(&shared, *id)?;
    let stage_id = Form::read(&body).number("stage_id").unwrap_or_default();
    let inner = shared.into_inner();
    let moved = carry_out(async move { sending::move_to_stage(&inner, *id, stage_id).await });
    answered(moved.await, &back)
}

async fn hire(shared: Data, id: Id) -> Page {
    set_status(&shared, *id, ApplicationStatus::Hired)
}

async fn reject(shared: Data, id: Id) -> Page {
    set_status(&shared, *id, ApplicationStatus::Rejected)
}

async fn unreject(shared: Data, id: Id) -> Page {
    set_status(&shared, *id, ApplicationStatus::Active)
}

fn set_status(shared: &Shared, id: u64, status: ApplicationStatus) -> Page {
    shared.change(|world, now| setup::set_status(world, now, id, status))?;
    see_other(&format!("/candidates/{id}"))
}

fn back_to_candidate(shared: &Shared, test_id: u64) -> Result<String, Refusal> {
    shared.read(|world| {
        Ok(format!(
            "/candidates/{}",
            world.test(test_id)?.application_id
        ))
    })
}

async fn poll(shared: Data, id: Id) -> Page {
    let back = back_to_candidate(&shared, *id)?;
    let inner = shared.into_inner();
    let read = carry_out(async move { reading::read_status(&inner, *id).await });
    answered(read.await, &back)
}

async fn repeat(shared: Data, id: Id) -> Page {
    let back = back_to_candidate(&shared, *id)?;
    let inner = shared.into_inner();
    let sent = carry_out(async move { sending::repeat(&inner, *id).await });
    answered(sent.await, &back)
}
