//! Everybody in an organization, candidates and prospects.

use actix_web::web;
use askama::Template;

use super::{Data, Frame, Id, Page, Tabs, page, time};
use crate::harvest::records::{ApplicationRecord, Candidate};
use crate::refusal::Refusal;
use crate::world::World;

/// People on the page.
const SHOWN: usize = 200;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/organizations/{id}/people", web::get().to(show));
}

struct PersonLine {
    id: u64,
    name: String,
    email: String,
    applications: String,
    notes: usize,
    last_activity: String,
}

#[derive(Template)]
#[template(path = "harvest/people.html")]
struct PeoplePage {
    frame: Frame,
    tabs: Tabs,
    people: Vec<PersonLine>,
    jobs: Vec<(u64, String)>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.change(|world, now| {
        world.sync_harvest(now);
        let organization = world.organization(*id)?;
        let people = world.harvest.candidates.values().rev();
        let theirs = people.filter(|candidate| candidate.organization_id == *id);
        let jobs = world.jobs.values();
        let jobs = jobs.filter(|job| job.organization_id == *id);
        Ok::<_, Refusal>(PeoplePage {
            frame: Frame::live(&shared, format!("Candidates of {}", organization.name)),
            tabs: Tabs::of(organization, "Candidates"),
            people: theirs.take(SHOWN).map(|it| line(world, it)).collect(),
            jobs: jobs.map(|job| (job.id, job.name.clone())).collect(),
        })
    })?;
    page(&template)
}

fn line(world: &World, candidate: &Candidate) -> PersonLine {
    let notes = world.harvest.notes.values();
    let applications = world.harvest.applications.values();
    let theirs = applications.filter(|record| record.candidate_id == candidate.id);
    let theirs: Vec<String> = theirs.map(|record| job_of(world, record)).collect();
    PersonLine {
        id: candidate.id,
        name: candidate.name(),
        email: candidate.contact("email_addresses").unwrap_or_default(),
        applications: theirs.join(", "),
        notes: notes
            .filter(|note| note.candidate_id == candidate.id)
            .count(),
        last_activity: time(candidate.last_activity_at),
    }
}

/// The job that an application is for.
pub(super) fn job_of(world: &World, record: &ApplicationRecord) -> String {
    let name = |id: &u64| world.jobs.get(id).map(|job| job.name.clone());
    let partners = world.applications.get(&record.id);
    match partners.and_then(|it| name(&it.job_id)) {
        Some(job) => job,
        None => {
            let jobs: Vec<String> = record.prospective_job_ids.iter().filter_map(name).collect();
            let jobs = jobs.join(" or ");
            let of = if jobs.is_empty() { "" } else { " for " };
            format!("Prospect{of}{jobs}")
        }
    }
}
