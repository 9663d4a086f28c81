//! One invite, `/invites/{id}`.

use askama::Template;
use domain::{Target, Writeback};

use super::{Frame, Section};
use crate::badge::{Badge, Mail};
use crate::grading::GradeForm;
use crate::link::WebHref;
use crate::parts::{Copy, TimelineEntry};
use crate::results::ResultView;
use crate::when::{Deadline, When};

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

/// What became of the invitation's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailView {
    /// Its state.
    pub state: Badge,
    /// What that means and what to do.
    pub text: &'static str,
}

impl MailView {
    /// What to say of `mail`; `mail_waits` where no relay is configured.
    pub fn new(mail: Mail, mail_waits: bool) -> Self {
        let text = match (mail, mail_waits) {
            (Mail::NotOurs, _) => {
                "This assessment does not mail its candidates. Hand on the link yourself."
            }
            (Mail::Queued, true) => "Waits until mail is configured.",
            (Mail::Queued, false) => "On its way.",
            (Mail::Sent, _) => "Taken by the mail server.",
            (Mail::Bounced, _) => {
                "Came back: the address may be wrong. Hand on the link another way."
            }
            (Mail::Failed, _) => "Could not be sent. Hand on the link another way.",
        };
        Self {
            state: mail.into(),
            text,
        }
    }
}

/// One write-back with its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritebackView {
    /// "Greenhouse".
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
        let target = match writeback.target {
            Target::GreenhouseStatus => "Greenhouse",
        };
        Self {
            target,
            state: writeback.state().into(),
            when: When::new(writeback.moved_at(), now),
            detail: writeback.detail.clone(),
        }
    }
}
