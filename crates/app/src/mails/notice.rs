//! What mail servers say of a mail afterwards.

use mail::reports::{Notice, NoticeKind};
use serde_json::json;
use storage::invites::EmailState;
use storage::mails::{self, MailRecord, MailState};
use storage::{AnyConnection, events};

use super::begin::{find, fresh};
use super::id::MailId;
use super::mailed::Mailed;
use crate::{App, Result};

/// Takes in what is said about one mail; answers whether that is news about a mail of ours. The same again is none, and nothing
/// that was heard before is undone by something weaker: a mail that came back stays so, whatever is said to have arrived.
///
/// # Errors
/// Those of the database.
pub fn hear(app: &App, conn: &mut AnyConnection, notice: &Notice) -> Result<bool> {
    let Some(mail) = MailId::parse(&notice.message_id) else {
        return Ok(false);
    };
    let Some(mailed) = Mailed::find_for_judging(conn, mail)? else {
        return Ok(false);
    };
    let Some(row) = row_of(app, conn, &mailed, mail)? else {
        return Ok(false);
    };
    let (state, fact) = meaning(notice.kind);
    if row.state >= state {
        return Ok(false);
    }
    let now = app.now();
    let detail = notice.detail.clone();
    let told = json!({ "mail": mail.occasion.to_string(), "reason": detail });
    events::insert(conn, &[mailed.note(app, now, mail, fact, told)])?;
    mails::keep(
        conn,
        &MailRecord {
            state,
            detail,
            at: now,
            ..row
        },
    )?;
    if mail.attempt == mailed.attempt() {
        follow(conn, &mailed, notice.kind)?;
    }
    Ok(true)
}

fn meaning(kind: NoticeKind) -> (MailState, &'static str) {
    match kind {
        NoticeKind::Delayed => (MailState::Delayed, "mail.delayed"),
        NoticeKind::Delivered => (MailState::Delivered, "mail.delivered"),
        NoticeKind::Complained => (MailState::Complained, "mail.complained"),
        NoticeKind::Bounced => (MailState::Bounced, "mail.bounced"),
    }
}

/// The row of a mail that was sent; one is made up for mails that went out before there were rows.
fn row_of(
    app: &App,
    conn: &mut AnyConnection,
    mailed: &Mailed,
    mail: MailId,
) -> Result<Option<MailRecord>> {
    let organization = mailed.organization();
    let known = find(conn, organization, mail)?;
    let possible = mailed.may_have_sent(mail);
    Ok(known.or_else(|| possible.then(|| fresh(organization, mail, app.now()))))
}

/// What the news about a mail of the present attempt changes.
fn follow(conn: &mut AnyConnection, mailed: &Mailed, kind: NoticeKind) -> Result<()> {
    if matches!(kind, NoticeKind::Bounced | NoticeKind::Complained) {
        mailed.end_reminders(conn)?;
    }
    let state = match (kind, mailed.email_state()) {
        (NoticeKind::Bounced, _) => EmailState::Bounced,
        // Our own note of it was lost, or has yet to be written.
        (_, EmailState::Queued | EmailState::Failed) => EmailState::Sent,
        _ => return Ok(()),
    };
    mailed.set_email_state(conn, state)
}
