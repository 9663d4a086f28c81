//! What was decided about an opportunity, stored with all that follows from it.

use ats::lever::{Match, NoteSubject, Outcome, Reason, Seen, Subject, TagsSubject};
use chrono::{DateTime, Utc};
use domain::{AssessmentId, CandidateId, Command, InviteId, OrganizationId, Origin, Target};
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::ConnectionRecord;
use storage::invites::InviteRecord;
use storage::{AnyConnection, places};

use super::ask::{Ask, person_like, tell_why_not};
use super::known::{Facts, Shown};
use super::{note, of_reason};
use crate::changes::Changes;
use crate::reactions::{call_for, view};
use crate::{App, Error, Result};

/// One look at an opportunity.
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
    let candidate = look.seen.candidate().ok();
    let mut person = person_like(conn, look.organization(), candidate.as_ref())?;
    for outcome in outcomes {
        match outcome {
            Outcome::Invite {
                by,
                instead_of,
                entered_at,
            } => {
                let shown = instead_of.and_then(|invite| look.facts.shown(invite));
                let made = look.invite(app, conn, &by, shown, entered_at, person)?;
                person = Some(made.invite.candidate);
                look.sent(app, conn, Decision::Invited, made.invite.id, &by)?;
            }
            Outcome::Resend {
                invite,
                by,
                entered_at,
            } => {
                look.resend(app, conn, invite, &by, entered_at)?;
                look.sent(app, conn, Decision::Resent, invite, &by)?;
            }
            Outcome::Nothing(reason) => look.nothing(app, conn, &reason)?,
        }
    }
    Ok(())
}

/// What names the ask of one opportunity for one assessment: a live invite under it is the only one.
fn ask_key(connection: &ConnectionRecord, opportunity: &str, assessment: AssessmentId) -> String {
    format!("lever {} {opportunity} {assessment}", connection.id)
}

impl Look<'_> {
    fn organization(&self) -> OrganizationId {
        self.connection.organization
    }

    /// One more invite. The one whose place it takes gives up the tags.
    fn invite(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        by: &Match,
        instead_of: Option<&Shown>,
        entered_at: DateTime<Utc>,
        candidate_id: Option<CandidateId>,
    ) -> Result<InviteRecord> {
        let candidate = self.seen.candidate();
        let ask = Ask {
            connection: self.connection,
            source: &self.seen.id,
            assessment: by.assessment,
            instead_of: instead_of.map(|earlier| &earlier.record),
            candidate: candidate.map_err(|_| Error::Internal("an invitation has an address"))?,
            candidate_id,
            origin: Origin::Lever,
            key: ask_key(self.connection, &self.seen.id, by.assessment),
            ats: self.seen.facts(),
            places: self.places(by, entered_at),
        };
        ask.invite(app, conn)
    }

    fn places(&self, by: &Match, entered_at: DateTime<Utc>) -> Vec<(Target, String)> {
        let tags = TagsSubject {
            opportunity: self.seen.id.clone(),
            title: by.title.clone(),
            found: by.tag.clone(),
            entered_at,
            shown: None,
            sticky: false,
        };
        let note = NoteSubject::new(&self.seen.id);
        vec![
            (Target::LeverTags, tags.to_text()),
            (Target::LeverNote, note.to_text()),
        ]
    }

    /// The same link once more; and the tags show it again.
    fn resend(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        invite: InviteId,
        by: &Match,
        entered_at: DateTime<Utc>,
    ) -> Result<()> {
        let shown = self
            .facts
            .shown(invite)
            .ok_or(Error::Internal("an earlier invite is known"))?;
        let now = app.now();
        let record = crate::invites::carry_out(app, conn, shown.record.clone(), Command::Resend)?;
        let subject = TagsSubject {
            found: by.tag.clone(),
            entered_at,
            shown: None,
            ..shown.subject.clone()
        };
        let (organization, place) = (self.organization(), shown.place.place.id);
        places::set_subject(conn, organization, invite, place, &subject.to_text())?;
        let mut changes = Changes::default();
        let view = view(&record, now);
        call_for(app, now, &record, &view, &shown.place, &mut changes);
        Ok(changes.save(conn, now)?)
    }

    fn sent(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        decision: Decision,
        invite: InviteId,
        by: &Match,
    ) -> Result<()> {
        let about = Some(self.seen.id.as_str());
        let verb = match decision {
            Decision::Resent => "The same link was sent again",
            _ => "Invited",
        };
        let entry = ActivityRecord {
            invite: Some(invite),
            detail: Some(format!("{verb}, by the tag \"{}\".", by.tag)),
            ..note(app, self.organization(), self.source, about, decision)
        };
        Ok(activities::insert(conn, &[entry])?)
    }

    fn nothing(&self, app: &App, conn: &mut AnyConnection, reason: &Reason) -> Result<()> {
        let (organization, about) = (self.organization(), self.seen.id.as_str());
        let entry = of_reason(app, organization, self.source, Some(about), reason);
        tell_why_not(conn, entry, reason.is_missed())
    }
}
