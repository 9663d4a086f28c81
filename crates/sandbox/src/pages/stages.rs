//! **+ Add Stage** and **Edit Take Home Test**.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::form::Form;
use super::{Choice, Data, Frame, GRADERS, Id, Page, page, page_with, see_other};
use crate::control::carry_out;
use crate::greenhouse::recruiting::TakeHome;
use crate::greenhouse::setup::{self, StageChange};
use crate::greenhouse::validator::TestItem;
use crate::greenhouse::vendor;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

/// Registers the pages.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/jobs/{id}/stages/new", web::get().to(new_stage))
        .route("/jobs/{id}/stages", web::post().to(add_stage))
        .route("/stages/{id}", web::get().to(edit_stage))
        .route("/stages/{id}", web::post().to(save_stage));
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
        partner_test_id: entered.partner_test_id.clone(),
        graders: Some(entered.graders.clone()),
        auto_send: Some(entered.auto_send),
        ..StageChange::default()
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
