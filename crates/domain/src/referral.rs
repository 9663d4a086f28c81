//! Sourcing: an interview that took place on the vendor's side, and the person who is passed on to the customer's ATS once
//! interviewer and candidate have both said yes.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Receipt, WritebackState};

/// Where a referral is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralState {
    /// The interviewer would go on; the candidate has not said anything yet.
    AwaitingCandidate,
    /// The candidate does not want to go on.
    Declined,
    /// The interviewer would not go on, whatever the candidate says.
    NotAdvanced,
    /// Both said yes: the person is on the way.
    Sending,
    /// The person is in Greenhouse, with the note.
    InGreenhouse,
    /// Both said yes, and somebody has to mend something before the person can be passed on.
    Blocked,
}

impl ReferralState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::AwaitingCandidate,
        Self::Declined,
        Self::NotAdvanced,
        Self::Sending,
        Self::InGreenhouse,
        Self::Blocked,
    ];

    /// The name used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingCandidate => "awaiting_candidate",
            Self::Declined => "declined",
            Self::NotAdvanced => "not_advanced",
            Self::Sending => "sending",
            Self::InGreenhouse => "in_greenhouse",
            Self::Blocked => "blocked",
        }
    }
}

/// One score of an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterviewScore {
    /// What was judged: "Technical skills".
    pub name: String,
    /// 1 to 4, where 4 is best.
    pub score: f64,
}

/// What the interviewer reports.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// Who interviewed.
    pub interviewer_name: String,
    /// On which day.
    pub interviewed_on: NaiveDate,
    /// In the interviewer's order.
    pub scores: Vec<InterviewScore>,
    /// In the interviewer's own words; may be empty.
    pub comments: String,
}

// It tells of a person, in words.
impl fmt::Debug for Interview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interview(…)")
    }
}

impl Interview {
    /// What is left where the person was erased: the numbers.
    pub fn erased(&self) -> Self {
        Self {
            interviewer_name: String::new(),
            interviewed_on: self.interviewed_on,
            scores: self.scores.clone(),
            comments: String::new(),
        }
    }
}

/// How far passing the person on has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// How far.
    pub state: WritebackState,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub detail: Option<String>,
}

impl Passing {
    /// It has yet to be done.
    pub fn pending(now: DateTime<Utc>) -> Self {
        Self {
            state: WritebackState::Pending,
            at: now,
            detail: None,
        }
    }

    /// As `receipt` has it.
    pub fn of(receipt: Receipt, now: DateTime<Utc>) -> Self {
        let (state, detail) = match receipt {
            Receipt::Sent { detail } => (WritebackState::Sent, detail),
            Receipt::Retrying { detail } => (WritebackState::Retrying, detail),
            Receipt::Blocked { detail } => (WritebackState::Blocked, detail),
            Receipt::Failed { detail } => (WritebackState::Failed, detail),
        };
        Self {
            state,
            at: now,
            detail: Some(detail),
        }
    }

    /// Is nothing left to do?
    pub fn is_done(&self) -> bool {
        matches!(self.state, WritebackState::Sent | WritebackState::Seen)
    }
}

/// The two answers, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Would the interviewer go on with the candidate?
    pub advance: bool,
    /// Does the candidate want to go on? None until they have said so.
    pub interested: Option<bool>,
    /// When the candidate last said it.
    pub answered_at: Option<DateTime<Utc>>,
    /// Has the first step towards the ATS been taken? From then on nobody can take it back.
    pub begun: bool,
    /// How far passing the person on has come; none before both said yes.
    pub passing: Option<Passing>,
}

/// What an answer of the candidate's does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It is as it was: the same answer once more.
    Repeat,
    /// It is now like this; where `pass_on`, the person is to be passed on.
    Changed {
        /// As it now is.
        referral: Referral,
        /// Is there work to do?
        pass_on: bool,
    },
}

/// The candidate's no comes too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the candidate's details have been passed on already; ask the company itself to delete them"
)]
pub struct TooLate;

impl Referral {
    /// An interview that was just filed.
    pub fn filed(advance: bool) -> Self {
        Self {
            advance,
            interested: None,
            answered_at: None,
            begun: false,
            passing: None,
        }
    }

    /// Where it is.
    pub fn state(&self) -> ReferralState {
        match (self.advance, self.interested) {
            (false, _) => ReferralState::NotAdvanced,
            (true, None) => ReferralState::AwaitingCandidate,
            (true, Some(false)) => ReferralState::Declined,
            (true, Some(true)) => self.passing_state(),
        }
    }

    fn passing_state(&self) -> ReferralState {
        match self.passing.as_ref().map(|passing| passing.state) {
            Some(WritebackState::Sent | WritebackState::Seen) => ReferralState::InGreenhouse,
            Some(WritebackState::Blocked | WritebackState::Failed) => ReferralState::Blocked,
            None | Some(WritebackState::Pending | WritebackState::Retrying) => {
                ReferralState::Sending
            }
        }
    }

    /// Is the candidate's answer of any use, now or if they think again?
    pub fn takes_answers(&self) -> bool {
        self.advance && !self.begun && !self.passing.as_ref().is_some_and(Passing::is_done)
    }

    /// Is the person to be passed on, and not there yet?
    pub fn is_due(&self) -> bool {
        let both = self.advance && self.interested == Some(true);
        both && !self.passing.as_ref().is_some_and(Passing::is_done)
    }

    /// The candidate says whether they want to go on. They may think again until the first step is taken. Where the interviewer
    /// would not go on, the answer is kept and nothing follows from it.
    ///
    /// # Errors
    /// [`TooLate`] for a no after that.
    pub fn answer(&self, interested: bool, now: DateTime<Utc>) -> Result<Answered, TooLate> {
        if self.interested == Some(interested) {
            return Ok(Answered::Repeat);
        }
        if self.interested == Some(true) && self.advance && !self.takes_answers() {
            return Err(TooLate);
        }
        let pass_on = self.advance && interested;
        let referral = Self {
            interested: Some(interested),
            answered_at: Some(now),
            passing: pass_on.then(|| Passing::pending(now)),
            ..self.clone()
        };
        Ok(Answered::Changed { referral, pass_on })
    }
}
