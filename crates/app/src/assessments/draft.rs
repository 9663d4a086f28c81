//! An assessment as people write it, before ids are drawn.

use domain::{
    Assessment, AssessmentId, AssessmentStatus, Category, Choice, ChoiceId, Competency, CompleteOn,
    EmailTemplate, External, Kind, OrganizationId, Question, QuestionId, QuestionKind,
};
use uuid::Uuid;

/// What people say of an assessment. [`Default`] is what is taken where nothing is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// May be empty until it is published; at most 200 characters.
    pub title: String,
    /// As given; cleaned where it is shown. At most 100,000 characters.
    pub description_html: Option<String>,
    /// How it is taken.
    pub kind: Kind,
    /// How long one sitting may last; 1 to 1440.
    pub time_limit_minutes: Option<i64>,
    /// How long an invite stays open; above 0, at most 365.
    pub invite_valid_days: f64,
    /// Does Baton mail the candidate?
    pub send_email: bool,
    /// The invitation's words.
    pub email_template: Option<EmailTemplate>,
    /// What it looks at; at most 50.
    pub competencies: Vec<Competency>,
    /// At most 200.
    pub questions: Vec<DraftQuestion>,
    /// Where it runs, if not here.
    pub external: Option<External>,
    /// What sort of thing it is.
    pub category: Option<Category>,
    /// The job it was made for.
    pub greenhouse_job_id: Option<String>,
    /// From when on Greenhouse reads `complete`.
    pub greenhouse_complete_on: CompleteOn,
}

/// One question as people write it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftQuestion {
    /// Its id, given back to keep it; a new one is drawn where none is given.
    pub id: Option<QuestionId>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// At most 10,000 characters.
    pub prompt: String,
    /// At most 50.
    pub choices: Vec<DraftChoice>,
    /// Points for a full answer; 0 to 1000.
    pub points: f64,
    /// The key of the competency it counts for.
    pub competency: Option<String>,
}

/// One choice as people write it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftChoice {
    /// Its id, given back to keep it; a new one is drawn where none is given.
    pub id: Option<ChoiceId>,
    /// At most 2,000 characters.
    pub text: String,
    /// Is it a right one?
    pub correct: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            title: String::new(),
            description_html: None,
            kind: Kind::Questionnaire,
            time_limit_minutes: None,
            invite_valid_days: 14.0,
            send_email: true,
            email_template: None,
            competencies: Vec::new(),
            questions: Vec::new(),
            external: None,
            category: None,
            greenhouse_job_id: None,
            greenhouse_complete_on: CompleteOn::default(),
        }
    }
}

impl From<&Assessment> for Draft {
    fn from(assessment: &Assessment) -> Self {
        Self {
            title: assessment.title.clone(),
            description_html: assessment.description_html.clone(),
            kind: assessment.kind,
            time_limit_minutes: assessment.time_limit_minutes.map(i64::from),
            invite_valid_days: assessment.invite_valid_days,
            send_email: assessment.send_email,
            email_template: assessment.email_template.clone(),
            competencies: assessment.competencies.clone(),
            questions: assessment.questions.iter().map(Into::into).collect(),
            external: assessment.external.clone(),
            category: assessment.category,
            greenhouse_job_id: assessment.greenhouse_job_id.clone(),
            greenhouse_complete_on: assessment.greenhouse_complete_on,
        }
    }
}

impl From<&Question> for DraftQuestion {
    fn from(question: &Question) -> Self {
        Self {
            id: Some(question.id),
            kind: question.kind,
            prompt: question.prompt.clone(),
            choices: question.choices.iter().map(Into::into).collect(),
            points: question.points,
            competency: question.competency.clone(),
        }
    }
}

impl From<&Choice> for DraftChoice {
    fn from(choice: &Choice) -> Self {
        Self {
            id: Some(choice.id),
            text: choice.text.clone(),
            correct: choice.correct,
        }
    }
}

/// A new draft that says nothing yet.
pub(super) fn blank(id: AssessmentId, organization: OrganizationId) -> Assessment {
    let empty = Draft::default();
    Assessment {
        id,
        organization,
        status: AssessmentStatus::Draft,
        version: 1,
        title: empty.title,
        description_html: empty.description_html,
        kind: empty.kind,
        time_limit_minutes: None,
        invite_valid_days: empty.invite_valid_days,
        send_email: empty.send_email,
        email_template: empty.email_template,
        competencies: empty.competencies,
        questions: Vec::new(),
        external: empty.external,
        category: empty.category,
        greenhouse_job_id: empty.greenhouse_job_id,
        greenhouse_complete_on: empty.greenhouse_complete_on,
    }
}

impl Draft {
    /// The assessment that `old` becomes: same id, owner, status and version. Expects a draft that was checked.
    pub(super) fn write_over(self, old: &Assessment, draw: impl Fn() -> Uuid) -> Assessment {
        let minutes = self.time_limit_minutes;
        Assessment {
            id: old.id,
            organization: old.organization,
            status: old.status,
            version: old.version,
            title: self.title,
            description_html: self.description_html,
            kind: self.kind,
            time_limit_minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
            invite_valid_days: self.invite_valid_days,
            send_email: self.send_email,
            email_template: self.email_template,
            competencies: self.competencies,
            questions: (self.questions.into_iter())
                .map(|question| question.identified(&draw))
                .collect(),
            external: self.external,
            category: self.category,
            greenhouse_job_id: self.greenhouse_job_id,
            greenhouse_complete_on: self.greenhouse_complete_on,
        }
    }
}

impl DraftQuestion {
    fn identified(self, draw: &impl Fn() -> Uuid) -> Question {
        Question {
            id: self.id.unwrap_or_else(|| draw().into()),
            kind: self.kind,
            prompt: self.prompt,
            choices: (self.choices.into_iter())
                .map(|choice| choice.identified(draw))
                .collect(),
            points: self.points,
            competency: self.competency,
        }
    }
}

impl DraftChoice {
    fn identified(self, draw: &impl Fn() -> Uuid) -> Choice {
        Choice {
            id: self.id.unwrap_or_else(|| draw().into()),
            text: self.text,
            correct: self.correct,
        }
    }
}
