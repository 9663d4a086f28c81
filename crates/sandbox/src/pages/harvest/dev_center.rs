//! The Dev Center: web hooks with their deliveries, and the apps that were let in.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, answered, page, time};
use crate::control::carry_out;
use crate::harvest::auth::grant::Grant;
use crate::harvest::auth::tokens;
use crate::harvest::webhooks::actions;
use crate::harvest::webhooks::sender::Sender;
use crate::harvest::webhooks::webhook::{EVENTS, Webhook, WebhookFields};
use crate::outbox::actions::{self as outbox, Copies};
use crate::pages::deliveries::DeliveryLine;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::world::World;

/// Deliveries on the page.
const SHOWN: usize = 100;

/// Events that can be chosen on the page: those that the sandbox has.
const HEARD: usize = 13;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/organizations/{id}/dev-center", web::get().to(show))
        .route("/organizations/{id}/webhooks", web::post().to(add))
        .route("/organizations/{id}/revoke", web::post().to(revoke))
        .route("/webhooks/{id}/enable", web::post().to(enable))
        .route("/webhooks/{id}/disable", web::post().to(disable))
        .route("/webhooks/{id}/remove", web::post().to(remove))
        .route("/deliveries/{id}/duplicate", web::post().to(duplicate));
}

struct GrantCard {
    app: String,
    client_id: String,
    user: String,
    granted: String,
    refreshes: String,
    ended: Option<String>,
}

#[derive(Template)]
#[template(path = "harvest/dev_center.html")]
struct DevCenterPage {
    frame: Frame,
    tabs: Tabs,
    id: u64,
    webhooks: Vec<Webhook>,
    events: &'static [&'static str],
    deliveries: Vec<DeliveryLine>,
    grants: Vec<GrantCard>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let organization = world.organization(*id)?;
        let owner = id.to_string();
        let webhooks = world.harvest.webhooks.values();
        let webhooks = webhooks.filter(|webhook| webhook.organization_id == *id);
        let newest = world.harvest.outbox.all().rev();
        let deliveries = newest.filter(|delivery| delivery.owner_id == owner);
        let grants = world.harvest.grants.values().rev();
        let grants = grants.filter(|grant| grant.organization_id == *id);
        Ok::<_, Refusal>(DevCenterPage {
            frame: Frame::followed(&shared, format!("Dev Center of {}", organization.name)),
            tabs: Tabs::of(organization, "Dev Center"),
            id: *id,
            webhooks: webhooks.cloned().collect(),
            events: &EVENTS[..HEARD],
            deliveries: deliveries.take(SHOWN).map(DeliveryLine::of).collect(),
            grants: grants.map(|grant| card(world, grant)).collect(),
        })
    })?;
    page(&template)
}

fn card(world: &World, grant: &Grant) -> GrantCard {
    let app = world.harvest.apps.get(&grant.client_id);
    let user = world.harvest.users.get(&grant.user_id);
    GrantCard {
        app: app.map_or_else(|| "An app that is gone".to_owned(), |app| app.name.clone()),
        client_id: grant.client_id.clone(),
        user: user.map(|user| user.name.clone()).unwrap_or_default(),
        granted: time(grant.granted_at),
        refreshes: match grant.refreshes {
            0 => "never refreshed".to_owned(),
            1 => "refreshed once".to_owned(),
            times => format!("refreshed {times} times"),
        },
        ended: grant.ended_at.map(|at| {
            let why = grant.ended_because.as_deref().unwrap_or_default();
            format!("{}: {why}", time(at))
        }),
    }
}

fn back(id: u64) -> String {
    format!("/organizations/{id}/dev-center")
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let fields = WebhookFields {
        name: form.given("name"),
        url: form.given("url"),
        secret_key: form.given("secret_key").map(Secret),
        event: form.given("event"),
        disabled: None,
    };
    let (inner, id) = (shared.into_inner(), *id);
    let made = carry_out(async move { actions::create(&inner, id, fields).await });
    answered(made.await, &back(id))
}

fn organization_of(shared: &Data, webhook_id: u64) -> Result<u64, Refusal> {
    shared.read(|world| Ok(world.harvest.webhook(webhook_id)?.organization_id))
}

/// Pings; the answer decides.
async fn enable(shared: Data, id: Id) -> Page {
    change(shared, *id, WebhookFields::default()).await
}

async fn disable(shared: Data, id: Id) -> Page {
    let off = WebhookFields {
        disabled: Some(true),
        ..WebhookFields::default()
    };
    change(shared, *id, off).await
}

async fn change(shared: Data, id: u64, fields: WebhookFields) -> Page {
    let back = back(organization_of(&shared, id)?);
    let inner = shared.into_inner();
    let changed = carry_out(async move { actions::change(&inner, id, fields).await });
    answered(changed.await, &back)
}

async fn remove(shared: Data, id: Id) -> Page {
    let back = back(organization_of(&shared, *id)?);
    act(&shared, &back, |world, _| {
        world.harvest.webhooks.remove(&id);
        Ok(())
    })
}

async fn duplicate(shared: Data, id: Id) -> Page {
    let owner = shared.read(|world| {
        let delivery = world.harvest.outbox.delivery(*id)?;
        Ok::<_, Refusal>(delivery.owner_id.parse().unwrap_or_default())
    })?;
    let inner = shared.into_inner();
    let sent =
        carry_out(async move { outbox::duplicate::<Sender>(&inner, *id, Copies::default()).await });
    answered(sent.await, &back(owner))
}

async fn revoke(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    act(&shared, &back(*id), |world, now| {
        world.organization(*id)?;
        tokens::revoke(world, now, *id, Some(form.text("client_id")));
        Ok(())
    })
}
