//! Looks for a candidate in Greenhouse by e-mail address, so that their feed can show the result.

use ats::greenhouse::harvest::{FeedSubject, only_person};
use chrono::{DateTime, Utc};
use domain::{InviteId, OrganizationId, Target};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::invites::{self, InviteRecord};
use storage::jobs::NewJob;
use storage::{AnyConnection, events, places};

use crate::changes::Changes;
use crate::connections::harvest_client;
use crate::invites::{feed_place, is_connected, taken_by_stage};
use crate::jobs::finish_with;
use crate::jobs::show_at::feed::NAMES;
use crate::jobs::show_at::settle;
use crate::reactions::{call_for, note, view};
use crate::worker::Tools;
use crate::{App, Error, Result};

/// One look for one invite's candidate.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlaceInFeed {
    invite: InviteId,
    /// The revisions up to this one need no note.
    #[serde(default)]
    after: i32,
}

impl Job for PlaceInFeed {
    const KIND: &'static str = "place_in_feed";
}

impl PlaceInFeed {
    /// The job for an invite whose revisions up to `after` need no note.
    pub(crate) fn job(app: &App, now: DateTime<Utc>, record: &InviteRecord, after: i32) -> NewJob {
        let invite = record.invite.id;
        let job = Self { invite, after };
        job.queued(
            app.draw(),
            record.invite.organization,
            invite.to_string(),
            now,
        )
        .in_order(format!("feed {invite}"))
    }
}

impl Handler<Tools> for PlaceInFeed {
    /// A repeat does no harm: where the place is made already, nothing is done.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (app, organization, invite) = (&tools.app, held.organization, self.invite);
        let found = app
            .read(move |_, conn| wanted(conn, organization, invite))
            .await;
        let record = match found {
            Ok(Some(record)) => record,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        let client = match harvest_client(app, organization).await {
            Ok(client) => client,
            Err(Error::Conflict { message, .. }) => {
                return Verdict::park(NAMES.connection, message, NAMES.blocked);
            }
            Err(error) => return Verdict::retry(error),
        };
        let person = match only_person(&client, record.candidate.email.as_str()).await {
            Ok(person) => person,
            Err(shown) => return settle(shown, &NAMES).1,
        };
        finish_with(app, held, move |app, conn| {
            self.make(app, conn, organization, person)
        })
        .await
    }
}

impl PlaceInFeed {
    /// Makes the place, and calls for the notes; where there is nobody or more than one, says so on the timeline.
    fn make(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        organization: OrganizationId,
        person: Option<i64>,
    ) -> Result<()> {
        let Some(record) = wanted(conn, organization, self.invite)? else {
            return Ok(());
        };
        let now = app.now();
        let Some(person) = person else {
            let reason = "Greenhouse has nobody, or more than one, with this e-mail address: no note is written there";
            let detail = json!({ "reason": reason });
            let fact = note(app, now, &record, "greenhouse.no_person", detail);
            return Ok(events::insert(conn, &[fact])?);
        };
        let others = places::of_invite(conn, organization, self.invite)?;
        let after = taken_by_stage(&record, &others, now).max(self.after);
        let place = feed_place(app, &record, &FeedSubject::new(person, after));
        let view = view(&record, now);
        let mut changes = Changes::default();
        changes.places.push(place.clone());
        if ats::calls_for(&place.place, &view, None) {
            call_for(app, now, &record, &view, &place, &mut changes);
        }
        Ok(changes.save(conn, now)?)
    }
}

/// The invite, where its candidate is still to be looked for.
fn wanted(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Option<InviteRecord>> {
    let places = places::of_invite(conn, organization, invite)?;
    let there = places
        .iter()
        .any(|place| place.place.target == Target::GreenhouseNote);
    let record = invites::find(conn, organization, invite)?;
    let wanted = record.filter(|record| !there && !record.candidate.is_erased());
    Ok(if is_connected(conn, organization)? {
        wanted
    } else {
        None
    })
}
