//! What the vendor's programs and people do with an invite: one function a verb.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Assessment, Command, InviteId, Kind, OrganizationId, ResultBody, Status, score_choices, total,
};
use storage::invites::{self, InviteRecord};
use storage::{AnyConnection, attempts};

use super::draft::{check_end, valid_for};
use super::{InviteDetails, apply, assessment_of, carry_out, details, record};
use crate::changes::Changes;
use crate::erasure::refuse_erased;
use crate::{App, Error, Result};

/// Begins the sitting; again while it runs changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`].
pub fn start(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    let command = begin(&assessment_of(conn, &record)?);
    finish(app, conn, record, command)
}

/// The command that begins a sitting of `assessment`.
pub(crate) fn begin(assessment: &Assessment) -> Command {
    let minutes = assessment.time_limit_minutes;
    Command::Start {
        time_limit: minutes.map(|minutes| TimeDelta::minutes(i64::from(minutes))),
    }
}

/// Ends the sitting; a questionnaire of choices only completes at once. Again afterwards changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`].
pub fn submit(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    let record = hand_in(app, conn, record, |result| Command::Submit { result })?;
    details(app, conn, record)
}

/// Carries out the command that ends a sitting, with the marks and the result that choices earn by themselves.
pub(crate) fn hand_in(
    app: &App,
    conn: &mut AnyConnection,
    record: InviteRecord,
    command: impl FnOnce(Option<ResultBody>) -> Command,
) -> Result<InviteRecord> {
    let assessment = assessment_of(conn, &record)?;
    if assessment.kind != Kind::Questionnaire || record.candidate.is_erased() {
        return carry_out(app, conn, record, command(None));
    }
    let now = app.now();
    let (organization, id) = (record.invite.organization, record.invite.id);
    let attempt = record.invite.attempt.number;
    let mut paper = attempts::find(conn, organization, id, attempt)?;
    // A person may have graded a text already, where the time ran out before the clock came by.
    paper
        .marks
        .extend(score_choices(&assessment, &paper.answers));
    let result = assessment
        .scores_itself()
        .then(|| total(&assessment, &paper.marks))
        .flatten();
    match domain::decide(&record.invite, command(result), now) {
        Ok(transition) => {
            let mut changes = Changes::default();
            if transition.invite.submitted_at != record.invite.submitted_at {
                changes.papers.push((organization, id, attempt, paper));
            }
            apply(app, conn, record, transition, changes, now)
        }
        Err(domain::Refusal::Repeat) => Ok(record),
        Err(refusal) => Err(Error::conflict("invite_state", refusal.to_string())),
    }
}

/// Takes a result, or a revision of one; the same body as the newest changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`], [`Error::Unprocessable`] naming the member at fault.
pub fn report(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    body: ResultBody,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    body.check()
        .map_err(|fault| Error::fault(fault.field, fault.problem))?;
    finish(app, conn, record, Command::Report(body))
}

/// Cancels it; its link answers 410.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`].
pub fn cancel(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    finish(app, conn, record, Command::Cancel)
}

/// Opens the next attempt under a new link.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`].
pub fn reset(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    let valid_for = valid_for(&assessment_of(conn, &record)?);
    finish(app, conn, record, Command::Reset { valid_for })
}

/// Mails the same link once more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`].
pub fn resend(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    finish(app, conn, record, Command::Resend)
}

/// Gives more time, under the same link.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`], [`Error::Unprocessable`] for an end that has passed.
pub fn extend(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    expires_at: DateTime<Utc>,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    check_end(expires_at, app.now())?;
    finish(app, conn, record, Command::Extend { expires_at })
}

/// The vendor will not do it: cancelled, with the reason.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`], [`Error::Unprocessable`] for a reason that is empty or over 10,000 characters.
pub fn refuse(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    reason: &str,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    let reason = domain::limited(reason, 10_000)
        .filter(|reason| !reason.is_empty())
        .ok_or_else(|| Error::fault("reason", "takes 1 to 10,000 characters"))?;
    finish(app, conn, record, Command::Refuse { reason })
}

/// Changes where Start leads, while nobody has started.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] once started, [`Error::Unprocessable`] for an address that cannot be opened.
pub fn set_launch_url(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    launch_url: Option<String>,
) -> Result<InviteDetails> {
    let mut record = record(conn, organization, invite)?;
    refuse_erased(&record.candidate)?;
    if let Some(url) = &launch_url {
        crate::assessments::check_launch_url(app, "launch_url", url)?;
    }
    if record.invite.status_at(app.now()) != Status::Invited {
        return Err(Error::conflict(
            "invite_state",
            "the launch address can be changed only while the candidate has not started",
        ));
    }
    record.launch_url = launch_url;
    invites::save(conn, &record)?;
    details(app, conn, record)
}

fn finish(
    app: &App,
    conn: &mut AnyConnection,
    record: InviteRecord,
    command: Command,
) -> Result<InviteDetails> {
    let record = carry_out(app, conn, record, command)?;
    details(app, conn, record)
}
