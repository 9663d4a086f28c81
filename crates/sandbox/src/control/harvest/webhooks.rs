//! Webhooks and their deliveries.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Data, Id, created, ok, parse};
use crate::control::carry_out;
use crate::harvest::views;
use crate::harvest::webhooks::actions::{self, Forgery};
use crate::harvest::webhooks::sender::Sender;
use crate::harvest::webhooks::webhook::WebhookFields;
use crate::outbox::actions::{self as outbox, Copies, Release};
use crate::outbox::delivery::Delivery;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

pub(super) async fn all(shared: Data, id: Id) -> Answer {
    let all = shared.read(|world| {
        world.organization(*id)?;
        let webhooks = world.harvest.webhooks.values();
        let theirs = webhooks.filter(|webhook| webhook.organization_id == *id);
        Ok::<_, Refusal>(theirs.map(views::webhook).collect::<Vec<_>>())
    })?;
    ok(json!({"webhooks": all}))
}

fn shown(shared: &Shared, id: u64) -> Result<Value, Refusal> {
    shared.read(|world| world.harvest.webhook(id).map(views::webhook))
}

pub(super) async fn create(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: WebhookFields = parse(&body)?;
    let inner = shared.clone().into_inner();
    let made = carry_out(async move { actions::create(&inner, *id, fields).await }).await?;
    created(shown(&shared, made)?)
}

pub(super) async fn change(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: WebhookFields = parse(&body)?;
    let (inner, webhook) = (shared.clone().into_inner(), *id);
    carry_out(async move { actions::change(&inner, webhook, fields).await }).await?;
    ok(shown(&shared, webhook)?)
}

pub(super) async fn remove(shared: Data, id: Id) -> Answer {
    let gone = shared.change(|world, _| world.harvest.webhooks.remove(&id));
    gone.ok_or_else(|| Refusal::unknown("webhook", *id))?;
    ok(json!({}))
}

fn shown_delivery(shared: &Shared, id: u64) -> Result<Value, Refusal> {
    shared.read(|world| world.harvest.outbox.delivery(id).map(views::delivery))
}

pub(super) async fn forge(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let forgery: Forgery = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { actions::forge(&inner, *id, forgery).await }).await?;
    ok(shown_delivery(&shared, sent)?)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    webhook_id: Option<String>,
    candidate_id: Option<String>,
    state: Option<String>,
}

impl Wanted {
    fn lets(&self, delivery: &Delivery) -> bool {
        let state = serde_json::to_value(delivery.state).unwrap_or_default();
        let (webhook, about) = (&self.webhook_id, &self.candidate_id);
        webhook.as_ref().is_none_or(|id| *id == delivery.webhook_id)
            && (about.is_none() || *about == delivery.about_id)
            && self
                .state
                .as_ref()
                .is_none_or(|wanted| state == wanted.as_str())
    }
}

pub(super) async fn deliveries(shared: Data, id: Id, query: web::Query<Wanted>) -> Answer {
    let all = shared.read(|world| {
        world.organization(*id)?;
        let owner_id = id.to_string();
        let deliveries = world.harvest.outbox.all();
        let wanted =
            deliveries.filter(|delivery| delivery.owner_id == owner_id && query.lets(delivery));
        Ok::<_, Refusal>(wanted.map(views::delivery).collect::<Vec<_>>())
    })?;
    ok(json!({"deliveries": all}))
}

pub(super) async fn delivery(shared: Data, id: Id) -> Answer {
    ok(shown_delivery(&shared, *id)?)
}

pub(super) async fn duplicate(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let copies: Copies = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent =
        carry_out(async move { outbox::duplicate::<Sender>(&inner, *id, copies).await }).await?;
    let deliveries = sent.into_iter().map(|id| shown_delivery(&shared, id));
    let deliveries = deliveries.collect::<Result<Vec<Value>, Refusal>>()?;
    ok(json!({"deliveries": deliveries}))
}

pub(super) async fn release(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Release = parse(&body)?;
    let inner = shared.into_inner();
    let released = carry_out(async move {
        let hold = |world: &mut World, on| {
            world.office_mut(*id)?.settings.deliveries_held = on;
            Ok(())
        };
        outbox::release::<Sender>(&inner, &id.to_string(), &order, hold).await
    });
    ok(json!({"released": released.await?}))
}

pub(super) async fn lose(shared: Data, id: Id) -> Answer {
    let dropped = shared.change(|world, _| {
        world.organization(*id)?;
        Ok::<_, Refusal>(world.harvest.outbox.lose(&id.to_string()))
    })?;
    ok(json!({"dropped": dropped}))
}
