//! The life of an invite: a pure function from a state, a command and the time to what happens.
//!
//! ```text
//!            start            submit             result (final)
//! invited ──────────▶ started ──────────▶ submitted ──────────▶ completed
//!    │ ▲ ▲               │ │                  │                    ▲
//!    │ │ └──── reset ────┴─┼──────────────────┘                    │
//!    │ └ extend, reset ┐   └───────────── result (final) ──────────┘
//!    ├── clock ────▶ expired ◀── clock (no time limit) ── started
//!    └── cancel, refuse ──▶ cancelled ──── reset ────▶ invited
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{AssessmentId, CandidateId, InviteId, OrganizationId, ResultBody, Revision};

/// Where an invite is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Status {
    Invited,
    Started,
    Submitted,
    Completed,
    Expired,
    Cancelled,
}

impl Status {
    /// All of them, in the order of life.
    pub const ALL: [Self; 6] = [
        Self::Invited,
        Self::Started,
        Self::Submitted,
        Self::Completed,
        Self::Expired,
        Self::Cancelled,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Started => "started",
            Self::Submitted => "submitted",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Where an invite came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Origin {
    Greenhouse,
    Lever,
    Api,
    Dashboard,
}

impl Origin {
    const ALL: [Self; 4] = [Self::Greenhouse, Self::Lever, Self::Api, Self::Dashboard];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Greenhouse => "greenhouse",
            Self::Lever => "lever",
            Self::Api => "api",
            Self::Dashboard => "dashboard",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}

/// One sitting. A reset opens the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// 1, 2, …
    pub number: i32,
    /// When the candidate pressed Start.
    pub started_at: Option<DateTime<Utc>>,
    /// When its time limit runs out.
    pub ends_at: Option<DateTime<Utc>>,
}

/// One ask that one candidate takes one assessment.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Invite {
    pub id: InviteId,
    pub organization: OrganizationId,
    pub assessment: AssessmentId,
    pub assessment_version: i32,
    pub candidate: CandidateId,
    pub origin: Origin,
    pub status: Status,
    pub attempt: Attempt,
    /// How many more mails were asked for; names each mail's Message-ID.
    pub resends: i32,
    /// The newest revision of its result.
    pub result: Option<Revision>,
    pub created_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

/// What is asked of an invite.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The candidate (or the vendor for him) begins.
    Start {
        /// How long the sitting may last.
        time_limit: Option<TimeDelta>,
    },
    /// The sitting is over.
    Submit {
        /// The result, where the questionnaire scores itself.
        result: Option<ResultBody>,
    },
    /// A result, or a revision of one.
    Report(ResultBody),
    /// No longer wanted.
    Cancel,
    /// Once more from the beginning.
    Reset {
        /// How long the new link stays open.
        valid_for: TimeDelta,
    },
    /// The same link in one more mail.
    Resend,
    /// More time.
    Extend {
        /// The new end.
        expires_at: DateTime<Utc>,
    },
    /// The vendor won't do it.
    Refuse {
        /// Why, in words.
        reason: String,
    },
    /// Another ask under the same Greenhouse URL takes its place.
    Replace,
    /// Time has passed.
    Tick {
        /// The result, where the questionnaire scores itself.
        result: Option<ResultBody>,
    },
}

impl Command {
    fn verb(&self) -> &'static str {
        match self {
            Self::Start { .. } => "started",
            Self::Submit { .. } => "submitted",
            Self::Report(_) => "given a result",
            Self::Cancel => "cancelled",
            Self::Reset { .. } => "reset",
            Self::Resend => "sent again",
            Self::Extend { .. } => "extended",
            Self::Refuse { .. } => "refused",
            Self::Replace => "replaced",
            Self::Tick { .. } => "expired",
        }
    }
}

/// What happened, for the timeline, the vendor and whatever else reacts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Event {
    Created,
    Started,
    Submitted { time_ran_out: bool },
    Completed,
    Revised { revision: i32, is_final: bool },
    Expired,
    Cancelled { reason: Option<String> },
    Reset,
    Resent { number: i32 },
    Extended { number: i32 },
}

impl Event {
    /// The name on timelines and in what is posted to the vendor.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created => "invite.created",
            Self::Started => "invite.started",
            Self::Submitted { .. } => "invite.submitted",
            Self::Completed => "invite.completed",
            Self::Revised { .. } => "result.revised",
            Self::Expired => "invite.expired",
            Self::Cancelled { .. } => "invite.cancelled",
            Self::Reset => "invite.reset",
            Self::Resent { .. } => "invite.resent",
            Self::Extended { .. } => "invite.extended",
        }
    }
}

/// The new state, and the facts to write down and react to.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The invite as it is from now on.
    pub invite: Invite,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The result's new revision, if there is one.
    pub revision: Option<Revision>,
}

/// Why nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It already is so: harmless.
    #[error("nothing to do: it already is so")]
    Repeat,
    /// The state forbids it.
    #[error("an invite that is {} cannot be {verb}{hint}", status.as_str())]
    Contradiction {
        /// Where the invite is.
        status: Status,
        /// What was asked.
        verb: &'static str,
        /// What to do instead, or nothing.
        hint: &'static str,
    },
}

impl Invite {
    /// When the clock ends it, if it does: at the sitting's time limit where there is one, else at `expires_at`.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.status {
            Status::Invited => Some(self.expires_at),
            Status::Started => Some(self.attempt.ends_at.unwrap_or(self.expires_at)),
            _ => None,
        }
    }

    /// The status that a reader should see at `now`, whether or not the clock's visit has been written down yet.
    pub fn status_at(&self, now: DateTime<Utc>) -> Status {
        match (self.due_at(), self.attempt.ends_at) {
            (Some(due), Some(_)) if due <= now && self.status == Status::Started => {
                Status::Submitted
            }
            (Some(due), _) if due <= now => Status::Expired,
            _ => self.status,
        }
    }

    /// The score on the scale of 0 to 100.
    pub fn score(&self) -> Option<f64> {
        self.result
            .as_ref()
            .and_then(|result| result.body.percent())
    }

    fn refuse(&self, command: &Command) -> Refusal {
        let hint = match (command, self.status) {
            (Command::Reset { .. }, Status::Invited) => "; use resend to mail the same link again",
            (Command::Submit { .. } | Command::Report(_), Status::Invited) => "; start it first",
            (Command::Report(_), Status::Expired) => "; extend or reset it first",
            (Command::Report(_), Status::Cancelled) => "; reset it first",
            _ => "",
        };
        Refusal::Contradiction {
            status: self.status,
            verb: command.verb(),
            hint,
        }
    }
}

/// Decides what `command` does to `state` at `now`. An invite whose time is over is first brought to where the clock
/// would have put it, so that no command slips in before the clock's visit is written down.
///
/// # Errors
/// [`Refusal::Repeat`] where it already is so, [`Refusal::Contradiction`] where the state forbids it.
pub fn decide(state: &Invite, command: Command, now: DateTime<Utc>) -> Result<Transition, Refusal> {
    let overdue = state.due_at().is_some_and(|due| due <= now);
    // Only the clock knows how to score what was saved; everyone else waits for its visit by way of a refusal.
    if overdue && !matches!(command, Command::Tick { .. }) {
        let seen = Invite {
            status: state.status_at(now),
            ..state.clone()
        };
        return Decision { state: &seen, now }.decide(command);
    }
    Decision { state, now }.decide(command)
}

struct Decision<'a> {
    state: &'a Invite,
    now: DateTime<Utc>,
}

impl Decision<'_> {
    fn decide(&self, command: Command) -> Result<Transition, Refusal> {
        use Status::{Cancelled, Completed, Expired, Invited, Started, Submitted};
        let status = self.state.status;
        match (command, status) {
            (Command::Start { time_limit }, Invited) => Ok(self.start(time_limit)),
            (Command::Start { .. }, Started) => Err(Refusal::Repeat),
            (Command::Submit { result }, Started) => Ok(self.submit(result, false)),
            (Command::Submit { .. }, Submitted | Completed) => Err(Refusal::Repeat),
            (Command::Report(body), Started | Submitted | Completed) => self.report(body),
            (Command::Cancel | Command::Replace, Invited) | (Command::Cancel, Started) => {
                Ok(self.cancel(None))
            }
            (Command::Cancel, Cancelled) => Err(Refusal::Repeat),
            (Command::Refuse { reason }, Invited) => Ok(self.cancel(Some(reason))),
            (Command::Reset { valid_for }, Started | Submitted | Expired | Cancelled) => {
                Ok(self.reset(valid_for))
            }
            (Command::Resend, Invited | Started) => Ok(self.resend()),
            (Command::Extend { expires_at }, Invited | Started | Expired)
                if expires_at > self.now =>
            {
                Ok(self.extend(expires_at))
            }
            (Command::Tick { result }, Invited | Started) => self.tick(result),
            (Command::Tick { .. }, _) => Err(Refusal::Repeat),
            (command, _) => Err(self.state.refuse(&command)),
        }
    }

    fn become_(&self, change: impl FnOnce(&mut Invite), events: Vec<Event>) -> Transition {
        let mut invite = self.state.clone();
        change(&mut invite);
        Transition {
            invite,
            events,
            revision: None,
        }
    }

    fn start(&self, time_limit: Option<TimeDelta>) -> Transition {
        let change = |invite: &mut Invite| {
            invite.status = Status::Started;
            invite.attempt.started_at = Some(self.now);
            invite.attempt.ends_at = time_limit.map(|limit| self.now + limit);
        };
        self.become_(change, vec![Event::Started])
    }

    fn submit(&self, result: Option<ResultBody>, time_ran_out: bool) -> Transition {
        let change = |invite: &mut Invite| {
            invite.status = Status::Submitted;
            invite.submitted_at = Some(self.now);
        };
        let submitted = self.become_(change, vec![Event::Submitted { time_ran_out }]);
        match result {
            Some(body) => Decision {
                state: &submitted.invite,
                now: self.now,
            }
            .complete(body, submitted.events),
            None => submitted,
        }
    }

    fn report(&self, body: ResultBody) -> Result<Transition, Refusal> {
        if self
            .state
            .result
            .as_ref()
            .is_some_and(|newest| newest.body == body)
        {
            return Err(Refusal::Repeat);
        }
        if body.is_final && self.state.status != Status::Completed {
            return Ok(self.complete(body, Vec::new()));
        }
        Ok(self.revise(body, Vec::new()))
    }

    fn complete(&self, body: ResultBody, earlier: Vec<Event>) -> Transition {
        let mut done = self.revise(body, earlier);
        done.invite.status = Status::Completed;
        done.invite.submitted_at = done.invite.submitted_at.or(Some(self.now));
        done.invite.completed_at = Some(self.now);
        done.events.push(Event::Completed);
        done
    }

    fn revise(&self, body: ResultBody, mut events: Vec<Event>) -> Transition {
        let number = self
            .state
            .result
            .as_ref()
            .map_or(0, |newest| newest.revision)
            + 1;
        let revision = Revision {
            revision: number,
            at: self.now,
            body,
        };
        events.push(Event::Revised {
            revision: number,
            is_final: revision.body.is_final,
        });
        let kept = revision.clone();
        let revised = self.become_(|invite| invite.result = Some(kept), events);
        Transition {
            revision: Some(revision),
            ..revised
        }
    }

    fn cancel(&self, reason: Option<String>) -> Transition {
        self.become_(
            |invite| invite.status = Status::Cancelled,
            vec![Event::Cancelled { reason }],
        )
    }

    fn reset(&self, valid_for: TimeDelta) -> Transition {
        let change = |invite: &mut Invite| {
            let number = invite.attempt.number + 1;
            invite.status = Status::Invited;
            invite.attempt = Attempt {
                number,
                started_at: None,
                ends_at: None,
            };
            invite.submitted_at = None;
            invite.expires_at = self.now + valid_for;
        };
        self.become_(change, vec![Event::Reset])
    }

    fn resend(&self) -> Transition {
        let number = self.state.resends + 1;
        self.become_(
            |invite| invite.resends = number,
            vec![Event::Resent { number }],
        )
    }

    /// The mail that tells of it is one more, with a number of its own.
    fn extend(&self, expires_at: DateTime<Utc>) -> Transition {
        let number = self.state.resends + 1;
        let change = |invite: &mut Invite| {
            let begun = invite.attempt.started_at.is_some();
            invite.status = if begun {
                Status::Started
            } else {
                Status::Invited
            };
            invite.resends = number;
            invite.expires_at = expires_at;
            // More time for a sitting under a limit means a later end of that limit.
            invite.attempt.ends_at = invite.attempt.ends_at.map(|ends| ends.max(expires_at));
        };
        self.become_(change, vec![Event::Extended { number }])
    }

    fn tick(&self, result: Option<ResultBody>) -> Result<Transition, Refusal> {
        match self.state.status_at(self.now) {
            Status::Submitted => Ok(self.submit(result, true)),
            Status::Expired => Ok(self.become_(
                |invite| invite.status = Status::Expired,
                vec![Event::Expired],
            )),
            _ => Err(Refusal::Repeat),
        }
    }
}
