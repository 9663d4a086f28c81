//! What was decided about an application, stored with all that follows from it.

use std::collections::HashSet;

use ats::greenhouse::harvest::{Before, Known, Mapping, Outcome, Reason, Seen, decide};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{AssessmentId, AssessmentStatus, CandidateId, InviteId, OrganizationId, Origin};
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::ConnectionRecord;
use storage::invites::InviteRecord;
use storage::{AnyConnection, assessments, invite_sources, invites, stage_mappings};

use super::super::ask::{Ask, person_like, tell_why_not};
use super::{application, note, of_reason};
use crate::{App, Error, Result};

/// What is known of one application, and of what it is judged by.
#[derive(Debug)]
pub(crate) struct Facts {
    mappings: Vec<Mapping>,
    connected_at: Option<DateTime<Utc>>,
    before: Vec<InviteRecord>,
    now: DateTime<Utc>,
}

impl Facts {
    /// Looks up what decides about an application.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn load(
        app: &App,
        conn: &mut AnyConnection,
        connection: &ConnectionRecord,
        id: i64,
    ) -> Result<Self> {
        let organization = connection.organization;
        Ok(Self {
            mappings: mappings(conn, organization)?,
            // By Greenhouse's clock, the end of that second.
            connected_at: connection
                .connected_at_there
                .map(|at| at + TimeDelta::seconds(1)),
            before: before(conn, connection, id)?,
            now: app.now(),
        })
    }

    /// Decides about what Greenhouse says of it.
    pub(crate) fn decide(&self, seen: &Seen) -> Vec<Outcome> {
        let before: Vec<Before> = self.before.iter().map(|it| self.told(it)).collect();
        decide(
            seen,
            &Known {
                mappings: &self.mappings,
                connected_at: self.connected_at,
                now: self.now,
                before: &before,
            },
        )
    }

    fn told(&self, record: &InviteRecord) -> Before {
        Before {
            invite: record.invite.id,
            assessment: record.invite.assessment,
            status: record.invite.status_at(self.now),
            made_at: record.invite.created_at,
        }
    }
}

/// All stages that invite, with what is known of their assessments.
fn mappings(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Mapping>> {
    let mut found = Vec::new();
    for mapping in stage_mappings::of(conn, organization)? {
        let Ok(stage) = mapping.stage.parse() else {
            continue;
        };
        let Some(assessment) = assessments::find(conn, organization, mapping.assessment)? else {
            continue;
        };
        found.push(Mapping {
            stage,
            assessment: assessment.id,
            is_published: assessment.status == AssessmentStatus::Published,
            title: assessment.title,
            configured_at: mapping.configured_at,
        });
    }
    Ok(found)
}

/// The invites that came of an application and that no later one has replaced.
fn before(
    conn: &mut AnyConnection,
    connection: &ConnectionRecord,
    id: i64,
) -> Result<Vec<InviteRecord>> {
    let organization = connection.organization;
    let source = application(id);
    let ids = invite_sources::invites_of(conn, organization, connection.id, &source)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = ids.iter().map(|id| (organization, *id)).collect();
    let mut found = invites::among(conn, &wanted)?;
    found.retain(|record| record.ask_key.is_some());
    Ok(found)
}

/// Of these applications those that an invite came of.
///
/// # Errors
/// Those of the database.
pub(crate) fn known_among(
    conn: &mut AnyConnection,
    connection: &ConnectionRecord,
    ids: &[i64],
) -> Result<HashSet<i64>> {
    let mut known = HashSet::new();
    for id in ids {
        if !before(conn, connection, *id)?.is_empty() {
            known.insert(*id);
        }
    }
    Ok(known)
}

/// One look at an application.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    pub(crate) connection: &'a ConnectionRecord,
    pub(crate) seen: &'a Seen,
    pub(crate) source: Source,
    pub(crate) facts: &'a Facts,
}

/// Stores what `outcomes` call for, and writes down what was decided.
///
/// # Errors
/// Those of the database.
pub(crate) fn carry_out(
    app: &App,
    conn: &mut AnyConnection,
    look: &Look<'_>,
    outcomes: Vec<Outcome>,
) -> Result<()> {
    let mut person = person_like(conn, look.organization(), look.seen.candidate())?;
    for outcome in outcomes {
        match outcome {
            Outcome::Invite {
                assessment,
                instead_of,
            } => {
                let made = look.invite(app, conn, assessment, instead_of, person)?;
                person = Some(made.invite.candidate);
                look.sent(app, conn, &made)?;
            }
            Outcome::Nothing(reason) => look.nothing(app, conn, &reason)?,
        }
    }
    Ok(())
}

impl Look<'_> {
    fn organization(&self) -> OrganizationId {
        self.connection.organization
    }

    fn invite(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        assessment: AssessmentId,
        instead_of: Option<InviteId>,
        candidate_id: Option<CandidateId>,
    ) -> Result<InviteRecord> {
        let mut earlier = self.facts.before.iter();
        let candidate = self.seen.candidate().cloned();
        let ask = Ask {
            connection: self.connection,
            source: &application(self.seen.application),
            assessment,
            instead_of: earlier.find(|it| Some(it.invite.id) == instead_of),
            candidate: candidate.ok_or(Error::Internal("an invitation has an address"))?,
            candidate_id,
            origin: Origin::Greenhouse,
            key: self.ask_key(assessment),
            ats: self.seen.facts(),
            places: Vec::new(),
        };
        ask.invite(app, conn)
    }

    /// What names the ask of one application for one assessment: a live invite under it is the only one.
    fn ask_key(&self, assessment: AssessmentId) -> String {
        let (connection, application) = (self.connection.id, self.seen.application);
        format!("harvest {connection} {application} {assessment}")
    }

    fn sent(&self, app: &App, conn: &mut AnyConnection, made: &InviteRecord) -> Result<()> {
        let about = application(self.seen.application);
        let (organization, source) = (self.organization(), self.source);
        let entry = ActivityRecord {
            invite: Some(made.invite.id),
            detail: Some("Invited, by the stage that the candidate came into.".to_owned()),
            ..note(app, organization, source, Some(&about), Decision::Invited)
        };
        Ok(activities::insert(conn, &[entry])?)
    }

    fn nothing(&self, app: &App, conn: &mut AnyConnection, reason: &Reason) -> Result<()> {
        let (organization, about) = (self.organization(), application(self.seen.application));
        let entry = of_reason(app, organization, self.source, Some(&about), reason);
        tell_why_not(conn, entry, reason.is_missed())
    }
}
