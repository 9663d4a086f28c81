//! A job: its interview plan, its stages, its candidates by stage.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::form::Form;
use super::{
    Choice, Data, Frame, GRADERS, Id, Page, RECRUITER, page, page_with, refused, see_other,
};
use crate::control::{USUAL_CONCURRENCY, carry_out};
use crate::greenhouse::recruiting::{Application, ApplicationStatus, Stage, TakeHome};
use crate::greenhouse::sending::{self, Order};
use crate::greenhouse::setup::{self, StageChange};
use crate::greenhouse::take_home_test::{SentTest, State};
use crate::greenhouse::validator::TestItem;
use crate::greenhouse::vendor;
use crate::greenhouse::world::World;
use crate::refusal::Refusal;
use crate::shared::Shared;

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/jobs/{id}", web::get().to(show))
        .route("/jobs/{id}/stages/new", web::get().to(new_stage))
        .route("/jobs/{id}/stages", web::post().to(add_stage))
        .route("/stages/{id}", web::get().to(edit_stage))
        .route("/stages/{id}", web::post().to(save_stage))
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

#[derive(Template)]
#[template(path = "stage_new.html")]
struct NewStagePage {
    frame: Frame,
    problem: Option<String>,
    job_id: u64,
    job: String,
    partner: String,
    name: String,
}

async fn new_stage(shared: Data, id: Id) -> Page {
    page(&new_stage_page(&shared, *id, None, "")?)
}

fn new_stage_page(
    shared: &Shared,
    job_id: u64,
    problem: Option<String>,
    name: &str,
) -> Result<NewStagePage, Refusal> {
    shared.read(|world| {
        Ok(NewStagePage {
            frame: Frame::of(shared, "Add Stage"),
            problem,
            job_id,
            job: world.job(job_id)?.name.clone(),
            partner: world.organization_of_job(job_id)?.partner_name.clone(),
            name: name.to_owned(),
        })
    })
}

async fn add_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let assessment = form.text("kind") != "plain";
    let made =
        shared.change(|world, _| setup::add_stage(world, *id, Some(form.text("name")), assessment));
    match made {
        Ok(stage_id) if assessment => see_other(&format!("/stages/{stage_id}")),
        Ok(_) => see_other(&format!("/jobs/{id}")),
        Err(refusal) => {
            let page = new_stage_page(&shared, *id, Some(refusal.to_string()), form.text("name"))?;
            page_with(refusal.status(), &page)
        }
    }
}

#[derive(Template)]
#[template(path = "stage.html")]
struct StagePage {
    frame: Frame,
    problem: Option<String>,
    id: u64,
    name: String,
    job_id: u64,
    job: String,
    partner: String,
    tests: Vec<Choice>,
    graders: Vec<Choice>,
    auto_send: bool,
}

/// Opens **Edit Take Home Test**: the drop-down is asked of the partner at this moment.
async fn edit_stage(shared: Data, id: Id) -> Page {
    let take_home = shared.read(|world| take_home_of(world, *id))?;
    show_dialog(&shared, *id, &take_home, None, StatusCode::OK).await
}

fn take_home_of(world: &World, stage_id: u64) -> Result<TakeHome, Refusal> {
    world.stage(stage_id)?.take_home.clone().ok_or_else(|| {
        Refusal::Conflict("This stage has no take home test: add an assessment stage.".to_owned())
    })
}

async fn show_dialog(
    shared: &Data,
    stage_id: u64,
    take_home: &TakeHome,
    problem: Option<String>,
    status: StatusCode,
) -> Page {
    let organization_id = shared.read(|world| {
        let stage = world.stage(stage_id)?;
        Ok::<_, Refusal>(world.organization_of_job(stage.job_id)?.id)
    })?;
    let inner = shared.clone().into_inner();
    let picked = carry_out(async move { vendor::open_picker(&inner, organization_id).await }).await;
    let (tests, trouble) = match picked {
        Ok(tests) => (tests, None),
        Err(refusal) => (Vec::new(), Some(refusal.to_string())),
    };
    let template = shared.read(|world| {
        let stage = world.stage(stage_id)?;
        let job = world.job(stage.job_id)?;
        Ok::<_, Refusal>(StagePage {
            frame: Frame::of(shared, "Edit Take Home Test"),
            problem: problem.or(trouble),
            id: stage_id,
            name: stage.name.clone(),
            job_id: job.id,
            job: job.name.clone(),
            partner: world.organization(organization_id)?.partner_name.clone(),
            tests: test_choices(&tests, take_home),
            graders: grader_choices(take_home),
            auto_send: take_home.auto_send,
        })
    })?;
    page_with(status, &template)
}

fn test_choices(tests: &[TestItem], take_home: &TakeHome) -> Vec<Choice> {
    let choice = |test: &TestItem| Choice {
        value: test.partner_test_id.clone(),
        label: test.partner_test_name.clone(),
        chosen: take_home.partner_test_id.as_ref() == Some(&test.partner_test_id),
    };
    tests.iter().map(choice).collect()
}

/// The house's people, and whoever a script has chosen beside them.
fn grader_choices(take_home: &TakeHome) -> Vec<Choice> {
    let others = take_home.graders.iter().map(String::as_str);
    let others = others.filter(|name| !GRADERS.contains(name));
    let choice = |name: &str| Choice {
        value: name.to_owned(),
        label: name.to_owned(),
        chosen: take_home.graders.iter().any(|grader| grader == name),
    };
    GRADERS.into_iter().chain(others).map(choice).collect()
}

async fn save_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let entered = TakeHome {
        partner_test_id: Some(form.owned("partner_test_id")),
        partner_test_name: None,
        graders: form.all("graders").map(str::to_owned).collect(),
        auto_send: form.ticked("auto_send"),
    };
    let change = StageChange {
        name: None,
        partner_test_id: entered.partner_test_id.clone(),
        graders: Some(entered.graders.clone()),
        auto_send: Some(entered.auto_send),
    };
    let (inner, stage_id) = (shared.clone().into_inner(), *id);
    let saved = carry_out(async move { setup::edit_stage(&inner, stage_id, change).await }).await;
    match saved {
        Ok(()) => {
            let job_id = shared.read(|world| world.stage(stage_id).map(|stage| stage.job_id))?;
            see_other(&format!("/jobs/{job_id}"))
        }
        Err(refusal) => {
            let status = refusal.status();
            show_dialog(
                &shared,
                stage_id,
                &entered,
                Some(refusal.to_string()),
                status,
            )
            .await
        }
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
