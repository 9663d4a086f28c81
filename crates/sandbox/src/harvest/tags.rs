//! Tags of an organization, and who has them. A candidate's own list of names is the truth; the rows follow it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::records::{AppliedTag, Tag, Times};
use crate::world::World;

/// The tag of a name, made where there is none.
pub(crate) fn named(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    name: &str,
) -> u64 {
    let mut known = world.harvest.tags.values();
    let is_it = |tag: &&Tag| tag.organization_id == organization_id && tag.name == name;
    if let Some(tag) = known.find(is_it) {
        return tag.id;
    }
    let tag = Tag {
        id: world.draw_id(),
        organization_id,
        name: name.to_owned(),
        times: Times::at(now),
    };
    let id = tag.id;
    world.harvest.tags.insert(id, tag);
    id
}

/// Lets the rows of a candidate be those of their names.
pub(crate) fn follow(world: &mut World, now: DateTime<Utc>, candidate_id: u64) {
    let Some(candidate) = world.harvest.candidates.get(&candidate_id) else {
        let rows = &mut world.harvest.applied_tags;
        rows.retain(|_, row| row.candidate_id != candidate_id);
        return;
    };
    let organization_id = candidate.organization_id;
    let names: Vec<String> = candidate.tags().map(str::to_owned).collect();
    let wanted = names.iter();
    let wanted = wanted.map(|name| named(world, now, organization_id, name));
    let wanted: Vec<u64> = wanted.collect();
    let rows = &mut world.harvest.applied_tags;
    rows.retain(|_, row| {
        row.candidate_id != candidate_id || wanted.contains(&row.candidate_tag_id)
    });
    for candidate_tag_id in wanted {
        if row_of(world, candidate_id, candidate_tag_id).is_none() {
            let row = AppliedTag {
                id: world.draw_id(),
                organization_id,
                candidate_id,
                candidate_tag_id,
                times: Times::at(now),
            };
            world.harvest.applied_tags.insert(row.id, row);
        }
    }
}

/// The row that gives a candidate a tag.
pub(crate) fn row_of(world: &World, candidate_id: u64, tag_id: u64) -> Option<&AppliedTag> {
    let mut rows = world.harvest.applied_tags.values();
    rows.find(|row| row.candidate_id == candidate_id && row.candidate_tag_id == tag_id)
}

/// Changes a candidate's names of tags, and the rows with them.
pub(crate) fn change(
    world: &mut World,
    now: DateTime<Utc>,
    candidate_id: u64,
    alter: impl FnOnce(&mut Vec<Value>),
) {
    if let Some(candidate) = world.harvest.candidates.get_mut(&candidate_id) {
        let names = candidate.members.entry("tags").or_insert_with(|| json!([]));
        if let Value::Array(names) = names {
            alter(names);
        }
        candidate.times.updated_at = now;
    }
    follow(world, now, candidate_id);
}
