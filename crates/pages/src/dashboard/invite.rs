//! One invite, `/invites/{id}`.

use askama::Template;
use domain::{Origin, Writeback};

use super::{Frame, Section};
use crate::badge::{Badge, Mail};
use crate::grading::GradeForm;
use crate::link::WebHref;
use crate::parts::{Copy, TimelineEntry};
use crate::results::ResultView;
use crate::when::{Deadline, When};
use crate::words;

/// `GET /invites/{id}`: where it is, what was sent and seen, what happened and why, and the result with its grading.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/invite.html")]
pub struct InvitePage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The invite's id.
    pub id: String,
    /// The candidate's address.
    pub email: String,
    /// Where it came from: "Greenhouse".
    pub origin: &'static str,
    /// The person's page in the ATS.
    pub ats_href: Option<WebHref>,
    /// 1, 2, …
    pub attempt: i32,
    /// Until when it can be taken; none once it is over.
    pub deadline: Option<Deadline>,
    /// The candidate's link.
    pub link: LinkView,
    /// What became of the mail.
    pub mail: MailView,
    /// What the ATS was told.
    pub writebacks: Vec<WritebackView>,
    /// The result so far.
    pub result: ResultView,
    /// For free-text answers, once submitted.
    pub grading: Option<GradeForm>,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    /// May this person erase the candidate, who is not erased yet?
    pub may_erase: bool,
}

impl InvitePage {
    fn result_href(&self) -> String {
        format!("/results/{}", self.id)
    }
}

/// The candidate's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkView {
    /// To be handed on by hand: Baton does not mail this invite, or the mail did not arrive.
    HandOn(Copy),
    /// Baton mailed it.
    Mailed,
    /// It no longer opens anything.
    Ended,
}

/// What became of the newest mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailView {
    /// Its state.
    pub state: Badge,
    /// What that means and what to do.
    pub text: String,
    /// What the button says that mails the link once more; none where that makes no sense.
    pub resend: Option<&'static str>,
}

/// What is known of the newest mail beyond its state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailNews {
    /// Why it waits, failed or came back, in a mail server's words or ours.
    pub reason: Option<String>,
    /// It is known to have arrived.
    pub delivered: bool,
    /// The candidate called it spam.
    pub complained: bool,
}

impl MailView {
    /// What to say of `mail`; `mail_waits` where no relay is configured, `open` while the link can be used. A wrong address
    /// is corrected where the invite came from.
    pub fn new(mail: Mail, news: &MailNews, mail_waits: bool, open: bool, origin: Origin) -> Self {
        let why = news.reason.as_ref();
        let why = why.map_or_else(String::new, |reason| format!(": {reason}"));
        let text = match mail {
            Mail::NotOurs => "Baton has not mailed this invite. Hand on the link yourself.".into(),
            Mail::Queued if mail_waits => "Waits until mail is configured.".into(),
            Mail::Queued if news.reason.is_some() => format!("Waits{why}."),
            Mail::Queued => "On its way.".into(),
            Mail::Sent if news.complained => {
                "Arrived, and the candidate marked it as spam: no reminder is sent.".into()
            }
            Mail::Sent if news.delivered => "Delivered to the candidate's mailbox.".into(),
            Mail::Sent => "Taken by the mail server.".into(),
            Mail::Bounced => format!("Came back{why}. {}", after_bounce(open, origin)),
            Mail::Failed if open => {
                format!("Could not be sent{why}. Send it again, or hand on the link another way.")
            }
            Mail::Failed => format!("Could not be sent{why}."),
        };
        let resend = match mail {
            _ if !open => None,
            Mail::Queued => None,
            Mail::NotOurs => Some("Send by mail"),
            Mail::Sent | Mail::Bounced | Mail::Failed => Some("Send again"),
        };
        Self {
            state: mail.into(),
            text,
            resend,
        }
    }
}

fn after_bounce(open: bool, origin: Origin) -> &'static str {
    match (open, origin) {
        (false, _) => "The address may be wrong.",
        (true, Origin::Lever) => {
            "If the address is wrong, correct it in Lever and cancel this invite; then put the plain title back as the tag there and \
             move the candidate out of the stage and in again. If it is right, send the mail again or hand on the link another way."
        }
        (true, Origin::Greenhouse) => {
            "If the address is wrong, correct it in Greenhouse and send the test from there once more: that invite takes this one's \
             place. If it is right, send the mail again or hand on the link another way."
        }
        (true, Origin::Api | Origin::Dashboard) => {
            "If the address is wrong, cancel this invite and make a new one. If it is right, send the mail again or hand on the \
             link another way."
        }
    }
}

/// One write-back with its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritebackView {
    /// "Greenhouse", "Tag in Lever".
    pub target: &'static str,
    /// How far it has come.
    pub state: Badge,
    /// When it came there.
    pub when: When,
    /// Why, in words.
    pub detail: Option<String>,
}

impl WritebackView {
    /// `writeback` as it reads at `now`.
    pub fn new(writeback: &Writeback, now: chrono::DateTime<chrono::Utc>) -> Self {
        Self {
            target: words::place(writeback.target),
            state: writeback.state().into(),
            when: When::new(writeback.moved_at(), now),
            detail: writeback.detail.clone(),
        }
    }
}
