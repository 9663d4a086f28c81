//! One person: contacts, applications, feed, and what a recruiter can do to them.

use actix_web::web;
use askama::Template;

use super::people::job_of;
use super::{Data, Form, Frame, Id, Page, Tabs, act, answered, page, time};
use crate::control::carry_out;
use crate::greenhouse::recruiting::ApplicationStatus;
use crate::greenhouse::sending;
use crate::harvest::doings;
use crate::harvest::records::{ApplicationRecord, Candidate, Note};
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/people/{id}", web::get().to(show))
        .route("/people/{id}/move", web::post().to(move_on))
        .route("/people/{id}/merge", web::post().to(merge))
        .route("/people/{id}/anonymize", web::post().to(anonymize))
        .route("/people/{id}/delete", web::post().to(delete))
        .route(
            "/people/{id}/delete-application",
            web::post().to(delete_application),
        );
}

struct ApplicationCard {
    id: u64,
    job: String,
    stage: Option<String>,
    status: &'static str,
    facts: Vec<(&'static str, String)>,
    /// Where it can be moved.
    stages: Vec<(u64, String)>,
}

struct NoteCard {
    author: String,
    at: String,
    kind: String,
    visibility: &'static str,
    body: String,
}

#[derive(Template)]
#[template(path = "harvest/profile.html")]
struct ProfilePage {
    frame: Frame,
    tabs: Tabs,
    id: u64,
    private: bool,
    contacts: Vec<(&'static str, String)>,
    applications: Vec<ApplicationCard>,
    notes: Vec<NoteCard>,
    others: Vec<(u64, String)>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.change(|world, now| {
        world.sync_harvest(now);
        profile(&shared, world, *id)
    })?;
    page(&template)
}

fn profile(shared: &Shared, world: &World, id: u64) -> Result<ProfilePage, Refusal> {
    let harvest = &world.harvest;
    let candidate = harvest.candidate(id)?;
    let organization = world.organization(candidate.organization_id)?;
    let applications = harvest.applications.values();
    let theirs = applications.filter(|record| record.candidate_id == id);
    let notes = harvest.notes.values().rev();
    let notes = notes.filter(|note| note.candidate_id == id);
    let others = harvest
        .candidates
        .values()
        .filter(|other| other.id != id && other.organization_id == candidate.organization_id);
    Ok(ProfilePage {
        frame: Frame::followed(shared, candidate.name()),
        tabs: Tabs::of(organization, "Candidates"),
        id,
        private: candidate.members.get("private") == Some(&true.into()),
        contacts: contacts(candidate),
        applications: theirs.map(|record| card(world, record)).collect(),
        notes: notes.map(|note| note_card(world, note)).collect(),
        others: others.map(|other| (other.id, other.name())).collect(),
    })
}

fn contacts(candidate: &Candidate) -> Vec<(&'static str, String)> {
    const KINDS: [(&str, &str); 5] = [
        ("E-mail", "email_addresses"),
        ("Phone", "phone_numbers"),
        ("Social media", "social_media_addresses"),
        ("Website", "website_addresses"),
        ("Address", "addresses"),
    ];
    let kinds = KINDS.into_iter().flat_map(|(label, member)| {
        let contacts = candidate.members.get(member);
        let contacts = contacts.and_then(|it| it.as_array()).into_iter().flatten();
        let values = contacts.filter_map(|contact| contact["value"].as_str());
        values.map(move |value| (label, value.to_owned()))
    });
    let texts = [("Title", "title"), ("Company", "company")];
    let texts = texts
        .into_iter()
        .filter_map(|(label, member)| Some((label, candidate.text(member)?)));
    let tags = candidate.tags().map(|tag| ("Tag", tag.to_owned()));
    kinds.chain(texts).chain(tags).collect()
}

fn card(world: &World, record: &ApplicationRecord) -> ApplicationCard {
    let partners = world.applications.get(&record.id);
    let active = partners.filter(|it| it.status == ApplicationStatus::Active);
    let job = active.and_then(|it| world.jobs.get(&it.job_id));
    let plan = job.map(|job| job.stage_ids.as_slice()).unwrap_or_default();
    let here = partners.map(|it| it.stage_id);
    // Those that follow come first.
    let place = plan.iter().position(|id| Some(*id) == here);
    let (before, after) = plan.split_at(place.unwrap_or(0));
    let stages = after.iter().chain(before);
    let named = |id: u64| world.stages.get(&id).map(|stage| stage.name.clone());
    ApplicationCard {
        id: record.id,
        job: job_of(world, record),
        stage: here.and_then(named),
        status: match partners.map(|it| it.status) {
            Some(ApplicationStatus::Rejected) => "Rejected",
            Some(ApplicationStatus::Hired) => "Hired",
            Some(ApplicationStatus::Active) | None => "",
        },
        facts: facts(world, record),
        stages: stages
            .filter(|id| Some(**id) != here)
            .filter_map(|id| Some((*id, named(*id)?)))
            .collect(),
    }
}

fn facts(world: &World, record: &ApplicationRecord) -> Vec<(&'static str, String)> {
    let user = |id: Option<u64>| {
        let user = world.harvest.users.get(&id?)?;
        Some(user.name.clone())
    };
    let source = record
        .source_id
        .and_then(|id| world.harvest.sources.get(&id));
    let facts = [
        ("Source", source.map(|source| source.name.clone())),
        ("Recruiter", user(record.recruiter_id)),
        ("Coordinator", user(record.coordinator_id)),
        ("Prospect owner", user(record.prospect_owner_id)),
        ("Last activity", Some(time(record.last_activity_at))),
    ];
    let known = facts.into_iter();
    known
        .filter_map(|(label, value)| Some((label, value?)))
        .collect()
}

fn note_card(world: &World, note: &Note) -> NoteCard {
    let author = world.harvest.users.get(&note.user_id);
    NoteCard {
        author: author.map_or_else(|| "Greenhouse".to_owned(), |user| user.name.clone()),
        at: time(note.times.created_at),
        kind: match note.kind.as_str() {
            "NOTE" => String::new(),
            other => other.to_lowercase(),
        },
        visibility: match note.visibility.as_str() {
            "privately_visible" => "Private",
            "admin_only_visible" => "Admins only",
            _ => "Public",
        },
        body: note.body.clone(),
    }
}

fn back(id: u64) -> String {
    format!("/people/{id}")
}

async fn move_on(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let application = form.number("application_id").unwrap_or_default();
    let stage = form.number("stage_id").unwrap_or_default();
    let inner = shared.into_inner();
    let moved = carry_out(async move { sending::move_to_stage(&inner, application, stage).await });
    answered(moved.await, &back(*id))
}

async fn merge(shared: Data, id: Id, body: web::Bytes) -> Page {
    let into = Form::read(&body).number("into").unwrap_or_default();
    let merged = shared.change(|world, now| doings::merge(world, now, *id, into));
    let back = back(if merged.is_ok() { into } else { *id });
    answered(merged, &back)
}

async fn anonymize(shared: Data, id: Id) -> Page {
    act(&shared, &back(*id), |world, now| {
        doings::anonymize(world, now, *id, Vec::new())
    })
}

async fn delete(shared: Data, id: Id) -> Page {
    let organization = shared.read(|world| {
        let candidate = world.harvest.candidate(*id)?;
        Ok::<_, Refusal>(candidate.organization_id)
    })?;
    let people = format!("/organizations/{organization}/people");
    act(&shared, &people, |world, now| {
        doings::delete_candidate(world, now, *id)
    })
}

async fn delete_application(shared: Data, id: Id, body: web::Bytes) -> Page {
    let application = Form::read(&body).number("application_id");
    act(&shared, &back(*id), |world, now| {
        doings::delete_application(world, now, application.unwrap_or_default())
    })
}
