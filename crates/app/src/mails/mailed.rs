//! What a mail is about: an invite, or an interview that waits for the candidate's answer. A referral's mails and facts are kept
//! as those of an invite are, under the referral's own id.

use chrono::{DateTime, Utc};
use domain::{OrganizationId, Status};
use serde_json::Value;
use storage::events::EventRecord;
use storage::invites::{self, EmailState, InviteRecord};
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, reminders};

use super::id::{MailId, Occasion};
use crate::reactions::note_about;
use crate::{App, Result};

/// One of them, as it is stored.
pub(super) enum Mailed {
    Invite(Box<InviteRecord>),
    Referral(Box<ReferralRecord>),
}

impl Mailed {
    /// What `mail` is about, of one organization.
    pub(super) fn find(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        mail: MailId,
    ) -> Result<Option<Self>> {
        Ok(match mail.referral() {
            Some(referral) => {
                referrals::find(conn, organization, referral)?.map(|it| Self::Referral(it.into()))
            }
            None => {
                invites::find(conn, organization, mail.invite)?.map(|it| Self::Invite(it.into()))
            }
        })
    }

    /// What `mail` is about, whoever's it is.
    pub(super) fn find_for_judging(conn: &mut AnyConnection, mail: MailId) -> Result<Option<Self>> {
        Ok(match mail.referral() {
            Some(referral) => {
                referrals::find_for_judging(conn, referral)?.map(|it| Self::Referral(it.into()))
            }
            None => invites::find_for_judging(conn, mail.invite)?.map(|it| Self::Invite(it.into())),
        })
    }

    /// Whose it is.
    pub(super) fn organization(&self) -> OrganizationId {
        match self {
            Self::Invite(record) => record.invite.organization,
            Self::Referral(record) => record.organization,
        }
    }

    /// What became of its mails so far.
    pub(super) fn email_state(&self) -> EmailState {
        match self {
            Self::Invite(record) => record.email_state,
            Self::Referral(record) => record.email_state,
        }
    }

    /// The present attempt's number: a mail of an earlier one says nothing about now.
    pub(super) fn attempt(&self) -> i32 {
        match self {
            Self::Invite(record) => record.invite.attempt.number,
            Self::Referral(_) => 1,
        }
    }

    /// One fact for its timeline.
    pub(super) fn note(
        &self,
        app: &App,
        now: DateTime<Utc>,
        mail: MailId,
        name: &str,
        detail: Value,
    ) -> EventRecord {
        note_about(app, now, (self.organization(), mail.invite), name, detail)
    }

    /// Why `mail` is not to be sent (any more), where that is so.
    pub(super) fn unwanted(&self, mail: MailId, now: DateTime<Utc>) -> Option<&'static str> {
        match self {
            Self::Invite(record) => unwanted(record, mail, now),
            Self::Referral(record) if record.candidate.is_erased() => {
                Some("the candidate was erased")
            }
            Self::Referral(record) if record.referral.interested.is_some() => {
                Some("the candidate had answered already")
            }
            Self::Referral(_) => None,
        }
    }

    /// Notes what became of its mail.
    pub(super) fn set_email_state(
        &self,
        conn: &mut AnyConnection,
        state: EmailState,
    ) -> Result<()> {
        match self {
            Self::Invite(record) => {
                let invite = &record.invite;
                invites::set_email_state(conn, invite.organization, invite.id, state)?;
            }
            Self::Referral(record) => {
                referrals::set_email_state(conn, record.organization, record.id, state)?;
            }
        }
        Ok(())
    }

    /// No reminder is to follow.
    pub(super) fn end_reminders(&self, conn: &mut AnyConnection) -> Result<()> {
        if let Self::Invite(record) = self {
            reminders::end(conn, record.invite.organization, record.invite.id)?;
        }
        Ok(())
    }

    /// Could `mail` have been sent, where there is no row of it?
    pub(super) fn may_have_sent(&self, mail: MailId) -> bool {
        match (self, mail.occasion) {
            (Self::Referral(_), occasion) => occasion == Occasion::Consent,
            (Self::Invite(record), Occasion::Resend(number)) => {
                mail.attempt <= self.attempt() && number <= record.invite.resends
            }
            (Self::Invite(_), Occasion::Invitation) => mail.attempt <= self.attempt(),
            (Self::Invite(_), Occasion::Reminder(_) | Occasion::Consent) => false,
        }
    }
}

fn unwanted(record: &InviteRecord, mail: MailId, now: DateTime<Utc>) -> Option<&'static str> {
    let status = record.invite.status_at(now);
    let open = matches!(status, Status::Invited | Status::Started);
    if !open || record.candidate.is_erased() || record.invite.attempt.number != mail.attempt {
        return Some("the invite was no longer open");
    }
    let came_back = record.email_state == EmailState::Bounced;
    (came_back && matches!(mail.occasion, Occasion::Reminder(_)))
        .then_some("an earlier mail came back")
}
