//! What follows from a decision about whoever came into a stage, whichever ATS it is: one more invite, or a word why not.

use domain::{
    AssessmentId, AtsFacts, CandidateDetails, CandidateId, OrganizationId, Origin, Target,
};
use storage::activities::{self, ActivityRecord, Source};
use storage::connections::ConnectionRecord;
use storage::invites::InviteRecord;
use storage::{AnyConnection, assessments, candidates, invite_sources, organizations};

use crate::changes::Changes;
use crate::invites::{Asked, draft};
use crate::links::Links;
use crate::{App, Error, Result};

/// How many earlier entries about somebody are looked at to see whether there is news.
const REMEMBERED: i64 = 20;

/// Who is to be invited, and to what.
pub(super) struct Ask<'a> {
    pub(super) connection: &'a ConnectionRecord,
    /// What it came of, as it is called in what is kept of it.
    pub(super) source: &'a str,
    pub(super) assessment: AssessmentId,
    /// The invite whose place it takes.
    pub(super) instead_of: Option<&'a InviteRecord>,
    pub(super) candidate: CandidateDetails,
    pub(super) candidate_id: Option<CandidateId>,
    pub(super) origin: Origin,
    /// What names the ask: a live invite under it is the only one.
    pub(super) key: String,
    pub(super) ats: AtsFacts,
    pub(super) places: Vec<(Target, String)>,
}

impl Ask<'_> {
    /// One more invite. The one whose place it takes gives up the ask's name, and with it what is shown in the ATS.
    ///
    /// # Errors
    /// Those of the database; the assessment is no longer published.
    pub(super) fn invite(self, app: &App, conn: &mut AnyConnection) -> Result<InviteRecord> {
        let (organization, now) = (self.connection.organization, app.now());
        let found = assessments::published_among(conn, &[(organization, self.assessment)])?;
        let assessment = found.first().ok_or(Error::NotFound("assessment"))?;
        let owner =
            organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
        let mut changes = Changes::default();
        changes
            .changed
            .extend(self.instead_of.map(|earlier| InviteRecord {
                ask_key: None,
                ..earlier.clone()
            }));
        let asked = Asked {
            mails: assessment.send_email,
            expires_at: None,
            candidate_id: self.candidate_id,
            candidate: self.candidate,
            origin: self.origin,
            key: Some(self.key),
            ats: self.ats,
            places: self.places,
        };
        let links = Links::of(app, &owner)?;
        let record = draft(app, now, assessment, &links, asked, &mut changes);
        changes.save(conn, now)?;
        let (connection, invite) = (self.connection.id, record.invite.id);
        invite_sources::insert(conn, organization, connection, self.source, invite)?;
        Ok(record)
    }
}

/// The person here with the address of `candidate`, where there is one.
///
/// # Errors
/// Those of the database.
pub(super) fn person_like(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: Option<&CandidateDetails>,
) -> Result<Option<CandidateId>> {
    let Some(candidate) = candidate else {
        return Ok(None);
    };
    let known = candidates::by_email(conn, &[(organization, candidate.email.key())])?;
    Ok(known.first().map(|(_, _, id)| *id))
}

/// Writes down why nobody is invited. What a sweep finds again and again is said once, and only where somebody was missed.
///
/// # Errors
/// Those of the database.
pub(super) fn tell_why_not(
    conn: &mut AnyConnection,
    entry: ActivityRecord,
    is_missed: bool,
) -> Result<()> {
    if entry.source == Source::Sweep && !(is_missed && is_news(conn, &entry)?) {
        return Ok(());
    }
    Ok(activities::insert(conn, &[entry])?)
}

fn is_news(conn: &mut AnyConnection, entry: &ActivityRecord) -> Result<bool> {
    let about = entry.subject.as_deref().unwrap_or_default();
    let known = activities::latest_about(conn, entry.organization, about, REMEMBERED)?;
    Ok(!known.iter().any(|it| it.detail == entry.detail))
}
