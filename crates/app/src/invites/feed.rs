//! An invite's place in a candidate's feed in Greenhouse: made at a final revision, where Harvest is connected and the person there
//! is known.

use ats::greenhouse::harvest::FeedSubject;
use chrono::{DateTime, Utc};
use domain::{ConnectionKind, Event, OrganizationId, Place, Standing, Target, Writeback};
use storage::invites::InviteRecord;
use storage::places::PlaceRecord;
use storage::{AnyConnection, connections};

use crate::changes::Changes;
use crate::jobs::PlaceInFeed;
use crate::reactions::view;
use crate::{App, Result};

/// Adds the place to `places` where `events` call for one and the person's id is known; where it is not, has the worker look.
pub(super) fn place_in_feed(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    places: &mut Vec<PlaceRecord>,
    events: &[Event],
    changes: &mut Changes,
) -> Result<()> {
    let is_final = |event: &Event| matches!(event, Event::Revised { is_final: true, .. });
    let there = |place: &PlaceRecord| place.place.target == Target::GreenhouseNote;
    if !events.iter().any(is_final) || places.iter().any(there) {
        return Ok(());
    }
    let (organization, now) = (record.invite.organization, app.now());
    if !is_connected(conn, organization)? {
        return Ok(());
    }
    let newest = view(record, now).revision();
    // What came before Harvest was connected is not told of now.
    let after = taken_by_stage(record, places, now).max(newest - 1);
    let known = record.ats.person_id.as_deref();
    match known.and_then(|id| id.parse().ok()) {
        Some(person) => {
            let place = place(app, record, &FeedSubject::new(person, after));
            changes.places.push(place.clone());
            places.push(place);
        }
        // Nobody has to look where the stage has taken all there is.
        None if newest > after => {
            changes.jobs.push(PlaceInFeed::job(app, now, record, after));
        }
        None => {}
    }
    Ok(())
}

/// Is Harvest connected?
pub(crate) fn is_connected(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> storage::Result<bool> {
    let found = connections::find(conn, organization, ConnectionKind::GreenhouseHarvest)?;
    Ok(found.is_some_and(|it| it.standing == Standing::Connected))
}

/// The newest revision that the stage which sent the test shows by itself: the one it was told of. 0 where none sent it.
pub(crate) fn taken_by_stage(
    record: &InviteRecord,
    places: &[PlaceRecord],
    now: DateTime<Utc>,
) -> i32 {
    let stage = places
        .iter()
        .find(|place| place.place.target == Target::GreenhouseStatus);
    let Some(stage) = stage else { return 0 };
    let told = |writeback: &Writeback| writeback.revision;
    // Where it is told at this very moment, it is told of this.
    stage
        .writeback
        .as_ref()
        .map_or_else(|| view(record, now).revision(), told)
}

/// The place.
pub(crate) fn place(app: &App, record: &InviteRecord, subject: &FeedSubject) -> PlaceRecord {
    PlaceRecord {
        organization: record.invite.organization,
        invite: record.invite.id,
        place: Place {
            id: app.draw(),
            target: Target::GreenhouseNote,
            subject: subject.to_text(),
        },
        writeback: None,
    }
}
