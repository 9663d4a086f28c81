//! Adding candidates.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, page, recruiter, refused, see_other};
use crate::lever::opportunity::Contact;
use crate::lever::pipeline::{self, NewOpportunity};
use crate::pages::Choice;
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route(
            "/lever/accounts/{id}/opportunities/new",
            web::get().to(show),
        )
        .route("/lever/accounts/{id}/opportunities", web::post().to(add));
}

#[derive(Template)]
#[template(path = "lever/opportunity_new.html")]
struct NewPage {
    frame: Frame,
    tabs: Tabs,
    stages: Vec<Choice>,
    postings: Vec<Choice>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let choice = |value: &str, label: &str| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            chosen: false,
        };
        let postings = world.lever.postings_of(&id);
        let stages = account.stages.iter();
        Ok::<_, Refusal>(NewPage {
            frame: Frame::of(&shared, "Add candidate"),
            tabs: Tabs::of(account, "Pipeline"),
            stages: stages.map(|stage| choice(&stage.id, &stage.text)).collect(),
            postings: postings
                .map(|posting| choice(&posting.id, &posting.text))
                .collect(),
        })
    })?;
    page(&template)
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let new = NewOpportunity {
        contact: Contact {
            name: form.owned("name"),
            emails: form.given("email").into_iter().collect(),
            ..Contact::default()
        },
        stage_id: form.given("stage_id"),
        posting_id: form.given("posting_id"),
        tags: form.given("tag").into_iter().collect(),
        confidential: form.ticked("confidential"),
        ..NewOpportunity::default()
    };
    let made = shared.change(|world, now| {
        let actor = recruiter(world.lever.account(&id)?);
        let now = now.timestamp_millis();
        pipeline::create(&mut world.lever, now, &id, new, &actor)
    });
    match made {
        Ok(_) => see_other(&format!("/lever/accounts/{id}")),
        Err(refusal) => {
            let back = format!("/lever/accounts/{id}/opportunities/new");
            refused(&refusal, &back)
        }
    }
}
