//! A state as people see it: a word, a shape and a colour, in that order.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, Utc};
use domain::{
    AssessmentStatus, ConnectionState, Outcome, Recommendation, ReferralState, Status,
    WritebackState,
};

use crate::words;

/// How a state feels; picks the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do, nothing to celebrate.
    Quiet,
    /// Under way.
    Active,
    /// As it should be.
    Good,
    /// Somebody should look before long.
    Warn,
    /// Somebody has to act, or something ended badly.
    Bad,
}

impl Tone {
    /// The style sheet's class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "tone-quiet",
            Self::Active => "tone-active",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}

/// What tells states apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Not begun.
    Ring,
    /// Under way.
    Half,
    /// Done on one side.
    Dot,
    /// Done.
    Check,
    /// Waiting or run out.
    Clock,
    /// Ended.
    Cross,
    /// Needs a person.
    Triangle,
    /// A person advises.
    Dash,
}

/// One state. Renders as a `<span>`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/badge.html")]
pub struct Badge {
    /// The state's name.
    pub word: String,
    /// Its shape.
    pub shape: Shape,
    /// Its colour.
    pub tone: Tone,
}

impl HtmlSafe for Badge {}

impl Badge {
    /// A badge from its three parts.
    pub fn new(word: impl Into<String>, shape: Shape, tone: Tone) -> Self {
        Self {
            word: word.into(),
            shape,
            tone,
        }
    }
}

impl From<Status> for Badge {
    fn from(status: Status) -> Self {
        match status {
            Status::Invited => Self::new("Invited", Shape::Ring, Tone::Quiet),
            Status::Started => Self::new("Started", Shape::Half, Tone::Active),
            Status::Submitted => Self::new("Submitted", Shape::Dot, Tone::Warn),
            Status::Completed => Self::new("Completed", Shape::Check, Tone::Good),
            Status::Expired => Self::new("Expired", Shape::Clock, Tone::Bad),
            Status::Cancelled => Self::new("Cancelled", Shape::Cross, Tone::Quiet),
        }
    }
}

impl From<ReferralState> for Badge {
    fn from(state: ReferralState) -> Self {
        match state {
            ReferralState::AwaitingCandidate => {
                Self::new("Awaiting candidate", Shape::Clock, Tone::Active)
            }
            ReferralState::Declined => Self::new("Declined", Shape::Cross, Tone::Quiet),
            ReferralState::NotAdvanced => Self::new("Not advanced", Shape::Dash, Tone::Quiet),
            ReferralState::Sending => Self::new("Sending", Shape::Half, Tone::Active),
            ReferralState::InGreenhouse => Self::new("In Greenhouse", Shape::Check, Tone::Good),
            ReferralState::Blocked => Self::new("Blocked", Shape::Triangle, Tone::Bad),
        }
    }
}

impl From<WritebackState> for Badge {
    fn from(state: WritebackState) -> Self {
        match state {
            WritebackState::Pending => Self::new("Pending", Shape::Ring, Tone::Quiet),
            WritebackState::Retrying => Self::new("Retrying", Shape::Clock, Tone::Warn),
            WritebackState::Sent => Self::new("Sent", Shape::Dot, Tone::Active),
            WritebackState::Seen => Self::new("Seen", Shape::Check, Tone::Good),
            WritebackState::Blocked => Self::new("Blocked", Shape::Triangle, Tone::Bad),
            WritebackState::Failed => Self::new("Failed", Shape::Cross, Tone::Bad),
        }
    }
}

impl From<AssessmentStatus> for Badge {
    fn from(status: AssessmentStatus) -> Self {
        match status {
            AssessmentStatus::Draft => Self::new("Draft", Shape::Ring, Tone::Quiet),
            AssessmentStatus::Published => Self::new("Published", Shape::Check, Tone::Good),
            AssessmentStatus::Archived => Self::new("Archived", Shape::Cross, Tone::Quiet),
        }
    }
}

impl From<Recommendation> for Badge {
    fn from(advice: Recommendation) -> Self {
        let (shape, tone) = match advice {
            Recommendation::StrongYes | Recommendation::Yes => (Shape::Check, Tone::Good),
            Recommendation::No | Recommendation::StrongNo => (Shape::Cross, Tone::Bad),
        };
        Self::new(advice.words(), shape, tone)
    }
}

impl From<Outcome> for Badge {
    fn from(outcome: Outcome) -> Self {
        let (shape, tone) = match outcome {
            Outcome::Passed | Outcome::Clear => (Shape::Check, Tone::Good),
            Outcome::Failed => (Shape::Cross, Tone::Bad),
            Outcome::Inconclusive => (Shape::Dash, Tone::Quiet),
            Outcome::Consider => (Shape::Triangle, Tone::Warn),
        };
        Self::new(outcome.words(), shape, tone)
    }
}

/// How a connection is, at `now`; one that is expiring says when.
pub fn connection(
    state: ConnectionState,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Badge {
    let new = Badge::new;
    match state {
        ConnectionState::NotConfigured => new("Not connected", Shape::Ring, Tone::Quiet),
        ConnectionState::Requested => new("Requested", Shape::Clock, Tone::Active),
        ConnectionState::Waiting => new("Waiting for its first call", Shape::Clock, Tone::Warn),
        ConnectionState::Connected => new("Connected", Shape::Check, Tone::Good),
        ConnectionState::Expiring => {
            let word = expires_at.map_or_else(
                || "Expiring".to_owned(),
                |end| format!("Expiring in {}", words::span(end - now)),
            );
            Badge::new(word, Shape::Clock, Tone::Warn)
        }
        ConnectionState::NeedsAttention => new("Needs attention", Shape::Triangle, Tone::Bad),
        ConnectionState::Disconnected => new("Disconnected", Shape::Cross, Tone::Quiet),
    }
}

/// What became of the invitation's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mail {
    /// Baton does not mail this invite.
    NotOurs,
    /// In the outbox.
    Queued,
    /// Taken by the relay.
    Sent,
    /// Came back.
    Bounced,
    /// Given up.
    Failed,
}

impl From<Mail> for Badge {
    fn from(mail: Mail) -> Self {
        match mail {
            Mail::NotOurs => Self::new("Not mailed by us", Shape::Dash, Tone::Quiet),
            Mail::Queued => Self::new("Queued", Shape::Clock, Tone::Quiet),
            Mail::Sent => Self::new("Sent", Shape::Check, Tone::Good),
            Mail::Bounced => Self::new("Bounced", Shape::Triangle, Tone::Bad),
            Mail::Failed => Self::new("Failed", Shape::Cross, Tone::Bad),
        }
    }
}
