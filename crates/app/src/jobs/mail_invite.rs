//! Mails a candidate the link.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{InviteId, OrganizationId, Status};
use jobs::{Handler, Held, Job, Verdict};
use mail::{Invitation, Message, SendError};
use serde::{Deserialize, Serialize};
use storage::invites::{EmailState, InviteRecord};
use storage::jobs::NewJob;
use storage::{AnyConnection, events, invites};

use crate::invites::load;
use crate::links::Links;
use crate::reactions::note;
use crate::worker::Tools;
use crate::{App, Result};

/// How long mail waits for a relay to be set before it looks again.
const NO_RELAY: Duration = Duration::from_secs(60);

/// Why this mail is sent. Each occasion is one message, however often it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Occasion {
    /// The first mail of an attempt.
    Invitation,
    /// One more mail with the same link; they are counted.
    Resend(i32),
}

impl Occasion {
    fn name(self) -> String {
        match self {
            Self::Invitation => "invitation".to_owned(),
            Self::Resend(number) => format!("resend-{number}"),
        }
    }
}

/// One mail for one attempt.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailInvite {
    invite: InviteId,
    attempt: i32,
    occasion: Occasion,
}

impl Job for MailInvite {
    const KIND: &'static str = "mail_invite";
}

impl MailInvite {
    pub(crate) fn job(
        app: &App,
        now: DateTime<Utc>,
        record: &InviteRecord,
        occasion: Occasion,
    ) -> NewJob {
        let invite = &record.invite;
        let job = Self {
            invite: invite.id,
            attempt: invite.attempt.number,
            occasion,
        };
        let key = job.name();
        // An invite's mails go out in the order they were asked for.
        job.queued(app.draw(), invite.organization, key, now)
            .in_order(format!("mail {}", invite.id))
    }

    /// What tells this mail from every other one: the first part of its Message-ID.
    fn name(&self) -> String {
        format!("{}.{}.{}", self.invite, self.attempt, self.occasion.name())
    }
}

impl Handler<Tools> for MailInvite {
    /// SMTP knows no repeats: after a crash between the relay's yes and our commit the same message goes out again, under
    /// the same Message-ID, which large mailboxes show once.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let Some(mailer) = &tools.mailer else {
            return Verdict::wait("no mail relay is set (mail.smtp_url)", NO_RELAY);
        };
        let organization = held.organization;
        let (invite, attempt, name) = (self.invite, self.attempt, self.name());
        let from = mailer.from.clone();
        let written = tools
            .app
            .read(move |app, conn| write(app, conn, organization, invite, attempt, &name, &from))
            .await;
        let message = match written {
            Ok(Some(message)) => message,
            Ok(None) => return self.note(tools, organization, Outcome::NotSent).await,
            Err(error) => return Verdict::retry(error),
        };
        let outcome = match mailer.sender.send(&message).await {
            Ok(_) => Outcome::Sent,
            Err(SendError::Rejected { reason }) => Outcome::Refused(reason),
            Err(error) if held.is_last_attempt() => Outcome::Refused(error.to_string()),
            Err(error) => return Verdict::retry(error),
        };
        self.note(tools, organization, outcome).await
    }
}

#[derive(Debug, Clone)]
enum Outcome {
    Sent,
    NotSent,
    Refused(String),
}

impl MailInvite {
    async fn note(self, tools: &Tools, organization: OrganizationId, outcome: Outcome) -> Verdict {
        let noted = outcome.clone();
        let kept = tools
            .app
            .write(move |app, conn| self.keep(app, conn, organization, &noted))
            .await;
        match (kept, outcome) {
            (Err(error), _) => Verdict::retry(error),
            (Ok(()), Outcome::Refused(reason)) => Verdict::discard(reason),
            (Ok(()), _) => Verdict::Done,
        }
    }

    fn keep(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        organization: OrganizationId,
        outcome: &Outcome,
    ) -> Result<()> {
        let Some(record) = invites::find(conn, organization, self.invite)? else {
            return Ok(());
        };
        let occasion = self.occasion.name();
        let (state, name, detail) = match outcome {
            Outcome::Sent => (
                EmailState::Sent,
                "mail.sent",
                serde_json::json!({ "mail": occasion }),
            ),
            Outcome::NotSent => (
                EmailState::None,
                "mail.not_sent",
                serde_json::json!({ "mail": occasion, "reason": "the invite was no longer open" }),
            ),
            Outcome::Refused(reason) => (
                EmailState::Failed,
                "mail.failed",
                serde_json::json!({ "mail": occasion, "reason": reason }),
            ),
        };
        if self.attempt == record.invite.attempt.number {
            invites::set_email_state(conn, organization, self.invite, state)?;
        }
        let fact = note(app, app.now(), &record, name, detail);
        Ok(events::insert(conn, &[fact])?)
    }
}

/// The message, if the attempt it is for is still open.
fn write(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    attempt: i32,
    name: &str,
    from: &str,
) -> Result<Option<Message>> {
    let Some(record) = invites::find(conn, organization, invite)? else {
        return Ok(None);
    };
    let status = record.invite.status_at(app.now());
    let open = matches!(status, Status::Invited | Status::Started);
    if !open || record.invite.attempt.number != attempt {
        return Ok(None);
    }
    let (organization, assessment) = load(conn, &record)?;
    let link = Links::of(app, &organization)?.candidate_url(&record.invite);
    let organization = organization.organization;
    // Greenhouse's text is unchecked; one that cannot be answered to gives way to the organization's own.
    let sender = record.ats.sent_by.clone().or(organization.reply_to.clone());
    let reply_to = sender
        .filter(|address| mail::is_mailable(address))
        .or(organization.reply_to)
        .filter(|address| mail::is_mailable(address));
    let template = assessment.email_template.unwrap_or(domain::EmailTemplate {
        subject: None,
        body: None,
    });
    let invitation = Invitation {
        organization: organization.name.clone(),
        platform: app.config().platform_name.clone(),
        assessment_title: record.assessment_title.clone(),
        salutation: record.candidate.salutation().to_owned(),
        link,
        deadline: record.invite.expires_at,
        minutes: assessment.time_limit_minutes,
        reply_to: reply_to.clone(),
        subject_template: template.subject,
        body_template: template.body,
    };
    let words = invitation.render().map_err(|_| {
        crate::Error::Internal("a stored mail template was checked when it was written")
    })?;
    let host = app
        .config()
        .public_url
        .host_str()
        .unwrap_or("localhost")
        .to_owned();
    Ok(Some(Message {
        message_id: format!("<{name}@{host}>"),
        from_name: organization.name,
        from_address: from.to_owned(),
        to_address: record.candidate.email.as_str().to_owned(),
        to_name: record.candidate.full_name(),
        reply_to,
        subject: words.subject,
        text: words.text,
        html: words.html,
    }))
}
