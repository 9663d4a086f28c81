//! Candidates and what becomes of them.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Data, Id, ok, parse};
use crate::harvest::doings;
use crate::harvest::records::Candidate;
use crate::harvest::views;
use crate::refusal::Refusal;
use crate::world::World;

/// A candidate with applications and feed, as a recruiter sees them.
fn shown(world: &World, candidate: &Candidate) -> Value {
    let harvest = &world.harvest;
    let mut shown = views::candidate(candidate);
    let notes = harvest.notes.values();
    let notes = notes.filter(|note| note.candidate_id == candidate.id);
    shown["notes"] = notes.map(views::note).collect();
    let applications = harvest.applications.values();
    let applications = applications.filter(|it| it.candidate_id == candidate.id);
    shown["applications"] = applications
        .map(|record| {
            let partners = world.applications.get(&record.id);
            let stage = partners.and_then(|it| world.stages.get(&it.stage_id));
            views::application(record, partners, stage)
        })
        .collect();
    shown
}

pub(super) async fn all(shared: Data, id: Id) -> Answer {
    let all = shared.change(|world, now| {
        world.organization(*id)?;
        world.sync_harvest(now);
        let people = world.harvest.candidates.values();
        let people = people.filter(|candidate| candidate.organization_id == *id);
        let shown = people.map(|candidate| shown(world, candidate));
        Ok::<_, Refusal>(shown.collect::<Vec<_>>())
    })?;
    ok(json!({"candidates": all}))
}

/// One candidate as the control API shows them.
fn one_of(world: &World, id: u64) -> Result<Value, Refusal> {
    Ok(shown(world, world.harvest.candidate(id)?))
}

pub(super) async fn one(shared: Data, id: Id) -> Answer {
    let shown = shared.change(|world, now| {
        world.sync_harvest(now);
        one_of(world, *id)
    })?;
    ok(shown)
}

pub(super) async fn delete(shared: Data, id: Id) -> Answer {
    shared.change(|world, now| doings::delete_candidate(world, now, *id))?;
    ok(json!({}))
}

pub(super) async fn delete_application(shared: Data, id: Id) -> Answer {
    shared.change(|world, now| doings::delete_application(world, now, *id))?;
    ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    into: u64,
}

pub(super) async fn merge(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Merge { into } = parse(&body)?;
    let shown = shared.change(|world, now| {
        doings::merge(world, now, *id, into)?;
        one_of(world, into)
    })?;
    ok(shown)
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Anonymize {
    fields: Vec<String>,
}

pub(super) async fn anonymize(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Anonymize { fields } = parse(&body)?;
    let shown = shared.change(|world, now| {
        doings::anonymize(world, now, *id, fields)?;
        one_of(world, *id)
    })?;
    ok(shown)
}
