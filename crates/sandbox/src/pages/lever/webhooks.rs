//! Settings › Integrations and API › Webhooks: the switch of each event, the webhooks, the deliveries.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page, refused, see_other};
use crate::control::carry_out;
use crate::lever::account::Account;
use crate::lever::opportunity::{Actor, By};
use crate::lever::settings::Token;
use crate::lever::webhooks::actions;
use crate::lever::webhooks::webhook::{self, EVENTS};
use crate::lever::world::Lever;
use crate::pages::deliveries::DeliveryLine;
use crate::refusal::Refusal;

/// Deliveries on the page.
const SHOWN: usize = 100;

/// Events that are on the page: of interviews nothing is ever told.
const SWITCHES: [(&str, &str); 7] = [
    ("candidateStageChange", "Candidate Stage Change"),
    ("candidateArchiveChange", "Candidate Archive Change"),
    ("candidateHired", "Candidate Hired"),
    ("candidateDeleted", "Candidate Deleted"),
    ("applicationCreated", "Application Created"),
    ("contactCreated", "Contact Created"),
    ("contactUpdated", "Contact Updated"),
];

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/webhooks", web::get().to(show))
        .route("/lever/accounts/{id}/webhooks", web::post().to(add))
        .route("/lever/accounts/{id}/events", web::post().to(switch))
        .route("/lever/webhooks/{id}/test", web::post().to(test))
        .route("/lever/webhooks/{id}/remove", web::post().to(remove))
        .route("/lever/deliveries/{id}/rerun", web::post().to(rerun));
}

struct HookLine {
    id: String,
    url: String,
    maker: String,
}

struct EventGroup {
    event: &'static str,
    name: &'static str,
    on: bool,
    hooks: Vec<HookLine>,
}

#[derive(Template)]
#[template(path = "lever/webhooks.html")]
struct WebhooksPage {
    frame: Frame,
    tabs: Tabs,
    events: Vec<EventGroup>,
    deliveries: Vec<DeliveryLine>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let lever = &world.lever;
        let account = lever.account(&id)?;
        let newest = lever.outbox.all().rev();
        let theirs = newest.filter(|delivery| delivery.owner_id == *id);
        Ok::<_, Refusal>(WebhooksPage {
            frame: Frame::followed(&shared, format!("Webhooks of {}", account.name)),
            tabs: Tabs::of(account, "Webhooks"),
            events: groups(lever, account),
            deliveries: theirs.take(SHOWN).map(DeliveryLine::of).collect(),
        })
    })?;
    page(&template)
}

fn groups(lever: &Lever, account: &Account) -> Vec<EventGroup> {
    let group = |(event, name): (&'static str, &'static str)| {
        let hooks = lever
            .webhooks_of(&account.id)
            .filter(|webhook| webhook.event == event);
        EventGroup {
            event,
            name,
            on: account.enabled_events.contains(event),
            hooks: hooks.map(|webhook| hook_line(lever, webhook)).collect(),
        }
    };
    SWITCHES.into_iter().map(group).collect()
}

fn hook_line(lever: &Lever, webhook: &webhook::Webhook) -> HookLine {
    let app = webhook.client_id.as_ref().and_then(|id| lever.apps.get(id));
    HookLine {
        id: webhook.id.clone(),
        url: webhook.url.clone(),
        maker: match (webhook.made_by, app) {
            (By::User, _) => "Made here".to_owned(),
            (By::Api, Some(app)) => format!("Made by {}", app.name),
            (By::Api, None) => "Made through the API".to_owned(),
        },
    }
}

fn back(id: &str) -> String {
    format!("/lever/accounts/{id}/webhooks")
}

async fn switch(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let event = form.owned("event");
    act(&shared, &back(&id), |lever, _| {
        let account = lever.account_mut(&id)?;
        if !EVENTS.contains(&event.as_str()) {
            return Err(Refusal::unknown("event", event.as_str()));
        }
        if form.text("on") == "yes" {
            account.enabled_events.insert(event);
        } else {
            account.enabled_events.remove(&event);
        }
        Ok(())
    })
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    act(&shared, &back(&id), |lever, now| {
        let user = lever.account(&id)?.super_admin();
        let actor = Actor::user(user.map(|user| user.id.clone()));
        let (event, url) = (form.text("event"), form.text("url"));
        webhook::create(lever, now, &id, event, url, None, &actor).map(|_| ())
    })
}

fn account_of(shared: &Data, webhook_id: &str) -> Result<String, Refusal> {
    shared.read(|world| Ok(world.lever.webhook(webhook_id)?.account_id.clone()))
}

async fn remove(shared: Data, id: Id) -> Page {
    let account_id = account_of(&shared, &id)?;
    act(&shared, &back(&account_id), |lever, _| {
        lever.webhooks.remove(id.as_str());
        Ok(())
    })
}

async fn test(shared: Data, id: Id) -> Page {
    let back = back(&account_of(&shared, &id)?);
    let inner = shared.into_inner();
    match carry_out(async move { actions::test(&inner, &id).await }).await {
        Ok(_) => see_other(&back),
        Err(refusal) => refused(&refusal, &back),
    }
}

async fn rerun(shared: Data, id: web::Path<u64>, body: web::Bytes) -> Page {
    let account_id = shared.read(|world| {
        let delivery = world.lever.outbox.delivery(*id)?;
        Ok::<_, Refusal>(delivery.owner_id.clone())
    })?;
    let token = match Form::read(&body).text("token") {
        "new" => Token::New,
        _ => Token::Same,
    };
    let back = back(&account_id);
    let inner = shared.into_inner();
    match carry_out(async move { actions::rerun(&inner, *id, token).await }).await {
        Ok(_) => see_other(&back),
        Err(refusal) => refused(&refusal, &back),
    }
}
