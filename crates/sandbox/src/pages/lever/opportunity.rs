//! One candidate: tags, notes, stage, and what else a recruiter does.

use actix_web::web;
use askama::Template;

use super::board::{marks, shown_name};
use super::{Data, Form, Frame, Id, Page, Tabs, act, page, recruiter, time};
use crate::lever::notes::{self, NewNote};
use crate::lever::opportunity::{By, Note, Opportunity};
use crate::lever::setup::{self, OpportunityFields};
use crate::lever::world::Lever;
use crate::lever::{pipeline, tags};
use crate::refusal::Refusal;
use crate::shared::Shared;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/opportunities/{id}", web::get().to(show))
        .route("/lever/opportunities/{id}/move", web::post().to(move_to))
        .route("/lever/opportunities/{id}/tags", web::post().to(add_tag))
        .route(
            "/lever/opportunities/{id}/tags/remove",
            web::post().to(remove_tag),
        )
        .route(
            "/lever/opportunities/{id}/notes",
            web::post().to(write_note),
        )
        .route("/lever/opportunities/{id}/change", web::post().to(change))
        .route("/lever/opportunities/{id}/archive", web::post().to(archive))
        .route(
            "/lever/opportunities/{id}/unarchive",
            web::post().to(unarchive),
        )
        .route("/lever/opportunities/{id}/merge", web::post().to(merge))
        .route(
            "/lever/opportunities/{id}/anonymise",
            web::post().to(anonymise),
        )
        .route("/lever/opportunities/{id}/delete", web::post().to(delete));
}

struct TagLine {
    text: String,
    /// The posting shows it: it cannot be removed here.
    inherited: bool,
}

struct NoteCard {
    text: String,
    author: String,
    at: String,
    secret: bool,
}

#[derive(Template)]
#[template(path = "lever/opportunity.html")]
struct OpportunityPage {
    frame: Frame,
    tabs: Tabs,
    id: String,
    emails: String,
    stage: String,
    posting: Option<(String, String)>,
    archived: Option<String>,
    marks: Vec<&'static str>,
    tags: Vec<TagLine>,
    locked: bool,
    notes: Vec<NoteCard>,
    stages: Vec<(String, String)>,
    reasons: Vec<(String, String)>,
    postings: Vec<(String, String)>,
    others: Vec<(String, String)>,
    steps: Vec<(String, String)>,
    deliveries: usize,
    confidential: bool,
    contact_refused: bool,
}

async fn show(shared: Data, id: Id) -> Page {
    page(&shared.read(|world| opportunity_page(&shared, &world.lever, &id))?)
}

fn opportunity_page(shared: &Shared, lever: &Lever, id: &str) -> Result<OpportunityPage, Refusal> {
    let opportunity = lever.opportunity(id)?;
    let account = lever.account(&opportunity.account_id)?;
    let person = lever.contact_of(opportunity);
    let posting = opportunity
        .posting_id()
        .and_then(|id| lever.postings.get(id));
    let reason = opportunity.archived.as_ref().map(|archived| {
        let mut known = account.archive_reasons.iter();
        let known = known.find(|reason| reason.id == archived.reason);
        known.map_or_else(String::new, |reason| reason.text.clone())
    });
    let stages = account
        .stages
        .iter()
        .filter(|stage| stage.id != opportunity.stage_id);
    let told = lever.outbox.all();
    let told = told.filter(|told| told.about_id.as_deref() == Some(id));
    Ok(OpportunityPage {
        frame: Frame::followed(shared, shown_name(&person.name, person.anonymized)),
        tabs: Tabs::of(account, "Pipeline"),
        id: id.to_owned(),
        emails: person.emails.join(", "),
        stage: account.stage_name(&opportunity.stage_id),
        posting: posting.map(|posting| (posting.id.clone(), posting.text.clone())),
        archived: reason,
        marks: marks(opportunity),
        tags: tag_lines(lever, opportunity),
        locked: account.settings.tags_locked,
        notes: note_cards(lever, opportunity),
        stages: stages
            .map(|stage| (stage.id.clone(), stage.text.clone()))
            .collect(),
        reasons: account
            .archive_reasons
            .iter()
            .map(|reason| (reason.id.clone(), reason.text.clone()))
            .collect(),
        postings: lever
            .postings_of(&account.id)
            .map(|posting| (posting.id.clone(), posting.text.clone()))
            .collect(),
        others: others(lever, opportunity),
        steps: steps(lever, opportunity),
        deliveries: told.count(),
        confidential: opportunity.confidential,
        contact_refused: opportunity.contact_allowed == Some(false),
    })
}

fn tag_lines(lever: &Lever, opportunity: &Opportunity) -> Vec<TagLine> {
    let inherited = tags::inherited(lever, opportunity);
    let shown = tags::shown(lever, opportunity).into_iter();
    shown
        .map(|text| TagLine {
            inherited: inherited.contains(&text) && !opportunity.tags.contains(&text),
            text,
        })
        .collect()
}

fn note_cards(lever: &Lever, opportunity: &Opportunity) -> Vec<NoteCard> {
    let there = opportunity
        .notes
        .iter()
        .rev()
        .filter(|note| note.deleted_at.is_none());
    there
        .map(|note| NoteCard {
            text: note
                .comments
                .iter()
                .map(|comment| comment.value.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            author: author(lever, opportunity, note),
            at: time(note.created_at),
            secret: note.secret,
        })
        .collect()
}

fn author(lever: &Lever, opportunity: &Opportunity, note: &Note) -> String {
    let account = lever.accounts.get(&opportunity.account_id);
    let user = note.made_by.user_id.as_deref();
    let user = user
        .zip(account)
        .and_then(|(id, account)| account.user(id).ok());
    let app = note
        .made_by
        .client_id
        .as_ref()
        .and_then(|id| lever.apps.get(id));
    match (user, app, note.made_by.by) {
        (Some(user), Some(app), _) => format!("{} through {}", user.name, app.name),
        (Some(user), None, _) => user.name.clone(),
        (None, Some(app), _) => app.name.clone(),
        (None, None, By::Api) => "Through the API".to_owned(),
        (None, None, By::User) => "Someone".to_owned(),
    }
}

/// Other people of the account: with whom someone can be merged.
fn others(lever: &Lever, opportunity: &Opportunity) -> Vec<(String, String)> {
    let all = lever.opportunities_of(&opportunity.account_id);
    let others = all.filter(|other| other.contact_id != opportunity.contact_id);
    let named = others.take(200).map(|other| {
        let person = lever.contact_of(other);
        (
            other.id.clone(),
            shown_name(&person.name, person.anonymized),
        )
    });
    named.collect()
}

fn steps(lever: &Lever, opportunity: &Opportunity) -> Vec<(String, String)> {
    let account = lever.accounts.get(&opportunity.account_id);
    let name = |id: &str| {
        account
            .map(|account| account.stage_name(id))
            .unwrap_or_default()
    };
    let steps = opportunity.stage_changes.iter().rev();
    steps
        .map(|step| (name(&step.to_stage_id), time(step.updated_at)))
        .collect()
}

/// Does something to the opportunity as its account's recruiter, and comes back to its page.
fn at_page(
    shared: &Data,
    id: &str,
    action: impl FnOnce(&mut Lever, i64, &crate::lever::opportunity::Actor) -> Result<(), Refusal>,
) -> Page {
    act(
        shared,
        &format!("/lever/opportunities/{id}"),
        |lever, now| {
            let actor = recruiter(lever.account_of(id)?);
            action(lever, now, &actor)
        },
    )
}

/// From the board it goes back to the board.
async fn move_to(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let account_id = shared.read(|world| {
        let opportunity = world.lever.opportunity(&id)?;
        Ok::<_, Refusal>(opportunity.account_id.clone())
    })?;
    let back = match form.text("from") {
        "page" => format!("/lever/opportunities/{id}"),
        _ => format!("/lever/accounts/{account_id}"),
    };
    act(&shared, &back, |lever, now| {
        let actor = recruiter(lever.account_of(&id)?);
        pipeline::move_to_stage(lever, now, &id, form.text("stage_id"), &actor)
    })
}

async fn add_tag(shared: Data, id: Id, body: web::Bytes) -> Page {
    let tag = Form::read(&body).owned("tag");
    at_page(&shared, &id, |lever, now, actor| {
        tags::add(lever, now, &id, &[tag], actor)
    })
}

async fn remove_tag(shared: Data, id: Id, body: web::Bytes) -> Page {
    // Exactly as it stands: a tag may begin or end with a space.
    let form = Form::read(&body);
    let tag = form.all("tag").next().unwrap_or_default().to_owned();
    at_page(&shared, &id, |lever, now, actor| {
        tags::remove(lever, now, &id, &[tag], actor)
    })
}

async fn write_note(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let new = NewNote {
        value: form.owned("value"),
        secret: form.ticked("secret"),
        ..NewNote::default()
    };
    at_page(&shared, &id, |lever, now, actor| {
        notes::create(lever, now, &id, new, actor).map(|_| ())
    })
}

async fn change(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let emails = form.text("emails").split(',').map(str::trim);
    let fields = OpportunityFields {
        emails: Some(
            emails
                .filter(|email| !email.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
        posting_id: form.given("posting_id"),
        confidential: Some(form.ticked("confidential")),
        contact_allowed: Some(form.ticked("contact_refused").then_some(false)),
        ..OpportunityFields::default()
    };
    at_page(&shared, &id, |lever, now, _| {
        setup::change_opportunity(lever, now, &id, fields)
    })
}

async fn archive(shared: Data, id: Id, body: web::Bytes) -> Page {
    let reason = Form::read(&body).owned("reason");
    at_page(&shared, &id, |lever, now, actor| {
        pipeline::set_archived(lever, now, &id, Some(&reason), actor)
    })
}

async fn unarchive(shared: Data, id: Id) -> Page {
    at_page(&shared, &id, |lever, now, actor| {
        pipeline::set_archived(lever, now, &id, None, actor)
    })
}

async fn merge(shared: Data, id: Id, body: web::Bytes) -> Page {
    let into = Form::read(&body).owned("into");
    at_page(&shared, &id, |lever, now, _| {
        pipeline::merge(lever, now, &id, &into)
    })
}

async fn anonymise(shared: Data, id: Id) -> Page {
    at_page(&shared, &id, |lever, now, actor| {
        pipeline::anonymise(lever, now, &id, actor)
    })
}

async fn delete(shared: Data, id: Id) -> Page {
    let account_id = shared.read(|world| {
        let opportunity = world.lever.opportunity(&id)?;
        Ok::<_, Refusal>(opportunity.account_id.clone())
    })?;
    act(
        &shared,
        &format!("/lever/accounts/{account_id}"),
        |lever, now| {
            let user_id = recruiter(lever.account_of(&id)?).user_id;
            pipeline::delete(lever, now, &id, user_id)
        },
    )
}
