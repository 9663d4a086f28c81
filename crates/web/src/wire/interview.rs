//! Interviews on the vendor's side, on the wire.

use app::referrals::{NewInterview, ReferralDetails};
use chrono::{DateTime, NaiveDate, Utc};
use domain::InterviewScore;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::invite::{Candidate, MailState, WritebackReceipt};
use super::names;

names! {
    /// Where an interview is: `sending`, `in_greenhouse` and `blocked` only after interviewer and candidate have both said yes.
    InterviewState = domain::ReferralState { AwaitingCandidate, Declined, NotAdvanced, Sending, InGreenhouse, Blocked }
}

/// Who was interviewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InterviewedBody {
    /// At most 200 characters.
    #[schema(example = "Zoë")]
    first_name: String,
    /// At most 200 characters.
    #[schema(example = "Nowak")]
    last_name: String,
    /// Where the candidate is asked, and by which Greenhouse knows them.
    #[schema(example = "zoe@candidate.example")]
    email: String,
    /// http or https.
    #[serde(default)]
    #[schema(example = "https://www.linkedin.com/in/zoe")]
    linkedin_url: Option<String>,
}

/// One score.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScoreBody {
    /// At most 200 characters.
    #[schema(example = "Technical skills")]
    name: String,
    /// 1 to 4, where 4 is best.
    #[schema(minimum = 1, maximum = 4)]
    score: f64,
}

/// An interview that took place on your side.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InterviewBody {
    candidate: InterviewedBody,
    /// At most 200 characters.
    #[schema(example = "Ines Ito")]
    interviewer_name: String,
    /// The day.
    #[schema(format = Date, example = "2026-09-28")]
    interviewed_on: String,
    /// At most 50, in the order in which the note has them.
    #[serde(default)]
    scores: Vec<ScoreBody>,
    /// At most 10,000 characters.
    #[serde(default)]
    comments: Option<String>,
    /// Would the interviewer go on with the candidate?
    advance: bool,
    /// For which job in Greenhouse; a prospect where nothing is said.
    #[serde(default)]
    #[schema(example = "4000123")]
    greenhouse_job_id: Option<String>,
    /// Does Baton ask the candidate by mail, where the interviewer would go on?
    #[serde(default = "yes")]
    #[schema(default = true)]
    send_email: bool,
}

fn yes() -> bool {
    true
}

impl From<InterviewBody> for NewInterview {
    fn from(body: InterviewBody) -> Self {
        let scores = body.scores.into_iter().map(|it| InterviewScore {
            name: it.name,
            score: it.score,
        });
        Self {
            first_name: body.candidate.first_name,
            last_name: body.candidate.last_name,
            email: body.candidate.email,
            linkedin_url: body.candidate.linkedin_url.unwrap_or_default(),
            interviewer_name: body.interviewer_name,
            interviewed_on: body.interviewed_on,
            scores: scores.collect(),
            comments: body.comments.unwrap_or_default(),
            advance: body.advance,
            greenhouse_job_id: body.greenhouse_job_id.unwrap_or_default(),
            send_email: body.send_email,
        }
    }
}

/// What the candidate says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// Do they want to go on?
    pub(crate) interested: bool,
}

/// An interview on your side, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Interview {
    id: Uuid,
    state: InterviewState,
    candidate: Candidate,
    interviewer_name: String,
    #[schema(value_type = String, format = Date)]
    interviewed_on: NaiveDate,
    scores: Vec<ScoreBody>,
    comments: String,
    /// Would the interviewer go on?
    advance: bool,
    /// Does the candidate want to go on? Null until they have said so.
    #[schema(required)]
    interested: Option<bool>,
    /// When the candidate said so.
    #[schema(required)]
    answered_at: Option<DateTime<Utc>>,
    #[schema(required)]
    greenhouse_job_id: Option<String>,
    /// Where the candidate answers; null where no answer is of use any more.
    #[schema(required)]
    consent_url: Option<String>,
    email_state: MailState,
    /// The person in Greenhouse, once known.
    #[schema(required)]
    greenhouse_candidate_id: Option<String>,
    /// Their application there, once known.
    #[schema(required)]
    greenhouse_application_id: Option<String>,
    writebacks: Vec<WritebackReceipt>,
    /// Why it is where it is, in words.
    #[schema(required)]
    detail: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<&ReferralDetails> for Interview {
    fn from(details: &ReferralDetails) -> Self {
        let (record, referral) = (&details.record, &details.record.referral);
        let told = record.interview.clone();
        let scores = told.scores.into_iter().map(|it| ScoreBody {
            name: it.name,
            score: it.score,
        });
        Self {
            id: record.id.into(),
            state: details.state().into(),
            candidate: Candidate::of(record.candidate_id.into(), &record.candidate),
            interviewer_name: told.interviewer_name,
            interviewed_on: told.interviewed_on,
            scores: scores.collect(),
            comments: told.comments,
            advance: referral.advance,
            interested: referral.interested,
            answered_at: referral.answered_at,
            greenhouse_job_id: record.greenhouse_job_id.clone(),
            consent_url: details.consent_url.clone(),
            email_state: record.email_state.into(),
            greenhouse_candidate_id: details.greenhouse_candidate_id.clone(),
            greenhouse_application_id: details.greenhouse_application_id.clone(),
            writebacks: referral.passing.iter().map(Into::into).collect(),
            detail: details.detail().map(str::to_owned),
            created_at: record.created_at,
        }
    }
}
