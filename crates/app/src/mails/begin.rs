//! A mail's sending begins: whether it is still wanted, whether the day has room for it, and then `sending`, committed before
//! the relay hears of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::OrganizationId;
use jobs::Held;
use storage::invites::EmailState;
use storage::mails::{self, MailRecord, MailState};
use storage::{AnyConnection, events};

use super::id::MailId;
use super::letter::{Letter, letter};
use super::limit;
use super::mailed::Mailed;
use crate::{App, Result};

/// The longest that a call to the relay takes. A worker that was taken for dead may still be at it for so long.
const LONGEST_CALL: Duration = Duration::from_secs(15);

/// What a job finds when it begins.
#[derive(Debug)]
pub(crate) enum Begun {
    /// Committed as `sending`: hand this to the relay.
    Sending(Box<Letter>),
    /// Nothing to send (any more); the job has ended.
    Over,
    /// Another worker may be handing it over at this moment: again after so long.
    Early(Duration),
}

/// Begins to send `mail`, in the caller's transaction.
///
/// # Errors
/// [`storage::Error::Stale`] where the job's claim was lost; else those of the database.
pub(crate) fn begin(
    app: &App,
    conn: &mut AnyConnection,
    held: &Held,
    mail: MailId,
) -> Result<Begun> {
    let now = app.now();
    let organization = held.organization;
    let Some(mailed) = Mailed::find(conn, organization, mail)? else {
        return over(conn, held);
    };
    let before = find(conn, organization, mail)?;
    match &before {
        // A held one has no job: this one is left over.
        Some(row) if row.state.is_over() || row.state == MailState::Held => {
            return over(conn, held);
        }
        Some(row) if row.state == MailState::Sending => {
            if let Some(wait) = still_under_way(row, now) {
                return Ok(Begun::Early(wait));
            }
        }
        _ => {}
    }
    if let Some(reason) = mailed.unwanted(mail, now) {
        not_sent(app, conn, &mailed, mail, before, reason)?;
        return over(conn, held);
    }
    // Counted once, however often it is tried.
    if before.is_none() && !limit::has_room(app, conn, organization)? {
        limit::hold(app, conn, &mailed, mail)?;
        return over(conn, held);
    }
    if let Some(cause) = before.as_ref().and_then(cause_of_repeat) {
        let detail = serde_json::json!({ "mail": mail.occasion.to_string(), "reason": cause });
        let fact = mailed.note(app, now, mail, "mail.repeated", detail);
        events::insert(conn, &[fact])?;
    }
    let row = MailRecord {
        state: MailState::Sending,
        tries: before.as_ref().map_or(0, |row| row.tries) + 1,
        at: now,
        ..before.unwrap_or_else(|| fresh(organization, mail, now))
    };
    mails::keep(conn, &row)?;
    Ok(Begun::Sending(Box::new(letter(app, conn, &mailed, mail)?)))
}

/// The row of `mail`, if it has one.
pub(super) fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    mail: MailId,
) -> Result<Option<MailRecord>> {
    let occasion = mail.occasion.to_string();
    Ok(mails::find(
        conn,
        organization,
        mail.invite,
        mail.attempt,
        &occasion,
    )?)
}

/// A row for a mail that has none.
pub(super) fn fresh(organization: OrganizationId, mail: MailId, now: DateTime<Utc>) -> MailRecord {
    MailRecord {
        organization,
        invite: mail.invite,
        attempt: mail.attempt,
        occasion: mail.occasion.to_string(),
        state: MailState::Queued,
        tries: 0,
        at: now,
        detail: None,
    }
}

fn over(conn: &mut AnyConnection, held: &Held) -> Result<Begun> {
    held.finish_in(conn)?;
    Ok(Begun::Over)
}

fn still_under_way(row: &MailRecord, now: DateTime<Utc>) -> Option<Duration> {
    // A clock that went back makes it no longer than a whole call.
    let elapsed = (now - row.at).to_std().unwrap_or_default();
    LONGEST_CALL
        .checked_sub(elapsed)
        .filter(|left| !left.is_zero())
}

/// SMTP knows no repeats: where nobody can tell whether the mail went out, the same message goes again, and says why.
fn cause_of_repeat(row: &MailRecord) -> Option<&'static str> {
    match row.state {
        MailState::Sending => Some("a worker ended before it could note what the mail server said"),
        MailState::Unknown => Some("the connection to the mail server broke before its answer"),
        _ => None,
    }
}

fn not_sent(
    app: &App,
    conn: &mut AnyConnection,
    mailed: &Mailed,
    mail: MailId,
    before: Option<MailRecord>,
    reason: &str,
) -> Result<()> {
    let now = app.now();
    if let Some(row) = before {
        let detail = Some(reason.to_owned());
        let state = MailState::Failed;
        mails::keep(
            conn,
            &MailRecord {
                state,
                detail,
                at: now,
                ..row
            },
        )?;
    }
    if mail.attempt == mailed.attempt() && mailed.email_state() == EmailState::Queued {
        let state = earlier_state(conn, mailed, mail)?;
        mailed.set_email_state(conn, state)?;
    }
    let detail = serde_json::json!({ "mail": mail.occasion.to_string(), "reason": reason });
    let fact = mailed.note(app, now, mail, "mail.not_sent", detail);
    Ok(events::insert(conn, &[fact])?)
}

/// What had become of the attempt's other mails.
fn earlier_state(conn: &mut AnyConnection, mailed: &Mailed, mail: MailId) -> Result<EmailState> {
    let rows = mails::of_attempt(conn, mailed.organization(), mail.invite, mail.attempt)?;
    let occasion = mail.occasion.to_string();
    let last = rows
        .iter()
        .find(|row| row.occasion != occasion && row.state >= MailState::Sent);
    Ok(match last.map(|row| row.state) {
        None => EmailState::None,
        Some(MailState::Bounced) => EmailState::Bounced,
        Some(MailState::Failed) => EmailState::Failed,
        Some(_) => EmailState::Sent,
    })
}
