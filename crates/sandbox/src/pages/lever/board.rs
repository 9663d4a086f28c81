//! The pipeline: a column for each stage, a card for each candidate.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page, recruiter};
use crate::lever::account::Account;
use crate::lever::opportunity::Opportunity;
use crate::lever::world::Lever;
use crate::lever::{pipeline, tags};
use crate::refusal::Refusal;

/// Cards of one column; more are told as a number.
const SHOWN: usize = 50;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}", web::get().to(show))
        .route("/lever/accounts/{id}/move-all", web::post().to(move_all));
}

struct Card {
    id: String,
    name: String,
    email: String,
    posting: String,
    tags: Vec<String>,
    marks: Vec<&'static str>,
}

struct Column {
    stage_id: String,
    stage: String,
    cards: Vec<Card>,
    people: usize,
}

impl Column {
    fn hidden(&self) -> usize {
        self.people - self.cards.len()
    }
}

#[derive(Template)]
#[template(path = "lever/board.html")]
struct BoardPage {
    frame: Frame,
    tabs: Tabs,
    columns: Vec<Column>,
    archived: Vec<Card>,
}

impl BoardPage {
    /// The other stages, where someone can be moved: first the next ones, then those before.
    fn others(&self, stage_id: &str) -> Vec<(String, String)> {
        let mut columns = self.columns.iter().collect::<Vec<_>>();
        let here = columns
            .iter()
            .position(|column| column.stage_id == stage_id);
        columns.rotate_left(here.unwrap_or_default());
        let others = columns.into_iter().skip(1);
        others
            .map(|column| (column.stage_id.clone(), column.stage.clone()))
            .collect()
    }
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        Ok::<_, Refusal>(BoardPage {
            frame: Frame::live(&shared, format!("Pipeline of {}", account.name)),
            tabs: Tabs::of(account, "Pipeline"),
            columns: columns(&world.lever, account),
            archived: archived(&world.lever, account),
        })
    })?;
    page(&template)
}

fn columns(lever: &Lever, account: &Account) -> Vec<Column> {
    let active: Vec<&Opportunity> = lever
        .opportunities_of(&account.id)
        .filter(|opportunity| opportunity.archived.is_none())
        .collect();
    let column = |stage_id: &str, stage: String| {
        let there = || {
            active
                .iter()
                .filter(|opportunity| opportunity.stage_id == stage_id)
        };
        Column {
            stage_id: stage_id.to_owned(),
            stage,
            cards: there()
                .take(SHOWN)
                .map(|opportunity| card(lever, opportunity))
                .collect(),
            people: there().count(),
        }
    };
    let stages = account.stages.iter();
    let mut columns: Vec<Column> = stages
        .map(|stage| column(&stage.id, stage.text.clone()))
        .collect();
    // Whoever is in a stage that was deleted is not lost from sight.
    for opportunity in &active {
        let id = &opportunity.stage_id;
        if !columns.iter().any(|column| column.stage_id == *id) {
            columns.push(column(id, "Deleted stage".to_owned()));
        }
    }
    columns
}

fn archived(lever: &Lever, account: &Account) -> Vec<Card> {
    let all = lever.opportunities_of(&account.id).rev();
    let away = all.filter(|opportunity| opportunity.archived.is_some());
    away.take(SHOWN)
        .map(|opportunity| card(lever, opportunity))
        .collect()
}

fn card(lever: &Lever, opportunity: &Opportunity) -> Card {
    let person = lever.contact_of(opportunity);
    let posting = opportunity
        .posting_id()
        .and_then(|id| lever.postings.get(id));
    let given: Vec<String> = match posting {
        Some(posting) => posting.given_tags().cloned().collect(),
        None => Vec::new(),
    };
    // As at Lever: what the posting gives by its title and place is not shown while someone is active.
    let extra = posting
        .map(|posting| posting.tags.clone())
        .unwrap_or_default();
    let shown = tags::shown(lever, opportunity).into_iter();
    Card {
        id: opportunity.id.clone(),
        name: shown_name(&person.name, person.anonymized),
        email: person.emails.first().cloned().unwrap_or_default(),
        posting: posting
            .map(|posting| posting.text.clone())
            .unwrap_or_default(),
        tags: shown
            .filter(|tag| extra.contains(tag) || !given.contains(tag))
            .collect(),
        marks: marks(opportunity),
    }
}

/// A name that can be clicked on, whatever is left of it.
pub(super) fn shown_name(name: &str, anonymized: bool) -> String {
    match name.trim() {
        "" if anonymized => "Anonymised person".to_owned(),
        "" => "Person without a name".to_owned(),
        name => name.to_owned(),
    }
}

/// What is out of the ordinary.
pub(super) fn marks(opportunity: &Opportunity) -> Vec<&'static str> {
    let marks = [
        (opportunity.confidential, "Confidential"),
        (opportunity.snoozed_until.is_some(), "Snoozed"),
        (
            opportunity.contact_allowed == Some(false),
            "Must not be contacted",
        ),
    ];
    marks
        .into_iter()
        .filter_map(|(is_so, mark)| is_so.then_some(mark))
        .collect()
}

async fn move_all(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    act(&shared, &format!("/lever/accounts/{id}"), |lever, now| {
        let actor = recruiter(lever.account(&id)?);
        let all = lever.opportunities_of(&id);
        let there = all.filter(|opportunity| {
            opportunity.stage_id == form.text("from") && opportunity.archived.is_none()
        });
        let ids: Vec<String> = there.map(|opportunity| opportunity.id.clone()).collect();
        for one in ids {
            pipeline::move_to_stage(lever, now, &one, form.text("stage_id"), &actor)?;
        }
        Ok(())
    })
}
