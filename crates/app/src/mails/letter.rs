//! One mail with all that it says, before it is put into words.

use std::fmt;

use domain::{CandidateDetails, EmailTemplate, Status};
use mail::{ConsentRequest, Invitation, Message};
use storage::invites::InviteRecord;
use storage::referrals::ReferralRecord;
use storage::{AnyConnection, organizations};

use super::id::{MailId, Occasion};
use super::mailed::Mailed;
use crate::invites::load;
use crate::links::Links;
use crate::{App, Error, Result};

/// What is told to whom.
pub(crate) struct Letter {
    message_id: String,
    organization: String,
    to_address: String,
    to_name: String,
    reply_to: Option<String>,
    contents: Contents,
}

enum Contents {
    Invitation(Invitation),
    Reminder { of: Invitation, started: bool },
    Consent(ConsentRequest),
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
        let words = match &self.contents {
            Contents::Reminder { of, started } => of.remind(*started),
            Contents::Invitation(invitation) => invitation.render(),
            Contents::Consent(request) => request.render(),
        };
        let words = words.map_err(|_| {
            Error::Internal("a stored mail template was checked when it was written")
        })?;
        Ok(Message {
            message_id: self.message_id,
            from_name: self.organization,
            from_address: from_address.to_owned(),
            to_address: self.to_address,
            to_name: self.to_name,
            reply_to: self.reply_to,
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
    mailed: &Mailed,
    mail: MailId,
) -> Result<Letter> {
    match mailed {
        Mailed::Invite(record) => of_invite(app, conn, record, mail),
        Mailed::Referral(record) => of_referral(app, conn, record, mail),
    }
}

fn of_invite(
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
        organization: organization.name.clone(),
        platform: app.config().platform_name.clone(),
        assessment_title: record.assessment_title.clone(),
        salutation: record.candidate.salutation().to_owned(),
        link,
        deadline: record.invite.expires_at,
        minutes: assessment.time_limit_minutes,
        subject_template: template.subject,
        body_template: template.body,
    };
    let reply_to = invitation.reply_to.clone();
    let contents = match mail.occasion {
        Occasion::Reminder(_) => Contents::Reminder {
            of: invitation,
            started: record.invite.status == Status::Started,
        },
        _ => Contents::Invitation(invitation),
    };
    let from = (organization.name, reply_to);
    Ok(addressed(app, mail, from, &record.candidate, contents))
}

fn of_referral(
    app: &App,
    conn: &mut AnyConnection,
    record: &ReferralRecord,
    mail: MailId,
) -> Result<Letter> {
    let organization = organizations::find(conn, record.organization)?
        .ok_or(Error::Internal("a referral's organization is kept"))?;
    let link = Links::of(app, &organization)?.consent_url(record.id);
    let organization = organization.organization;
    let reply_to = organization
        .reply_to
        .filter(|address| mail::is_mailable(address));
    let request = ConsentRequest {
        organization: organization.name.clone(),
        platform: app.config().platform_name.clone(),
        salutation: record.candidate.salutation().to_owned(),
        interviewer: record.interview.interviewer_name.clone(),
        interviewed_on: record.interview.interviewed_on,
        has_linkedin: record.candidate.linkedin_url.is_some(),
        link,
        reply_to: reply_to.clone(),
    };
    let from = (organization.name, reply_to);
    let contents = Contents::Consent(request);
    Ok(addressed(app, mail, from, &record.candidate, contents))
}

fn addressed(
    app: &App,
    mail: MailId,
    (organization, reply_to): (String, Option<String>),
    to: &CandidateDetails,
    contents: Contents,
) -> Letter {
    let host = app.config().public_url.host_str().unwrap_or("localhost");
    Letter {
        message_id: format!("<{mail}@{host}>"),
        organization,
        to_address: to.email.as_str().to_owned(),
        to_name: to.full_name(),
        reply_to,
        contents,
    }
}

/// Greenhouse's text is unchecked; one that cannot be answered to gives way to the organization's own.
fn reply_to(record: &InviteRecord, of_organization: Option<String>) -> Option<String> {
    let sender = record.ats.sent_by.clone();
    [sender, of_organization]
        .into_iter()
        .flatten()
        .find(|address| mail::is_mailable(address))
}
