//! Opportunities: made, moved, tagged, archived, one at a time or many.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Data, Id, created, ok, parse};
use crate::lever::notes::{self, NewNote};
use crate::lever::opportunity::{Actor, Contact, Feedback};
use crate::lever::pipeline::{self, NewOpportunity};
use crate::lever::setup::{self, OpportunityFields};
use crate::lever::world::Lever;
use crate::lever::{tags, views};
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Opportunities made in one bulk at most.
const MOST: usize = 10_000;

fn shown(shared: &Shared, id: &str) -> Result<Value, Refusal> {
    let base = shared.link("");
    shared.read(|world| {
        let opportunity = world.lever.opportunity(id)?;
        Ok(views::opportunity(&world.lever, &base, opportunity))
    })
}

/// Does something to an opportunity at its time and shows it.
async fn act(
    shared: &Shared,
    id: &str,
    action: impl FnOnce(&mut Lever, i64) -> Result<(), Refusal>,
) -> Answer {
    shared.change(|world, now| action(&mut world.lever, now.timestamp_millis()))?;
    ok(shown(shared, id)?)
}

/// The user named, who has to be of the opportunity's account; else the account's recruiter.
fn actor(lever: &Lever, id: &str, user_id: Option<&str>) -> Result<Actor, Refusal> {
    let account = lever.account_of(id)?;
    let user = match user_id {
        Some(user_id) => Some(account.user(user_id)?),
        None => account.recruiter(),
    };
    Ok(Actor::user(user.map(|user| user.id.clone())))
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    stage_id: Option<String>,
}

pub(super) async fn all(shared: Data, id: Id, query: web::Query<Wanted>) -> Answer {
    let base = shared.link("");
    let all = shared.read(|world| {
        let lever = &world.lever;
        lever.account(&id)?;
        let wanted = lever.opportunities_of(&id).filter(|opportunity| {
            let stage = query.stage_id.as_ref();
            stage.is_none_or(|stage| *stage == opportunity.stage_id)
        });
        let shown = wanted.map(|opportunity| views::opportunity(lever, &base, opportunity));
        Ok::<_, Refusal>(shown.collect::<Vec<_>>())
    })?;
    ok(json!({"opportunities": all}))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct New {
    name: String,
    emails: Vec<String>,
    stage_id: Option<String>,
    posting_id: Option<String>,
    tags: Vec<String>,
    origin: Option<String>,
    confidential: bool,
    contact_id: Option<String>,
    owner: Option<String>,
}

pub(super) async fn create(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let new: New = parse(&body)?;
    let made = shared.change(|world, now| {
        let recruiter = world.lever.account(&id)?.recruiter();
        let actor = Actor::user(recruiter.map(|user| user.id.clone()));
        let new = NewOpportunity {
            contact: Contact {
                name: new.name,
                emails: new.emails,
                ..Contact::default()
            },
            contact_id: new.contact_id,
            stage_id: new.stage_id,
            posting_id: new.posting_id,
            tags: new.tags,
            origin: new.origin,
            confidential: new.confidential,
            owner: new.owner,
            ..NewOpportunity::default()
        };
        pipeline::create(&mut world.lever, now.timestamp_millis(), &id, new, &actor)
    })?;
    created(shown(&shared, &made)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    count: usize,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    stage_id: Option<String>,
    #[serde(default)]
    posting_id: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    email_domain: Option<String>,
}

pub(super) async fn create_many(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let many: Many = parse(&body)?;
    if !(1..=MOST).contains(&many.count) {
        let message = format!("Between 1 and {MOST} opportunities can be made at a time.");
        return Err(Refusal::field("count", message).into());
    }
    let name = many.name.as_deref().unwrap_or("Candidate");
    let domain = many.email_domain.as_deref().unwrap_or("candidate.example");
    let made: Result<Vec<String>, Refusal> = shared.change(|world, now| {
        let recruiter = world.lever.account(&id)?.recruiter();
        let actor = Actor::user(recruiter.map(|user| user.id.clone()));
        let local = name.to_lowercase().replace(' ', "-");
        let make = |number: usize| {
            let new = NewOpportunity {
                contact: Contact {
                    name: format!("{name} {number}"),
                    emails: vec![format!("{local}-{number}@{domain}")],
                    ..Contact::default()
                },
                stage_id: many.stage_id.clone(),
                posting_id: many.posting_id.clone(),
                tags: many.tags.clone(),
                ..NewOpportunity::default()
            };
            pipeline::create(&mut world.lever, now.timestamp_millis(), &id, new, &actor)
        };
        (1..=many.count).map(make).collect()
    });
    created(json!({"opportunity_ids": made?}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveMany {
    stage_id: String,
    #[serde(default)]
    opportunity_ids: Option<Vec<String>>,
    #[serde(default)]
    from_stage_id: Option<String>,
}

pub(super) async fn move_many(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: MoveMany = parse(&body)?;
    let moved = shared.change(|world, now| {
        let lever = &mut world.lever;
        let recruiter = lever.account(&id)?.recruiter();
        let actor = Actor::user(recruiter.map(|user| user.id.clone()));
        let ids = match (order.opportunity_ids, order.from_stage_id) {
            (Some(ids), None) => ids,
            (None, Some(from)) => {
                let all = lever.opportunities_of(&id);
                let there = all.filter(|opportunity| opportunity.stage_id == from);
                there.map(|opportunity| opportunity.id.clone()).collect()
            }
            _ => {
                let message = "Say who is to be moved: opportunity_ids or from_stage_id.";
                return Err(Refusal::field("opportunity_ids", message));
            }
        };
        for one in &ids {
            let now = now.timestamp_millis();
            pipeline::move_to_stage(lever, now, one, &order.stage_id, &actor)?;
        }
        Ok(ids)
    })?;
    ok(json!({"moved": moved}))
}

pub(super) async fn one(shared: Data, id: Id) -> Answer {
    ok(shown(&shared, &id)?)
}

pub(super) async fn change(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let fields: OpportunityFields = parse(&body)?;
    act(&shared, &id, |lever, now| {
        setup::change_opportunity(lever, now, &id, fields)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    stage_id: String,
    #[serde(default)]
    user_id: Option<String>,
}

pub(super) async fn move_one(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Move = parse(&body)?;
    act(&shared, &id, |lever, now| {
        let actor = actor(lever, &id, order.user_id.as_deref())?;
        pipeline::move_to_stage(lever, now, &id, &order.stage_id, &actor)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tags {
    tags: Vec<String>,
    #[serde(default)]
    user_id: Option<String>,
}

pub(super) async fn add_tags(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Tags = parse(&body)?;
    act(&shared, &id, |lever, now| {
        let actor = actor(lever, &id, order.user_id.as_deref())?;
        tags::add(lever, now, &id, &order.tags, &actor)
    })
    .await
}

pub(super) async fn remove_tags(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Tags = parse(&body)?;
    act(&shared, &id, |lever, now| {
        let actor = actor(lever, &id, order.user_id.as_deref())?;
        tags::remove(lever, now, &id, &order.tags, &actor)
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Archive {
    reason: Option<String>,
}

/// Without a reason: the first that is not for hiring.
pub(super) async fn archive(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Archive { reason } = parse(&body)?;
    act(&shared, &id, |lever, now| {
        let mut known = lever.account_of(&id)?.archive_reasons.iter();
        let usual = known
            .find(|reason| reason.kind != "hired")
            .map(|usual| usual.id.clone());
        let actor = actor(lever, &id, None)?;
        pipeline::set_archived(lever, now, &id, reason.or(usual).as_deref(), &actor)
    })
    .await
}

pub(super) async fn unarchive(shared: Data, id: Id) -> Answer {
    act(&shared, &id, |lever, now| {
        let actor = actor(lever, &id, None)?;
        pipeline::set_archived(lever, now, &id, None, &actor)
    })
    .await
}

pub(super) async fn anonymise(shared: Data, id: Id) -> Answer {
    act(&shared, &id, |lever, now| {
        let actor = actor(lever, &id, None)?;
        pipeline::anonymise(lever, now, &id, &actor)
    })
    .await
}

pub(super) async fn delete(shared: Data, id: Id) -> Answer {
    shared.change(|world, now| {
        let lever = &mut world.lever;
        let user_id = actor(lever, &id, None)?.user_id;
        pipeline::delete(lever, now.timestamp_millis(), &id, user_id)
    })?;
    ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    into: String,
}

pub(super) async fn merge(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Merge { into } = parse(&body)?;
    act(&shared, &into, |lever, now| {
        pipeline::merge(lever, now, &id, &into)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    value: String,
    #[serde(default)]
    user_id: Option<String>,
}

pub(super) async fn write_note(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let note: Note = parse(&body)?;
    shared.change(|world, now| {
        let lever = &mut world.lever;
        let actor = actor(lever, &id, note.user_id.as_deref())?;
        let new = NewNote {
            value: note.value,
            ..NewNote::default()
        };
        notes::create(lever, now.timestamp_millis(), &id, new, &actor)
    })?;
    created(shown(&shared, &id)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFeedback {
    text: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    fields: Vec<Value>,
}

pub(super) async fn give_feedback(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let new: NewFeedback = parse(&body)?;
    shared.change(|world, now| {
        let lever = &mut world.lever;
        let user_id = actor(lever, &id, None)?.user_id;
        let feedback = Feedback {
            id: lever.ids.draw(),
            kind: new.kind.unwrap_or_else(|| "assignment".to_owned()),
            text: new.text,
            fields: new.fields,
            user_id,
            created_at: now.timestamp_millis(),
        };
        lever.opportunity_mut(&id)?.feedback.push(feedback);
        Ok::<_, Refusal>(())
    })?;
    created(shown(&shared, &id)?)
}
