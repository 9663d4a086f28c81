//! What we know that decides whom an opportunity invites.

use ats::lever::{
    Earlier, Known, Level, Outcome, Seen, Subject, TagsSubject, Titled, Trigger, decide,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{OrganizationId, Status, Target};
use storage::connections::ConnectionRecord;
use storage::invites::InviteRecord;
use storage::places::PlaceRecord;
use storage::{AnyConnection, assessments, invite_sources, invites, places, trigger_stages};

use crate::{App, Result};

/// What is known of one opportunity, and of what it is judged by.
#[derive(Debug)]
pub(crate) struct Facts {
    triggers: Vec<Trigger>,
    connected_at: DateTime<Utc>,
    published: Vec<Titled>,
    earlier: Vec<Earlier>,
    shown: Vec<Shown>,
}

/// An invite with the place of its tags.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) record: InviteRecord,
    pub(crate) place: PlaceRecord,
    pub(crate) subject: TagsSubject,
}

impl Facts {
    /// Looks up what decides about `opportunity`.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn load(
        app: &App,
        conn: &mut AnyConnection,
        connection: &ConnectionRecord,
        opportunity: &str,
    ) -> Result<Self> {
        let organization = connection.organization;
        let shown = shown(conn, connection, opportunity)?;
        let now = app.now();
        Ok(Self {
            triggers: triggers(conn, organization)?,
            connected_at: connected_at(connection),
            published: published(conn, organization)?,
            earlier: shown.iter().map(|shown| shown.earlier(now)).collect(),
            shown,
        })
    }

    /// Decides about what Lever says of it at `now`, by Lever's clock.
    pub(crate) fn decide(&self, seen: &Seen, now: DateTime<Utc>) -> Vec<Outcome> {
        decide(
            seen,
            &Known {
                triggers: &self.triggers,
                connected_at: self.connected_at,
                now,
                published: &self.published,
                earlier: &self.earlier,
            },
        )
    }

    /// An earlier invite with the place of its tags.
    pub(crate) fn shown(&self, invite: domain::InviteId) -> Option<&Shown> {
        self.shown
            .iter()
            .find(|shown| shown.record.invite.id == invite)
    }
}

impl Shown {
    fn earlier(&self, now: DateTime<Utc>) -> Earlier {
        let (record, subject) = (&self.record, &self.subject);
        let status = match record.candidate.is_erased() {
            // Nobody is left whom its link could be sent to.
            true => Status::Cancelled,
            false => record.invite.status_at(now),
        };
        Earlier {
            invite: record.invite.id,
            assessment: record.invite.assessment,
            status,
            level: Level::of(&record.invite),
            title: subject.title.clone(),
            entered_at: subject.entered_at,
            is_tagged: subject.shown.is_some(),
            is_sticky: subject.sticky,
        }
    }
}

/// The invites that came of the opportunity and that no later one has replaced.
fn shown(
    conn: &mut AnyConnection,
    connection: &ConnectionRecord,
    opportunity: &str,
) -> Result<Vec<Shown>> {
    let organization = connection.organization;
    let ids = invite_sources::invites_of(conn, organization, connection.id, opportunity)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = ids.iter().map(|id| (organization, *id)).collect();
    let mut found = Vec::new();
    let mut places = places::of_invites(conn, organization, &ids)?;
    places.retain(|place| place.place.target == Target::LeverTags);
    for record in invites::among(conn, &wanted)? {
        if record.ask_key.is_none() {
            continue;
        }
        let mine = places.iter().find(|it| it.invite == record.invite.id);
        let subject = mine.and_then(|place| TagsSubject::parse(&place.place.subject));
        if let (Some(place), Some(subject)) = (mine.cloned(), subject) {
            found.push(Shown {
                record,
                place,
                subject,
            });
        }
    }
    Ok(found)
}

/// By Lever's clock, the end of that second. Where Lever was never heard, the trigger stages' own moments count alone.
fn connected_at(connection: &ConnectionRecord) -> DateTime<Utc> {
    connection
        .connected_at_there
        .map_or(DateTime::UNIX_EPOCH, |at| at + TimeDelta::seconds(1))
}

fn triggers(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Trigger>> {
    let stages = trigger_stages::of(conn, organization)?;
    let triggers = stages.into_iter().map(|stage| Trigger {
        stage: stage.stage_id,
        configured_at: stage.configured_at,
    });
    Ok(triggers.collect())
}

fn published(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Titled>> {
    let found = assessments::published(conn, &[organization])?;
    let titled = found
        .into_iter()
        .map(|(_, assessment, title)| Titled { assessment, title });
    Ok(titled.collect())
}
