//! The front page: what this is, and what there is in both systems.

use actix_web::web;
use askama::Template;

use super::form::Form;
use super::lever::accounts::{AccountLine, account_lines};
use super::{Data, Frame, Page, page, refused, see_other};
use crate::greenhouse::setup;
use crate::greenhouse::take_home_test::State;
use crate::world::World;

struct JobLine {
    id: u64,
    name: String,
    organization: String,
    candidates: usize,
    waiting: usize,
    complete: usize,
}

struct OrganizationLine {
    id: u64,
    name: String,
    partner: String,
    connection: &'static str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    jobs: Vec<JobLine>,
    organizations: Vec<OrganizationLine>,
    accounts: Vec<AccountLine>,
}

/// `GET /`
pub(crate) async fn show(shared: Data) -> Page {
    let (jobs, organizations, accounts) = shared.read(|world| {
        let accounts = account_lines(&world.lever);
        (job_lines(world), organization_lines(world), accounts)
    });
    page(&HomePage {
        frame: Frame::of(&shared, "Home"),
        jobs,
        organizations,
        accounts,
    })
}

/// `POST /jobs`
pub(crate) async fn add_job(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let organization_id = form.number("organization_id").unwrap_or_default();
    let made =
        shared.change(|world, _| setup::create_job(world, organization_id, form.text("name")));
    match made {
        Ok(id) => see_other(&format!("/jobs/{id}")),
        Err(refusal) => refused(&refusal, "/"),
    }
}

fn job_lines(world: &World) -> Vec<JobLine> {
    let line = |(id, job): (&u64, &crate::greenhouse::recruiting::Job)| {
        let people = || {
            world
                .applications
                .values()
                .filter(|application| application.job_id == *id)
        };
        let in_state = |state: State| {
            people()
                .filter(|person| {
                    let latest = world.tests_of(person.application_id).next_back();
                    latest.is_some_and(|test| test.state == state)
                })
                .count()
        };
        JobLine {
            id: *id,
            name: job.name.clone(),
            organization: world
                .organization(job.organization_id)
                .map(|organization| organization.name.clone())
                .unwrap_or_default(),
            candidates: people().count(),
            waiting: in_state(State::Waiting),
            complete: in_state(State::ToBeGraded),
        }
    };
    world.jobs.iter().map(line).collect()
}

fn organization_lines(world: &World) -> Vec<OrganizationLine> {
    let organizations = world.organizations.values();
    organizations
        .map(|organization| OrganizationLine {
            id: organization.id,
            name: organization.name.clone(),
            partner: organization.partner_name.clone(),
            connection: match (&organization.endpoints, &organization.key) {
                (Some(_), Some(_)) => "URLs and key entered",
                (None, _) => "Base URL missing",
                (_, None) => "Key missing",
            },
        })
        .collect()
}
