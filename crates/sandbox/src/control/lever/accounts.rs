//! Accounts: settings, faults, allowance, stages, users, postings.

use std::collections::BTreeMap;

use actix_web::web;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Data, Id, created, ok, parse};
use crate::faults::Faults;
use crate::lever::faults::CALLS;
use crate::lever::setup::{self, PostingFields, UserFields};
use crate::lever::views;
use crate::lever::webhooks::webhook::EVENTS;
use crate::refusal::Refusal;
use crate::shared::Shared;

fn shown(shared: &Shared, id: &str) -> Result<Value, Refusal> {
    shared.read(|world| Ok(views::account(&world.lever, world.lever.account(id)?)))
}

pub(super) async fn all(shared: Data) -> Answer {
    let all: Vec<Value> = shared.read(|world| {
        let accounts = world.lever.accounts.values();
        accounts
            .map(|account| views::account(&world.lever, account))
            .collect()
    });
    ok(json!({"accounts": all}))
}

pub(super) async fn create(shared: Data, body: web::Bytes) -> Answer {
    let (name, settings) = views::split(parse(&body)?, "name");
    let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
    let id = shared.change(|world, now| {
        setup::create_account(&mut world.lever, now.timestamp_millis(), name, settings)
    })?;
    created(shown(&shared, &id)?)
}

pub(super) async fn one(shared: Data, id: Id) -> Answer {
    ok(shown(&shared, &id)?)
}

pub(super) async fn change(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: Map<String, Value> = parse(&body)?;
    shared.change(|world, _| setup::change_settings(&mut world.lever, &id, change))?;
    ok(shown(&shared, &id)?)
}

pub(super) async fn faults(shared: Data, id: Id) -> Answer {
    let faults = shared.read(|world| {
        let account = world.lever.account(&id)?;
        Ok::<_, Refusal>(account.faults.clone())
    })?;
    ok(faults)
}

pub(super) async fn set_faults(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let faults: Faults = parse(&body)?;
    faults.check(CALLS)?;
    shared.change(|world, _| {
        world.lever.account_mut(&id)?.faults = faults;
        Ok::<_, Refusal>(())
    })?;
    self::faults(shared, id).await
}

pub(super) async fn allowance(shared: Data, id: Id) -> Answer {
    let shown = shared.read(|world| {
        let account = world.lever.account(&id)?;
        Ok::<_, Refusal>(views::allowance(account))
    })?;
    ok(shown)
}

/// The buckets stay as full as they are: only the counts begin anew.
pub(super) async fn clear_allowance(shared: Data, id: Id) -> Answer {
    shared.change(|world, _| {
        for allowance in world.lever.account_mut(&id)?.allowances.values_mut() {
            allowance.counts = crate::lever::allowance::Counts::default();
        }
        Ok::<_, Refusal>(())
    })?;
    allowance(shared, id).await
}

pub(super) async fn switch_events(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let switches: BTreeMap<String, bool> = parse(&body)?;
    if let Some(event) = switches
        .keys()
        .find(|event| !EVENTS.contains(&event.as_str()))
    {
        let message = format!(
            "There is no event {event}: choose among {}.",
            EVENTS.join(", ")
        );
        return Err(Refusal::field("events", message).into());
    }
    let enabled = shared.change(|world, _| {
        let account = world.lever.account_mut(&id)?;
        for (event, on) in switches {
            if on {
                account.enabled_events.insert(event);
            } else {
                account.enabled_events.remove(&event);
            }
        }
        Ok::<_, Refusal>(account.enabled_events.clone())
    })?;
    ok(json!({"enabled_events": enabled}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStage {
    text: String,
    #[serde(default)]
    after: Option<String>,
}

pub(super) async fn add_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let stage: NewStage = parse(&body)?;
    let made = shared.change(|world, _| {
        let made = setup::add_stage(&mut world.lever, &id, &stage.text, stage.after.as_deref())?;
        Ok::<_, Refusal>(world.lever.account(&id)?.stage(&made)?.clone())
    })?;
    created(made)
}

type StagePath = web::Path<(String, String)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageName {
    text: String,
}

pub(super) async fn rename_stage(shared: Data, path: StagePath, body: web::Bytes) -> Answer {
    let StageName { text } = parse(&body)?;
    let (id, stage) = path.into_inner();
    let renamed = shared.change(|world, _| {
        setup::rename_stage(&mut world.lever, &id, &stage, &text)?;
        Ok::<_, Refusal>(world.lever.account(&id)?.stage(&stage)?.clone())
    })?;
    ok(renamed)
}

pub(super) async fn delete_stage(shared: Data, path: StagePath) -> Answer {
    let (id, stage) = path.into_inner();
    shared.change(|world, _| setup::delete_stage(&mut world.lever, &id, &stage))?;
    ok(json!({}))
}

pub(super) async fn add_user(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: UserFields = parse(&body)?;
    let user = shared.change(|world, now| {
        let made = setup::add_user(&mut world.lever, now.timestamp_millis(), &id, fields)?;
        Ok::<_, Refusal>(views::user(world.lever.account(&id)?.user(&made)?))
    })?;
    created(user)
}

pub(super) async fn change_user(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: UserFields = parse(&body)?;
    let user = shared.change(|world, now| {
        let now = now.timestamp_millis();
        let account = setup::change_user(&mut world.lever, now, &id, fields)?;
        Ok::<_, Refusal>(views::user(world.lever.account(&account)?.user(&id)?))
    })?;
    ok(user)
}

pub(super) async fn add_posting(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: PostingFields = parse(&body)?;
    let posting = shared.change(|world, now| {
        let made = setup::create_posting(&mut world.lever, now.timestamp_millis(), &id, fields)?;
        Ok::<_, Refusal>(views::posting(world.lever.posting(&made)?))
    })?;
    created(posting)
}

pub(super) async fn change_posting(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: PostingFields = parse(&body)?;
    let posting = shared.change(|world, now| {
        setup::change_posting(&mut world.lever, now.timestamp_millis(), &id, fields)?;
        Ok::<_, Refusal>(views::posting(world.lever.posting(&id)?))
    })?;
    ok(posting)
}
