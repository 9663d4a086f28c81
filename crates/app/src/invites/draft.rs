//! A new invite, whoever asks for it.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    Assessment, AssessmentId, AssessmentStatus, AtsFacts, Attempt, CandidateDetails, CandidateId,
    Event, Invite, InviteId, OrganizationId, Origin, Place, Status, Target,
};
use storage::invites::{EmailState, InviteRecord};
use storage::places::PlaceRecord;
use storage::{AnyConnection, assessments, candidates, organizations};

use super::{InviteDetails, details};
use crate::changes::Changes;
use crate::links::Links;
use crate::reactions::react;
use crate::{App, Error, Result};

/// What the API or the dashboard asks for.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// Which assessment; has to be published.
    pub assessment: AssessmentId,
    /// Who is to take it.
    pub candidate: CandidateDetails,
    /// Does Baton mail? The assessment decides where nothing is said.
    pub send_email: Option<bool>,
    /// When it ends; the assessment decides where nothing is said.
    pub expires_at: Option<DateTime<Utc>>,
    /// Where the ask came from.
    pub origin: Origin,
}

/// Makes an invite; its mail goes out after the commit.
///
/// # Errors
/// [`Error::Unprocessable`] for an assessment that is unknown, foreign or not published, and for an end that has
/// passed or that no calendar holds.
pub fn create(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    new: NewInvite,
) -> Result<InviteDetails> {
    let now = app.now();
    let assessment = assessments::find(conn, organization, new.assessment)?
        .filter(|assessment| assessment.status == AssessmentStatus::Published)
        .ok_or_else(|| {
            Error::fault(
                "assessment_id",
                "is not a published assessment of this organization",
            )
        })?;
    if let Some(end) = new.expires_at {
        check_end(end, now)?;
    }
    let links = Links::of(
        app,
        &organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?,
    )?;
    let key = new.candidate.email.key();
    let known = candidates::by_email(conn, &[(organization, key.clone())])?;
    let asked = Asked {
        mails: new.send_email.unwrap_or(assessment.send_email),
        expires_at: new.expires_at,
        candidate_id: known.first().map(|(_, _, id)| *id),
        candidate: new.candidate,
        origin: new.origin,
        key: None,
        ats: AtsFacts::default(),
        places: Vec::new(),
    };
    let mut changes = Changes::default();
    let record = draft(app, now, &assessment, &links, asked, &mut changes);
    changes.save(conn, now)?;
    details(app, conn, record)
}

/// An end lies ahead, and in a year that RFC 3339 can write.
pub(super) fn check_end(end: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let problem = match end {
        end if end <= now => "has passed; send a moment in the future",
        end if end.year() > 9999 => "is too far ahead; send a moment before the year 10000",
        _ => return Ok(()),
    };
    Err(Error::fault("expires_at", problem))
}

/// What tells one new invite from another.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) mails: bool,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) candidate_id: Option<CandidateId>,
    pub(crate) candidate: CandidateDetails,
    pub(crate) origin: Origin,
    pub(crate) key: Option<String>,
    pub(crate) ats: AtsFacts,
    pub(crate) places: Vec<(Target, String)>,
}

/// Adds a new invite, with all that belongs to it, to `changes`. Pure but for the ids it draws.
pub(crate) fn draft(
    app: &App,
    now: DateTime<Utc>,
    assessment: &Assessment,
    links: &Links,
    asked: Asked,
    changes: &mut Changes,
) -> InviteRecord {
    let id: InviteId = app.draw();
    let organization = assessment.organization;
    let candidate = asked.candidate_id.unwrap_or_else(|| {
        let offered = app.draw();
        let key = asked.candidate.email.key();
        changes.candidates.push((organization, key, offered));
        offered
    });
    let invite = Invite {
        id,
        organization,
        assessment: assessment.id,
        assessment_version: assessment.version,
        candidate,
        origin: asked.origin,
        status: Status::Invited,
        attempt: Attempt {
            number: 1,
            started_at: None,
            ends_at: None,
        },
        resends: 0,
        result: None,
        created_at: now,
        submitted_at: None,
        completed_at: None,
        expires_at: asked.expires_at.unwrap_or(now + valid_for(assessment)),
    };
    let mut record = InviteRecord {
        invite,
        assessment_title: assessment.title.clone(),
        complete_on: assessment.greenhouse_complete_on,
        candidate: asked.candidate,
        ask_key: asked.key,
        ats: asked.ats,
        link_hash: links.take_hash(id, 1),
        launch_url: None,
        mails: asked.mails,
        email_state: EmailState::None,
        grant_number: 1,
        edition: 0,
    };
    let places: Vec<PlaceRecord> = asked
        .places
        .into_iter()
        .map(|(target, subject)| place(app, &record, target, subject))
        .collect();
    react(app, now, &mut record, &places, &[Event::Created], changes);
    changes.places.extend(places);
    changes.invited.push(record.clone());
    record
}

fn place(app: &App, record: &InviteRecord, target: Target, subject: String) -> PlaceRecord {
    PlaceRecord {
        organization: record.invite.organization,
        invite: record.invite.id,
        place: Place {
            id: app.draw(),
            target,
            subject,
        },
        writeback: None,
    }
}

/// How long an invite to `assessment` stays open.
pub(crate) fn valid_for(assessment: &Assessment) -> TimeDelta {
    const DAY: f64 = 86_400_000.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 365 days in milliseconds, checked when the assessment was written"
    )]
    let milliseconds = (assessment.invite_valid_days * DAY) as i64;
    TimeDelta::milliseconds(milliseconds)
}
