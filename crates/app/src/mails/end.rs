//! What became of a try to hand a mail to the relay.

use domain::{OrganizationId, remind_at};
use jobs::Held;
use mail::SendError;
use serde_json::json;
use storage::invites::{EmailState, InviteRecord};
use storage::mails::{self, MailRecord, MailState};
use storage::reminders::{self, Reminder};
use storage::{AnyConnection, events};

use super::begin::{find, fresh};
use super::id::{MailId, Occasion};
use super::mailed::Mailed;
use crate::{App, Result};

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The relay took it.
    Sent,
    /// The relay refused the recipient for good.
    Bounced(String),
    /// It will not be tried again.
    Failed(String),
    /// It is tried again by the job's schedule.
    Later {
        /// What was in the way.
        reason: String,
        /// May the relay have it all the same?
        perhaps_sent: bool,
    },
    /// No mail can go out until an operator acts: the try counts for nothing.
    Stopped(String),
}

impl Ended {
    /// What the relay's answer means; `last` where a failure is the last one.
    pub(crate) fn of(answer: Result<(), SendError>, last: bool) -> Self {
        match answer {
            Ok(()) => Self::Sent,
            Err(SendError::Bounced { reason }) => Self::Bounced(reason),
            Err(SendError::Rejected { reason }) => Self::Failed(reason),
            Err(error @ SendError::Misconfigured { .. }) => Self::Stopped(error.to_string()),
            Err(error) if last => Self::Failed(format!("given up after three days. {error}")),
            Err(SendError::Transient {
                reason,
                perhaps_sent,
            }) => Self::Later {
                reason,
                perhaps_sent,
            },
        }
    }

    /// The mail's state, the fact for the timeline, and the reason.
    fn parts(&self) -> (MailState, &'static str, Option<&str>) {
        match self {
            Self::Sent => (MailState::Sent, "mail.sent", None),
            Self::Bounced(reason) => (MailState::Bounced, "mail.bounced", Some(reason)),
            Self::Failed(reason) => (MailState::Failed, "mail.failed", Some(reason)),
            Self::Stopped(reason) => (MailState::Queued, "mail.waits", Some(reason)),
            Self::Later {
                reason,
                perhaps_sent: false,
            } => (MailState::Queued, "mail.waits", Some(reason)),
            Self::Later {
                reason,
                perhaps_sent: true,
            } => (MailState::Unknown, "mail.waits", Some(reason)),
        }
    }

    fn email_state(&self) -> Option<EmailState> {
        match self {
            Self::Sent => Some(EmailState::Sent),
            Self::Bounced(_) => Some(EmailState::Bounced),
            Self::Failed(_) => Some(EmailState::Failed),
            Self::Later { .. } | Self::Stopped(_) => None,
        }
    }
}

/// Keeps how the try of `mail` ended, in the caller's transaction; ends the job where nothing is left to try.
///
/// # Errors
/// [`storage::Error::Stale`] where the job's claim was lost; else those of the database.
pub(crate) fn end(
    app: &App,
    conn: &mut AnyConnection,
    held: &Held,
    mail: MailId,
    ended: &Ended,
) -> Result<()> {
    write_down(app, conn, held.organization, mail, ended)?;
    if ended.email_state().is_some() {
        held.finish_in(conn)?;
    }
    Ok(())
}

/// Keeps how the sending of `mail` ended, in the caller's transaction.
///
/// # Errors
/// Those of the database.
pub(crate) fn write_down(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    mail: MailId,
    ended: &Ended,
) -> Result<()> {
    match Mailed::find(conn, organization, mail)? {
        Some(mailed) => keep(app, conn, &mailed, mail, ended, ended.email_state()),
        None => Ok(()),
    }
}

fn keep(
    app: &App,
    conn: &mut AnyConnection,
    mailed: &Mailed,
    mail: MailId,
    ended: &Ended,
    settled: Option<EmailState>,
) -> Result<()> {
    let now = app.now();
    let organization = mailed.organization();
    let row = find(conn, organization, mail)?.unwrap_or_else(|| fresh(organization, mail, now));
    let (state, fact, reason) = ended.parts();
    // The same trouble once more is no news.
    if row.detail.as_deref() != reason || settled.is_some() {
        let detail = match reason {
            Some(reason) => json!({ "mail": mail.occasion.to_string(), "reason": reason }),
            None => json!({ "mail": mail.occasion.to_string() }),
        };
        events::insert(conn, &[mailed.note(app, now, mail, fact, detail)])?;
    }
    // A report may have come in before our own note.
    if row.state > MailState::Failed {
        return Ok(());
    }
    let detail = reason.map(str::to_owned);
    mails::keep(
        conn,
        &MailRecord {
            state,
            detail,
            at: now,
            ..row
        },
    )?;
    if mail.attempt != mailed.attempt() {
        return Ok(());
    }
    if let Some(state) = settled {
        mailed.set_email_state(conn, state)?;
    }
    match mailed {
        Mailed::Invite(record)
            if *ended == Ended::Sent && !matches!(mail.occasion, Occasion::Reminder(_)) =>
        {
            plan_reminder(app, conn, record)
        }
        _ => Ok(()),
    }
}

/// One reminder for each deadline: a mail more does not plan a second one.
fn plan_reminder(app: &App, conn: &mut AnyConnection, record: &InviteRecord) -> Result<()> {
    let invite = &record.invite;
    let planned = reminders::find(conn, invite.organization, invite.id)?;
    let same = planned
        .is_some_and(|it| it.attempt == invite.attempt.number && it.deadline == invite.expires_at);
    if !record.mails || same {
        return Ok(());
    }
    Ok(reminders::keep(
        conn,
        &Reminder {
            organization: invite.organization,
            invite: invite.id,
            attempt: invite.attempt.number,
            deadline: invite.expires_at,
            remind_at: remind_at(app.now(), invite.expires_at),
        },
    )?)
}
