//! What a candidate is asked to take, and when it may be sent.

use serde::{Deserialize, Serialize};

use crate::{AssessmentId, ChoiceId, OrganizationId, QuestionId};

/// How an assessment is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Questions on Baton's own pages.
    Questionnaire,
    /// The vendor's own runner.
    External,
}

impl Kind {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Questionnaire => "questionnaire",
            Self::External => "external",
        }
    }
}

/// Where an assessment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentStatus {
    /// Being written.
    Draft,
    /// Can be sent.
    Published,
    /// Can no longer be sent; running invites go on.
    Archived,
}

impl AssessmentStatus {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Archived]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// What sort of thing it is, for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Category {
    Skills,
    Behavioral,
    Video,
    BackgroundCheck,
    ReferenceCheck,
    Other,
}

/// From when on Greenhouse reads `complete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompleteOn {
    /// Once the candidate has submitted: for customers who grade in Greenhouse.
    Submitted,
    /// Once there is a result.
    #[default]
    Graded,
}

/// The mail that invites a candidate, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct EmailTemplate {
    #[serde(default)]
    pub subject: Option<String>,
    #[serde(default)]
    pub body: Option<String>,
}

/// One thing an assessment looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Competency {
    pub key: String,
    pub name: String,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum QuestionKind {
    SingleChoice,
    MultipleChoice,
    ShortText,
    LongText,
    Code,
}

impl QuestionKind {
    /// Choices score themselves; people grade the rest.
    pub fn scores_itself(self) -> bool {
        matches!(self, Self::SingleChoice | Self::MultipleChoice)
    }
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Choice {
    pub id: ChoiceId,
    pub text: String,
    #[serde(default)]
    pub correct: bool,
}

/// One question of a questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Question {
    pub id: QuestionId,
    pub kind: QuestionKind,
    pub prompt: String,
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Points for a full answer.
    pub points: f64,
    /// The [`Competency::key`] it counts for.
    #[serde(default)]
    pub competency: Option<String>,
}

/// Where an `external` assessment runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct External {
    #[serde(default)]
    pub launch_url: Option<String>,
}

/// An assessment at one of its versions. Running invites keep the version they were made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Its id; stays valid for ever, since an ATS keeps it.
    pub id: AssessmentId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Where it is in its life.
    pub status: AssessmentStatus,
    /// Raised by each change of a published one.
    pub version: i32,
    /// Unlike any other published one's in its organization.
    pub title: String,
    /// As given; cleaned where it is shown.
    pub description_html: Option<String>,
    /// How it is taken.
    pub kind: Kind,
    /// How long one sitting may last.
    pub time_limit_minutes: Option<u32>,
    /// How long an invite stays open.
    pub invite_valid_days: f64,
    /// Does Baton mail the candidate?
    pub send_email: bool,
    /// The invitation's words.
    pub email_template: Option<EmailTemplate>,
    /// What it looks at.
    pub competencies: Vec<Competency>,
    /// For a questionnaire.
    pub questions: Vec<Question>,
    /// For an external one.
    pub external: Option<External>,
    /// What sort of thing it is.
    pub category: Option<Category>,
    /// The job it was made for.
    pub greenhouse_job_id: Option<String>,
    /// From when on Greenhouse reads `complete`.
    pub greenhouse_complete_on: CompleteOn,
}

/// What keeps an assessment from being published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct Lack {
    /// The member at fault, such as `questions[2].choices`.
    pub field: String,
    /// What is wrong and what to do.
    pub problem: &'static str,
}

impl Assessment {
    /// Everything that keeps it from being published; empty when it can be.
    pub fn lacks(&self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        if self.title.trim().is_empty() {
            lacks.push(Lack {
                field: "title".into(),
                problem: "is empty; candidates and recruiters read it",
            });
        }
        match self.kind {
            Kind::Questionnaire => self.question_lacks(&mut lacks),
            Kind::External => lacks.extend(self.launch_lack()),
        }
        lacks
    }

    fn launch_lack(&self) -> Option<Lack> {
        let launch_url = self
            .external
            .as_ref()
            .and_then(|external| external.launch_url.as_deref());
        launch_url.is_none().then(|| Lack {
            field: "external.launch_url".into(),
            problem: "is missing; Start leads there",
        })
    }

    fn question_lacks(&self, lacks: &mut Vec<Lack>) {
        if self.questions.is_empty() {
            lacks.push(Lack {
                field: "questions".into(),
                problem: "is empty; add at least one",
            });
        }
        for (at, question) in self.questions.iter().enumerate() {
            if let Some((member, problem)) = question.lack() {
                lacks.push(Lack {
                    field: format!("questions[{at}].{member}"),
                    problem,
                });
            }
        }
    }

    /// Does it complete on submission, without a person grading?
    pub fn scores_itself(&self) -> bool {
        self.kind == Kind::Questionnaire
            && self
                .questions
                .iter()
                .all(|question| question.kind.scores_itself())
    }

    /// The points that can be reached.
    pub fn max_points(&self) -> f64 {
        self.questions.iter().map(|question| question.points).sum()
    }
}

impl Question {
    fn lack(&self) -> Option<(&'static str, &'static str)> {
        let right = self.choices.iter().filter(|choice| choice.correct).count();
        if self.prompt.trim().is_empty() {
            return Some(("prompt", "is empty"));
        }
        match self.kind {
            QuestionKind::SingleChoice | QuestionKind::MultipleChoice if self.choices.len() < 2 => {
                Some(("choices", "needs at least two"))
            }
            QuestionKind::SingleChoice if right != 1 => {
                Some(("choices", "needs exactly one that is correct"))
            }
            QuestionKind::MultipleChoice if right == 0 => {
                Some(("choices", "needs at least one that is correct"))
            }
            _ => None,
        }
    }
}
