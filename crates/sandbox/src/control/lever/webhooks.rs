//! Webhooks and their deliveries.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Data, Id, carry_out, created, ok, parse};
use crate::lever::opportunity::Actor;
use crate::lever::settings::Token;
use crate::lever::views;
use crate::lever::webhooks::actions::{self, Forgery};
use crate::lever::webhooks::sender::Sender;
use crate::lever::webhooks::webhook;
use crate::outbox::actions::{self as outbox, Copies, Release};
use crate::outbox::delivery::Delivery;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

type DeliveryId = web::Path<u64>;

pub(super) async fn all(shared: Data, id: Id) -> Answer {
    let all = shared.read(|world| {
        world.lever.account(&id)?;
        let webhooks = world.lever.webhooks_of(&id).map(views::webhook);
        Ok::<_, Refusal>(webhooks.collect::<Vec<_>>())
    })?;
    ok(json!({"webhooks": all}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    event: String,
    url: String,
}

/// One made by hand, which the API cannot change.
pub(super) async fn create(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let New { event, url } = parse(&body)?;
    let made = shared.change(|world, now| {
        let (lever, now) = (&mut world.lever, now.timestamp_millis());
        let user = lever.account(&id)?.super_admin();
        let actor = Actor::user(user.map(|user| user.id.clone()));
        let made = webhook::create(lever, now, &id, &event, &url, None, &actor)?;
        Ok::<_, Refusal>(views::webhook(lever.webhook(&made)?))
    })?;
    created(made)
}

pub(super) async fn remove(shared: Data, id: Id) -> Answer {
    let gone = shared.change(|world, _| world.lever.webhooks.remove(id.as_str()));
    gone.ok_or_else(|| Refusal::unknown("webhook", &*id))?;
    ok(json!({}))
}

fn shown(shared: &Shared, id: u64) -> Result<Value, Refusal> {
    shared.read(|world| world.lever.outbox.delivery(id).map(views::delivery))
}

pub(super) async fn test(shared: Data, id: Id) -> Answer {
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { actions::test(&inner, &id).await }).await?;
    ok(shown(&shared, sent)?)
}

pub(super) async fn forge(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let forgery: Forgery = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { actions::forge(&inner, &id, forgery).await }).await?;
    ok(shown(&shared, sent)?)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    webhook_id: Option<String>,
    opportunity_id: Option<String>,
    state: Option<String>,
}

impl Wanted {
    fn lets(&self, delivery: &Delivery) -> bool {
        let state = serde_json::to_value(delivery.state).unwrap_or_default();
        let webhook = self.webhook_id.as_ref();
        webhook.is_none_or(|id| *id == delivery.webhook_id)
            && (self.opportunity_id.is_none() || self.opportunity_id == delivery.about_id)
            && self
                .state
                .as_ref()
                .is_none_or(|wanted| state == wanted.as_str())
    }
}

pub(super) async fn deliveries(shared: Data, id: Id, query: web::Query<Wanted>) -> Answer {
    let all = shared.read(|world| {
        world.lever.account(&id)?;
        let deliveries = world.lever.outbox.all();
        let wanted = deliveries.filter(|delivery| delivery.owner_id == *id && query.lets(delivery));
        Ok::<_, Refusal>(wanted.map(views::delivery).collect::<Vec<_>>())
    })?;
    ok(json!({"deliveries": all}))
}

pub(super) async fn delivery(shared: Data, id: DeliveryId) -> Answer {
    ok(shown(&shared, *id)?)
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rerun {
    token: Token,
}

pub(super) async fn rerun(shared: Data, id: DeliveryId, body: web::Bytes) -> Answer {
    let Rerun { token } = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { actions::rerun(&inner, *id, token).await }).await?;
    ok(shown(&shared, sent)?)
}

pub(super) async fn duplicate(shared: Data, id: DeliveryId, body: web::Bytes) -> Answer {
    let copies: Copies = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent =
        carry_out(async move { outbox::duplicate::<Sender>(&inner, *id, copies).await }).await?;
    let deliveries: Result<Vec<Value>, Refusal> =
        sent.into_iter().map(|id| shown(&shared, id)).collect();
    ok(json!({"deliveries": deliveries?}))
}

pub(super) async fn release(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Release = parse(&body)?;
    let inner = shared.into_inner();
    let released = carry_out(async move {
        let hold = |world: &mut World, on| {
            world.lever.account_mut(&id)?.settings.deliveries_held = on;
            Ok(())
        };
        outbox::release::<Sender>(&inner, &id, &order, hold).await
    });
    let released = released.await?;
    ok(json!({"released": released}))
}

pub(super) async fn lose(shared: Data, id: Id) -> Answer {
    let dropped = shared.change(|world, _| {
        world.lever.account(&id)?;
        Ok::<_, Refusal>(world.lever.outbox.lose(&id))
    })?;
    ok(json!({"dropped": dropped}))
}
