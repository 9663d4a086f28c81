//! Reminders before a deadline, as the clock brings them about.

use domain::{InviteId, OrganizationId, Status};
use storage::invites::{self, EmailState, InviteRecord};
use storage::mails::{self, MailState};
use storage::reminders::{self, Reminder};
use storage::{AnyConnection, jobs};

use super::id::{MailId, Occasion};
use crate::jobs::MailInvite;
use crate::{App, Result};

/// How many reminders one look sends on their way.
const MOST: i64 = 200;

/// Queues the reminders that are due; answers how many were looked at. Several workers may do it at once.
///
/// # Errors
/// Those of the database.
pub async fn remind(app: &App) -> Result<usize> {
    let due = app
        .read(|app, conn| Ok(reminders::due(conn, app.now(), MOST)?))
        .await?;
    let many = due.len();
    for (organization, invite) in due {
        app.write(move |app, conn| remind_of(app, conn, organization, invite))
            .await?;
    }
    Ok(many)
}

/// Ends the reminder, so that it is looked at once, and queues its mail where it is still wanted.
fn remind_of(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    let planned = reminders::find(conn, organization, invite)?;
    let record = invites::find(conn, organization, invite)?;
    let ended = reminders::end(conn, organization, invite)?;
    let (Some(planned), Some(record), true) = (planned, record, ended) else {
        return Ok(());
    };
    let earlier = mails::of_attempt(conn, organization, invite, planned.attempt)?;
    let unloved = earlier
        .iter()
        .any(|mail| mail.state == MailState::Complained);
    if unloved || !is_wanted(app, &planned, &record) {
        return Ok(());
    }
    let before = earlier
        .iter()
        .filter(|mail| mail.occasion.starts_with("reminder"));
    let number = i32::try_from(before.count()).unwrap_or(i32::MAX - 1) + 1;
    let mail = MailId::of(&record.invite, Occasion::Reminder(number));
    let now = app.now();
    let job = MailInvite::job(app, now, organization, mail);
    Ok(jobs::enqueue(conn, &[job], now)?)
}

/// Not for another deadline than the present one, not where a time limit ends the sitting, and not where no mail has arrived.
fn is_wanted(app: &App, planned: &Reminder, record: &InviteRecord) -> bool {
    let invite = &record.invite;
    let open = matches!(
        invite.status_at(app.now()),
        Status::Invited | Status::Started
    );
    let same = planned.attempt == invite.attempt.number && planned.deadline == invite.expires_at;
    open && same
        && record.mails
        && invite.attempt.ends_at.is_none()
        && record.email_state == EmailState::Sent
}
