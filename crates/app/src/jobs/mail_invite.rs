//! Mails a candidate the link.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::OrganizationId;
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::invites::{self, EmailState};
use storage::jobs::NewJob;
use storage::{AnyConnection, referrals};

use crate::jobs::why_given_up;
use crate::mails::{Begun, Ended, MailId, begin, end, write_down};
use crate::worker::Tools;
use crate::{App, Error, Result};

/// How long mail waits for a relay to be set before it looks again.
const NO_RELAY: Duration = Duration::from_secs(60);
/// How long mail waits for settings to be mended before it tries again.
const MISCONFIGURED: Duration = Duration::from_secs(5 * 60);
/// How long, and how often, it tries to keep what the relay said: once forgotten, the mail would go again.
const KEEP_FOR: Duration = Duration::from_secs(20);
const KEEP_PAUSE: Duration = Duration::from_millis(500);

/// One mail for one attempt.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MailInvite(MailId);

impl Job for MailInvite {
    const KIND: &'static str = "mail_invite";
}

impl MailInvite {
    /// The job that sends `mail`, not before `run_at`.
    pub(crate) fn job(
        app: &App,
        run_at: DateTime<Utc>,
        organization: OrganizationId,
        mail: MailId,
    ) -> NewJob {
        // An invite's mails go out in the order they were asked for.
        Self(mail)
            .queued(app.draw(), organization, mail.to_string(), run_at)
            .in_order(format!("mail {}", mail.invite))
    }
}

impl Handler<Tools> for MailInvite {
    /// SMTP knows no repeats: after a crash between the relay's yes and our commit the same message goes out again, under
    /// the same Message-ID, which large mailboxes show once, and the timeline says why.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let Some(mailer) = &tools.mailer else {
            return Verdict::wait("no mail relay is set (mail.smtp_url)", NO_RELAY);
        };
        let mail = self.0;
        let claim = held.clone();
        let begun = tools
            .app
            .write(move |app, conn| begin(app, conn, &claim, mail))
            .await;
        let letter = match begun {
            Ok(Begun::Sending(letter)) => letter,
            Ok(Begun::Over) => return Verdict::Finished,
            Ok(Begun::Early(wait)) => {
                return Verdict::wait("another worker may be sending it", wait);
            }
            Err(error) => return Verdict::retry(error),
        };
        let message = match letter.message(&mailer.from) {
            Ok(message) => message,
            Err(error) => return Verdict::retry(error),
        };
        if !held.may_still_act() {
            return Held::lost();
        }
        let answer = mailer.sender.send(&message).await.map(drop);
        let ended = Ended::of(answer, held.is_last_attempt());
        match keep(&tools.app, held, mail, &ended).await {
            Ok(()) => verdict(ended),
            Err(error) => Verdict::retry(error),
        }
    }

    /// The mail has failed for good, for all to see.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let ended = Ended::Failed(why_given_up(reason));
        write_down(&tools.app, conn, held.organization, self.0, &ended).map_err(Error::into_storage)
    }
}

/// Keeps how it ended, also where the database is away for a moment.
async fn keep(app: &App, held: &Held, mail: MailId, ended: &Ended) -> Result<()> {
    let begun = tokio::time::Instant::now();
    loop {
        let (claim, ended) = (held.clone(), ended.clone());
        let kept = app
            .write(move |app, conn| end(app, conn, &claim, mail, &ended))
            .await;
        match kept {
            Err(Error::Storage(storage::Error::Busy | storage::Error::Unavailable(_)))
                if begun.elapsed() < KEEP_FOR =>
            {
                tokio::time::sleep(KEEP_PAUSE).await;
            }
            other => return other,
        }
    }
}

fn verdict(ended: Ended) -> Verdict {
    match ended {
        Ended::Sent | Ended::Bounced(_) | Ended::Failed(_) => Verdict::Finished,
        Ended::Later { reason, .. } => Verdict::retry(reason),
        Ended::Stopped(reason) => Verdict::wait(reason, MISCONFIGURED),
    }
}

/// Says of a mail that was given up that it is to be sent after all.
pub(crate) fn mail_again(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: &MailInvite,
) -> storage::Result<()> {
    let mail = job.0;
    if let Some(referral) = mail.referral() {
        let found = referrals::find(conn, organization, referral)?;
        return match found.map(|record| record.email_state) {
            Some(EmailState::Failed) => {
                referrals::set_email_state(conn, organization, referral, EmailState::Queued)
            }
            _ => Ok(()),
        };
    }
    let Some(record) = invites::find(conn, organization, mail.invite)? else {
        return Ok(());
    };
    let failed = record.email_state == EmailState::Failed;
    if failed && mail.attempt == record.invite.attempt.number {
        invites::set_email_state(conn, organization, mail.invite, EmailState::Queued)?;
    }
    Ok(())
}
