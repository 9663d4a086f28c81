//! Invites on the wire.

use app::invites::{AnswerDetails, EmailState, EventRecord, InviteDetails, NewInvite};
use app::{Error, Fault};
use chrono::{DateTime, Utc};
use domain::{CandidateDetails, Email, Grade, Passing, Target, Writeback, limited};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::member::Member;
use super::names;
use super::result::ResultRevision;
use crate::problem::Problem;

names! {
    /// Where an invite is in its life.
    Status = domain::Status { Invited, Started, Submitted, Completed, Expired, Cancelled }
}

names! {
    /// Where an invite came from.
    Origin = domain::Origin { Greenhouse, Lever, Api, Dashboard }
}

names! {
    /// What became of the mail to the candidate.
    MailState = EmailState { None, Queued, Sent, Bounced, Failed }
}

names! {
    /// How far a write-back has come: `sent` is accepted by the ATS, `seen` is read back or fetched there.
    WritebackState = domain::WritebackState { Pending, Retrying, Sent, Seen, Blocked, Failed }
}

/// Which invites a list shows.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "says in the document what the list reads")]
pub(crate) struct Filters {
    /// In this status.
    status: Option<Status>,
    /// From there.
    origin: Option<Origin>,
    /// For this assessment.
    assessment_id: Option<Uuid>,
    /// To this address, whatever its letter case.
    email: Option<String>,
    /// With this text in the candidate's name or address or the assessment's title.
    q: Option<String>,
}

/// The person to be asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CandidateBody {
    /// At most 200 characters.
    #[serde(default)]
    #[schema(example = "Zoë")]
    first_name: Option<String>,
    /// At most 200 characters.
    #[serde(default)]
    #[schema(example = "Nowak")]
    last_name: Option<String>,
    /// The name the person goes by; at most 200 characters.
    #[serde(default)]
    preferred_name: Option<String>,
    /// Where the invitation goes.
    #[schema(example = "zoe@candidate.example")]
    email: String,
    /// As given; at most 200 characters.
    #[serde(default)]
    phone: Option<String>,
    /// http or https.
    #[serde(default)]
    linkedin_url: Option<String>,
}

/// A new invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteBody {
    /// A published assessment.
    assessment_id: Uuid,
    candidate: CandidateBody,
    /// Does Baton mail? The assessment decides where nothing is said.
    #[serde(default)]
    send_email: Option<bool>,
    /// When it ends; the assessment decides where nothing is said.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<InviteBody> for NewInvite {
    type Error = Problem;

    fn try_from(body: InviteBody) -> Result<Self, Problem> {
        Ok(Self {
            assessment: body.assessment_id.into(),
            candidate: body.candidate.try_into()?,
            send_email: body.send_email,
            expires_at: body.expires_at,
            origin: domain::Origin::Api,
        })
    }
}

impl TryFrom<CandidateBody> for CandidateDetails {
    type Error = Problem;

    fn try_from(body: CandidateBody) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut text = |field: &str, text: Option<String>, most| {
            let kept = limited(&text.unwrap_or_default(), most);
            if kept.is_none() {
                let problem = format!("is longer than {most} characters");
                faults.push(Fault::new(format!("candidate.{field}"), problem));
            }
            kept.unwrap_or_default()
        };
        let first_name = text("first_name", body.first_name, 200);
        let last_name = text("last_name", body.last_name, 200);
        let preferred_name = text("preferred_name", body.preferred_name, 200);
        let phone = text("phone", body.phone, 200);
        let linkedin_url = text("linkedin_url", body.linkedin_url, 2048);
        if !linkedin_url.is_empty() && !is_web_link(&linkedin_url) {
            let problem = "has to be a link such as https://www.linkedin.com/in/name";
            faults.push(Fault::new("candidate.linkedin_url", problem));
        }
        let email = Email::parse(&body.email)
            .map_err(|error| faults.push(Fault::new("candidate.email", error.to_string())));
        match email {
            Ok(email) if faults.is_empty() => Ok(Self {
                first_name,
                last_name,
                preferred_name: given(preferred_name),
                email,
                phone: given(phone),
                linkedin_url: given(linkedin_url),
                erased_at: None,
            }),
            _ => Err(Error::Unprocessable(faults).into()),
        }
    }
}

fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn is_web_link(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Members given are changed, `null` clears.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteChange {
    /// Where Start leads, if elsewhere than the assessment says; https.
    #[schema(value_type = Option<String>, example = "https://runner.example/session/7")]
    #[serde(default)]
    launch_url: Member<String>,
}

impl InviteChange {
    /// The new address; the outer `None` where nothing is to be changed.
    pub(crate) fn launch_url(self) -> Option<Option<String>> {
        match self.launch_url {
            Member::Absent => None,
            Member::Null => Some(None),
            Member::Given(url) => Some(Some(url)),
        }
    }
}

/// More time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    /// The new end, in the future.
    pub(crate) expires_at: DateTime<Utc>,
}

/// Why it will not be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    /// 1 to 10,000 characters; on the timeline.
    pub(crate) reason: String,
}

/// Points that people give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grades {
    grades: Vec<GradeBody>,
}

/// Points for one answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GradeBody {
    question_id: Uuid,
    /// 0 to the question's points.
    points: f64,
    /// For the scorecard; at most 10,000 characters.
    #[serde(default)]
    comment: Option<String>,
}

impl From<Grades> for Vec<Grade> {
    fn from(body: Grades) -> Self {
        let grades = body.grades.into_iter().map(|grade| Grade {
            question_id: grade.question_id.into(),
            points: grade.points,
            comment: grade.comment,
        });
        grades.collect()
    }
}

/// What is taken, at the invite's version.
#[derive(Debug, Serialize, ToSchema)]
struct InvitedAssessment {
    id: Uuid,
    title: String,
    version: i32,
}

/// The person who is asked, with the names the invite came with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    /// The same for all invites to one address.
    id: Uuid,
    first_name: String,
    last_name: String,
    #[schema(required)]
    preferred_name: Option<String>,
    email: String,
    #[schema(required)]
    phone: Option<String>,
    #[schema(required)]
    linkedin_url: Option<String>,
    /// When the person was erased; the address is a stand-in then, and nothing else is known.
    #[schema(required)]
    erased_at: Option<DateTime<Utc>>,
}

/// One question's answer.
#[derive(Debug, Serialize, ToSchema)]
struct Answer {
    question_id: Uuid,
    prompt: String,
    #[schema(required)]
    answer: Option<String>,
    /// Null until known.
    #[schema(required)]
    points: Option<f64>,
    max_points: f64,
    /// The grader's words.
    #[schema(required)]
    comment: Option<String>,
}

/// One effect in an ATS, and its receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WritebackReceipt {
    #[schema(example = "greenhouse_status")]
    target: &'static str,
    state: WritebackState,
    /// The revision it shows; null where no result is shown.
    #[schema(required)]
    revision: Option<i32>,
    at: DateTime<Utc>,
    /// Why, in words.
    #[schema(required)]
    detail: Option<String>,
}

/// What the ATS told.
#[derive(Debug, Serialize, ToSchema)]
struct AtsFacts {
    #[schema(required)]
    profile_url: Option<String>,
    #[schema(required)]
    person_id: Option<String>,
    #[schema(required)]
    application_id: Option<String>,
    /// Lever's opportunity.
    #[schema(required)]
    opportunity_id: Option<String>,
    /// Is the candidacy confidential there?
    confidential: bool,
    /// Who sent the test there.
    #[schema(required)]
    sent_by: Option<String>,
}

/// One ask that one candidate takes one assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invite {
    /// Greenhouse's `partner_interview_id`.
    id: Uuid,
    status: Status,
    /// 1, 2, …: a reset opens the next.
    attempt: i32,
    origin: Origin,
    assessment: InvitedAssessment,
    candidate: Candidate,
    /// Where the candidate takes it; null once that link is over.
    #[schema(required)]
    candidate_url: Option<String>,
    /// Where people read the result.
    result_url: String,
    /// Where Start leads, if elsewhere than the assessment says.
    #[schema(required)]
    launch_url: Option<String>,
    /// 0 to 100; null until known.
    #[schema(required)]
    score: Option<f64>,
    /// The newest revision.
    #[schema(required)]
    result: Option<ResultRevision>,
    answers: Vec<Answer>,
    email_state: MailState,
    writebacks: Vec<WritebackReceipt>,
    ats: AtsFacts,
    created_at: DateTime<Utc>,
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    #[schema(required)]
    submitted_at: Option<DateTime<Utc>>,
    #[schema(required)]
    completed_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl From<&InviteDetails> for Invite {
    fn from(details: &InviteDetails) -> Self {
        let (record, invite) = (&details.record, &details.record.invite);
        Self {
            id: invite.id.into(),
            status: invite.status.into(),
            attempt: invite.attempt.number,
            origin: invite.origin.into(),
            assessment: InvitedAssessment {
                id: invite.assessment.into(),
                title: record.assessment_title.clone(),
                version: invite.assessment_version,
            },
            candidate: Candidate::of(invite.candidate.into(), &record.candidate),
            candidate_url: details.candidate_url.clone(),
            result_url: details.result_url.clone(),
            launch_url: record.launch_url.clone(),
            score: invite.score(),
            result: invite.result.clone().map(Into::into),
            answers: details.answers.iter().map(Into::into).collect(),
            email_state: record.email_state.into(),
            writebacks: details.writebacks.iter().map(Into::into).collect(),
            ats: record.ats.clone().into(),
            created_at: invite.created_at,
            started_at: invite.attempt.started_at,
            submitted_at: invite.submitted_at,
            completed_at: invite.completed_at,
            expires_at: invite.expires_at,
        }
    }
}

impl Candidate {
    /// As an invite has it.
    pub(crate) fn of(id: Uuid, details: &CandidateDetails) -> Self {
        let details = details.clone();
        Self {
            id,
            first_name: details.first_name,
            last_name: details.last_name,
            preferred_name: details.preferred_name,
            email: details.email.as_str().to_owned(),
            phone: details.phone,
            linkedin_url: details.linkedin_url,
            erased_at: details.erased_at,
        }
    }
}

impl From<&AnswerDetails> for Answer {
    fn from(answer: &AnswerDetails) -> Self {
        let answer = answer.clone();
        Self {
            question_id: answer.question_id.into(),
            prompt: answer.prompt,
            answer: answer.answer,
            points: answer.points,
            max_points: answer.max_points,
            comment: answer.comment,
        }
    }
}

impl From<&Writeback> for WritebackReceipt {
    fn from(writeback: &Writeback) -> Self {
        Self {
            target: writeback.target.as_str(),
            state: writeback.state().into(),
            revision: writeback.shown_revision(),
            at: writeback.moved_at(),
            detail: writeback.detail.clone(),
        }
    }
}

impl From<&Passing> for WritebackReceipt {
    fn from(passing: &Passing) -> Self {
        Self {
            target: Target::GreenhouseNote.as_str(),
            state: passing.state.into(),
            revision: None,
            at: passing.at,
            detail: passing.detail.clone(),
        }
    }
}

impl From<domain::AtsFacts> for AtsFacts {
    fn from(facts: domain::AtsFacts) -> Self {
        Self {
            profile_url: facts.profile_url,
            person_id: facts.person_id,
            application_id: facts.application_id,
            opportunity_id: facts.opportunity_id,
            confidential: facts.confidential,
            sent_by: facts.sent_by,
        }
    }
}

/// One fact on a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    id: Uuid,
    #[schema(example = "invite.started")]
    r#type: String,
    at: DateTime<Utc>,
    /// What there is to say beyond the type.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

impl From<EventRecord> for TimelineEntry {
    fn from(event: EventRecord) -> Self {
        Self {
            id: event.id.into(),
            r#type: event.name,
            at: event.at,
            detail: event.detail,
        }
    }
}
