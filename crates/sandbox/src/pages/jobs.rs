//! A job: its interview plan and its candidates by stage.

use actix_web::web;
use askama::Template;

use super::form::Form;
use super::{Data, Frame, Id, Page, RECRUITER, page, refused, see_other};
use crate::control::USUAL_CONCURRENCY;
use crate::greenhouse::recruiting::{Application, ApplicationStatus, Stage, TakeHome};
use crate::greenhouse::sending::{self, Order};
use crate::greenhouse::take_home_test::{SentTest, State};
use crate::refusal::Refusal;
use crate::world::World;

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/jobs/{id}", web::get().to(show))
        .route("/stages/{id}/bulk", web::post().to(bulk));
}

struct CandidateLine {
    id: u64,
    name: String,
    status: &'static str,
    label: String,
    tone: &'static str,
    detail: String,
    profile_url: Option<String>,
    can_send: bool,
    can_resend: bool,
    next_stage: Option<(u64, String)>,
}

struct StageLine {
    id: u64,
    name: String,
    assessment: bool,
    test: String,
    graders: String,
    auto_send: bool,
    candidates: Vec<CandidateLine>,
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    frame: Frame,
    id: u64,
    organization_id: u64,
    organization: String,
    stages: Vec<StageLine>,
}

impl JobPage {
    /// The other stages of the plan, with their names.
    fn others(&self, stage_id: &u64) -> Vec<(u64, String)> {
        let others = self.stages.iter().filter(|stage| stage.id != *stage_id);
        others.map(|stage| (stage.id, stage.name.clone())).collect()
    }
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let job = world.job(*id)?;
        let organization = world.organization(job.organization_id)?;
        let stages: Vec<&Stage> = job
            .stage_ids
            .iter()
            .flat_map(|id| world.stage(*id))
            .collect();
        Ok::<_, Refusal>(JobPage {
            frame: Frame::live(&shared, job.name.clone()),
            id: *id,
            organization_id: organization.id,
            organization: organization.name.clone(),
            stages: stages
                .iter()
                .enumerate()
                .map(|(at, stage)| stage_line(world, stage, stages.get(at + 1).copied()))
                .collect(),
        })
    })?;
    page(&template)
}

fn stage_line(world: &World, stage: &Stage, next: Option<&Stage>) -> StageLine {
    let take_home = stage.take_home.clone().unwrap_or_default();
    StageLine {
        id: stage.id,
        name: stage.name.clone(),
        assessment: stage.take_home.is_some(),
        test: take_home.partner_test_name.unwrap_or_default(),
        graders: take_home.graders.join(", "),
        auto_send: take_home.auto_send,
        candidates: world
            .applications_in(stage.id)
            .map(|application| candidate_line(world, application, stage, next))
            .collect(),
    }
}

fn candidate_line(
    world: &World,
    application: &Application,
    stage: &Stage,
    next: Option<&Stage>,
) -> CandidateLine {
    let test = world.latest_test(application.application_id, stage.id);
    let shown = appearance(test, application, stage);
    let may = may_send(test, application, stage.take_home.as_ref());
    let active = application.status == ApplicationStatus::Active;
    CandidateLine {
        id: application.application_id,
        name: application.name(),
        status: status_word(application.status),
        label: shown.label,
        tone: shown.tone,
        detail: shown.detail,
        profile_url: test.and_then(|test| test.profile_url.clone()),
        can_send: may.send,
        can_resend: may.resend,
        next_stage: next
            .filter(|_| active)
            .map(|next| (next.id, next.name.clone())),
    }
}

/// The word beside a candidate who is out.
pub(crate) fn status_word(status: ApplicationStatus) -> &'static str {
    match status {
        ApplicationStatus::Active => "",
        ApplicationStatus::Rejected => "Rejected",
        ApplicationStatus::Hired => "Hired",
    }
}

/// How a sent test, or one that is to be sent, looks.
pub(crate) struct Appearance {
    pub(crate) label: String,
    pub(crate) tone: &'static str,
    pub(crate) detail: String,
}

/// In Greenhouse's words: "… to be sent to", "Waiting for … to submit", "Scorecard due from …".
pub(crate) fn appearance(
    test: Option<&SentTest>,
    application: &Application,
    stage: &Stage,
) -> Appearance {
    let who = application.salutation();
    let Some(test) = test else {
        return Appearance {
            label: "Test to be sent".to_owned(),
            tone: "",
            detail: format!("{} to be sent to {who}", stage.name),
        };
    };
    let (tone, detail) = match test.state {
        State::Sending => ("", "Waiting for the partner's answer".to_owned()),
        State::Waiting => (
            "warn",
            format!("Waiting for {who} to submit {}", test_name(test)),
        ),
        State::SendFailed => ("bad", test.failure.clone().unwrap_or_default()),
        State::GaveUp => (
            "bad",
            "Greenhouse has stopped asking the partner".to_owned(),
        ),
        State::ToBeGraded => ("good", scorecard_due(stage)),
    };
    let mark = match test.state {
        State::ToBeGraded => "✓ ",
        State::SendFailed | State::GaveUp => "! ",
        State::Sending | State::Waiting => "",
    };
    Appearance {
        label: format!("{mark}{}", test.label()),
        tone,
        detail,
    }
}

fn scorecard_due(stage: &Stage) -> String {
    let graders = stage
        .take_home
        .as_ref()
        .map(|take_home| take_home.graders.join(", "));
    match graders.filter(|graders| !graders.is_empty()) {
        Some(graders) => format!("Scorecard due from {graders}"),
        None => "Scorecard due".to_owned(),
    }
}

/// The test's name, else its id.
pub(crate) fn test_name(test: &SentTest) -> &str {
    test.partner_test_name
        .as_deref()
        .unwrap_or(&test.partner_test_id)
}

/// Which buttons make sense.
pub(crate) struct May {
    pub(crate) send: bool,
    pub(crate) resend: bool,
}

/// **Send Test** before, **Send again** after.
pub(crate) fn may_send(
    test: Option<&SentTest>,
    application: &Application,
    take_home: Option<&TakeHome>,
) -> May {
    let chosen = take_home.is_some_and(|take_home| take_home.partner_test_id.is_some());
    let possible = chosen && application.status == ApplicationStatus::Active;
    let unsent = test.is_none_or(|test| test.state == State::SendFailed);
    let sending = test.is_some_and(|test| test.state == State::Sending);
    May {
        send: possible && unsent,
        resend: possible && !unsent && !sending,
    }
}

/// A bulk action on the ticked candidates. It goes on after the answer: the page shows how far it has come.
async fn bulk(shared: Data, id: Id, body: web::Bytes) -> Page {
    let job_id = shared.read(|world| world.stage(*id).map(|stage| stage.job_id))?;
    let back = format!("/jobs/{job_id}");
    let form = Form::read(&body);
    let chosen: Vec<u64> = form
        .all("application")
        .filter_map(|id| id.parse().ok())
        .collect();
    if chosen.is_empty() {
        let none = Refusal::field(
            "application",
            "Nobody is ticked: tick the candidates first.",
        );
        return refused(&none, &back);
    }
    let inner = shared.into_inner();
    match form.number("move_to") {
        Some(stage_id) => {
            tokio::spawn(async move {
                for application in chosen {
                    let _ = sending::move_to_stage(&inner, application, stage_id).await;
                }
            });
        }
        None => {
            tokio::spawn(async move {
                let order = Order {
                    sent_by: Some(RECRUITER.to_owned()),
                    ..Order::default()
                };
                sending::bulk_send(&inner, &chosen, USUAL_CONCURRENCY, &order).await;
            });
        }
    }
    see_other(&back)
}
