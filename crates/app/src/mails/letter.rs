//! One mail with all that it says, before it is put into words.

use std::fmt;

use domain::{EmailTemplate, Status};
use mail::{Invitation, Message};
use storage::AnyConnection;
use storage::invites::InviteRecord;

use super::id::{MailId, Occasion};
use crate::invites::load;
use crate::links::Links;
use crate::{App, Error, Result};

/// What is told to whom.
pub(crate) struct Letter {
    message_id: String,
    occasion: Occasion,
    started: bool,
    to_address: String,
    to_name: String,
    invitation: Invitation,
}

// Everything else in it is personal, or a link that opens an assessment.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.message_id)
    }
}

impl Letter {
    /// The message, in words, from the vendor's address.
    ///
    /// # Errors
    /// [`Error::Internal`] for a stored template that was not checked when it was written.
    pub(crate) fn message(self, from_address: &str) -> Result<Message> {
        let words = match self.occasion {
            Occasion::Reminder(_) => self.invitation.remind(self.started),
            Occasion::Invitation | Occasion::Resend(_) => self.invitation.render(),
        };
        let words = words.map_err(|_| {
            Error::Internal("a stored mail template was checked when it was written")
        })?;
        Ok(Message {
            message_id: self.message_id,
            from_name: self.invitation.organization,
            from_address: from_address.to_owned(),
            to_address: self.to_address,
            to_name: self.to_name,
            reply_to: self.invitation.reply_to,
            subject: words.subject,
            text: words.text,
            html: words.html,
        })
    }
}

/// Gathers what `mail` says.
pub(super) fn letter(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    mail: MailId,
) -> Result<Letter> {
    let (organization, assessment) = load(conn, record)?;
    let link = Links::of(app, &organization)?.candidate_url(&record.invite);
    let organization = organization.organization;
    let template = assessment.email_template.unwrap_or(EmailTemplate {
        subject: None,
        body: None,
    });
    let invitation = Invitation {
        reply_to: reply_to(record, organization.reply_to),
        organization: organization.name,
        platform: app.config().platform_name.clone(),
        assessment_title: record.assessment_title.clone(),
        salutation: record.candidate.salutation().to_owned(),
        link,
        deadline: record.invite.expires_at,
        minutes: assessment.time_limit_minutes,
        subject_template: template.subject,
        body_template: template.body,
    };
    let host = app.config().public_url.host_str().unwrap_or("localhost");
    Ok(Letter {
        message_id: format!("<{mail}@{host}>"),
        occasion: mail.occasion,
        started: record.invite.status == Status::Started,
        to_address: record.candidate.email.as_str().to_owned(),
        to_name: record.candidate.full_name(),
        invitation,
    })
}

/// Greenhouse's text is unchecked; one that cannot be answered to gives way to the organization's own.
fn reply_to(record: &InviteRecord, of_organization: Option<String>) -> Option<String> {
    let sender = record.ats.sent_by.clone();
    [sender, of_organization]
        .into_iter()
        .flatten()
        .find(|address| mail::is_mailable(address))
}
