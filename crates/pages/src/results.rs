//! The results page, `/results/{id}`: for whoever holds a grant, and for those who sign in.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{DateTime, Utc};
use domain::{
    Answer, Assessment, CandidateDetails, Invite, Kind, Marks, Question, QuestionId, QuestionKind,
    ResultBody, Status,
};

use crate::badge::Badge;
use crate::dashboard::{Frame, Section};
use crate::grading::GradeForm;
use crate::link::WebHref;
use crate::parts::{Bar, TimelineEntry};
use crate::when::When;
use crate::words;

/// What the results page is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The invite.
    pub invite: &'a Invite,
    /// Who took it.
    pub candidate: &'a CandidateDetails,
    /// The assessment at the invite's version.
    pub assessment: &'a Assessment,
    /// The submitted answers.
    pub answers: &'a BTreeMap<QuestionId, Answer>,
    /// Points by question.
    pub marks: &'a Marks,
    /// The present moment.
    pub now: DateTime<Utc>,
}

/// Everything the results page shows of one invite.
#[derive(Debug, Clone)]
pub struct ResultView {
    /// The candidate's name.
    pub candidate: String,
    /// The assessment's title.
    pub assessment: String,
    /// Where the invite is.
    pub state: Badge,
    /// What it waits for; none once completed.
    pub pending: Option<&'static str>,
    /// Score on the scale of 0 to 100.
    pub score: Option<Bar>,
    /// The score may still change.
    pub provisional: bool,
    /// Which revision, where there is more than one.
    pub revision: Option<i32>,
    /// What the vendor advises.
    pub recommendation: Option<Badge>,
    /// A result that is no number.
    pub outcome: Option<Badge>,
    /// In words.
    pub summary: Option<String>,
    /// By competency.
    pub competencies: Vec<Bar>,
    /// Each question with its answer; empty before submission and for the vendor's own runner.
    pub answers: Vec<AnswerView>,
    /// What was said or typed.
    pub transcript: Option<String>,
    /// The vendor's own report.
    pub report_href: Option<WebHref>,
    /// Label and value.
    pub metadata: Vec<(String, String)>,
    /// When the candidate started.
    pub started: Option<When>,
    /// When the answers came in.
    pub submitted: Option<When>,
    /// "38 min": from start to submission.
    pub took: Option<String>,
    /// When it was completed.
    pub completed: Option<When>,
}

/// One question with the submitted answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerView {
    /// 1, 2, …
    pub number: usize,
    /// The question.
    pub prompt: String,
    /// The answer; none where there is none.
    pub answer: Option<String>,
    /// Shown in a fixed-width font.
    pub is_code: bool,
    /// "7.5"; none until graded.
    pub points: Option<String>,
    /// "10 points"
    pub most: String,
    /// The grader's words.
    pub comment: Option<String>,
}

impl ResultView {
    /// What `source` shows.
    pub fn new(source: Source<'_>) -> Self {
        let Source { invite, now, .. } = source;
        let body = invite.result.as_ref().map(|newest| &newest.body);
        let status = invite.status_at(now);
        let when = |at: Option<DateTime<Utc>>| at.map(|at| When::new(at, now));
        let base = Self {
            candidate: source.candidate.full_name(),
            assessment: source.assessment.title.clone(),
            state: status.into(),
            pending: pending(status, source.assessment),
            score: None,
            provisional: false,
            revision: invite
                .result
                .as_ref()
                .map(|newest| newest.revision)
                .filter(|n| *n > 1),
            recommendation: None,
            outcome: None,
            summary: None,
            competencies: Vec::new(),
            answers: answer_views(source, status),
            transcript: None,
            report_href: None,
            metadata: Vec::new(),
            started: when(invite.attempt.started_at),
            submitted: when(invite.submitted_at),
            took: took(invite),
            completed: when(invite.completed_at),
        };
        match body {
            Some(body) => base.with_body(body),
            None => base,
        }
    }

    fn with_body(self, body: &ResultBody) -> Self {
        Self {
            score: body
                .percent()
                .map(|score| Bar::new("Score", score, 100.0, None)),
            provisional: !body.is_final,
            recommendation: body.recommendation.map(Badge::from),
            outcome: body.outcome.map(Badge::from),
            summary: body.summary.clone(),
            competencies: competencies(body),
            transcript: body.transcript.clone(),
            report_href: body.report_url.as_deref().and_then(WebHref::new),
            metadata: metadata(body),
            ..self
        }
    }

    /// Is there something to read beside the state?
    pub fn has_result(&self) -> bool {
        self.score.is_some() || self.recommendation.is_some() || self.outcome.is_some()
    }
}

fn pending(status: Status, assessment: &Assessment) -> Option<&'static str> {
    match status {
        Status::Invited => Some("Not started yet. The result will stand here once it is in."),
        Status::Started => Some(
            "Not finished yet: the candidate has started. The result will stand here once it is in.",
        ),
        Status::Submitted if assessment.kind == Kind::Questionnaire => {
            Some("Submitted, and waits for somebody to grade the answers.")
        }
        Status::Submitted => Some("Submitted. The result is on its way."),
        Status::Completed => None,
        Status::Expired => Some("The deadline passed before it was finished."),
        Status::Cancelled => Some("Cancelled: there will be no result."),
    }
}

fn took(invite: &Invite) -> Option<String> {
    let length = invite.submitted_at? - invite.attempt.started_at?;
    Some(words::span(length))
}

fn competencies(body: &ResultBody) -> Vec<Bar> {
    let bars = body.competencies.iter().map(|competency| {
        let comment = competency.comment.clone();
        Bar::new(
            &competency.name,
            competency.score,
            competency.max_score,
            comment,
        )
    });
    bars.collect()
}

fn metadata(body: &ResultBody) -> Vec<(String, String)> {
    let pairs = body.metadata.iter().map(|(label, value)| {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
            other => other.to_string(),
        };
        (label.clone(), value)
    });
    pairs.collect()
}

fn answer_views(source: Source<'_>, status: Status) -> Vec<AnswerView> {
    if !matches!(status, Status::Submitted | Status::Completed) {
        return Vec::new();
    }
    let questions = source.assessment.questions.iter().enumerate();
    questions
        .map(|(at, question)| answer_view(at, question, source))
        .collect()
}

fn answer_view(at: usize, question: &Question, source: Source<'_>) -> AnswerView {
    let answer = source
        .answers
        .get(&question.id)
        .filter(|answer| !answer.is_blank());
    let mark = source.marks.get(&question.id);
    AnswerView {
        number: at + 1,
        prompt: question.prompt.clone(),
        answer: answer.map(|answer| answer.words(question)),
        is_code: question.kind == QuestionKind::Code,
        points: mark.map(|mark| words::score(mark.points)),
        most: words::points(question.points),
        comment: mark.and_then(|mark| mark.comment.clone()),
    }
}

/// The results page for whoever opens a link with a grant: read-only, without the dashboard around it.
#[derive(Debug, Clone, Template)]
#[template(path = "results/shared.html")]
pub struct SharedResultPage {
    /// Whose candidate it is.
    pub organization: String,
    /// The vendor's name.
    pub platform: String,
    /// What to show.
    pub result: ResultView,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
}

/// The results page for somebody who is signed in: with grading, and **Withdraw shared links**
/// (a POST to `/results/{id}/withdraw`; without `confirmed=yes` answer with [`crate::confirm::ConfirmPage`]).
#[derive(Debug, Clone, Template)]
#[template(path = "results/page.html")]
pub struct ResultPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The invite's id.
    pub id: String,
    /// What to show.
    pub result: ResultView,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    /// For free-text answers, once submitted.
    pub grading: Option<GradeForm>,
    /// May this person withdraw links?
    pub may_withdraw: bool,
}

/// 410: the grant in the link was withdrawn. Leads to sign-in.
#[derive(Debug, Clone, Template)]
#[template(path = "results/withdrawn.html")]
pub struct WithdrawnPage {
    /// Whose candidate it is.
    pub organization: String,
    /// The vendor's name.
    pub platform: String,
    /// `/sign-in?next=/results/{id}`.
    pub sign_in_href: String,
}

/// 410: the candidate was erased, and the result with them.
#[derive(Debug, Clone, Template)]
#[template(path = "results/erased.html")]
pub struct ErasedPage {
    /// Whose candidate it was.
    pub organization: String,
    /// The vendor's name.
    pub platform: String,
    /// "25 November 2026".
    pub erased_on: String,
}

impl ErasedPage {
    /// The page for somebody who was erased at `at`.
    pub fn new(organization: &str, platform: String, at: DateTime<Utc>) -> Self {
        Self {
            organization: organization.to_owned(),
            platform,
            erased_on: at.format("%-d %B %Y").to_string(),
        }
    }
}
