//! Assessments on the wire.

use app::assessments::{Draft, DraftChoice, DraftQuestion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::member::Member;
use super::names;

names! {
    /// How an assessment is taken: on Baton's pages, or in the vendor's own runner.
    Kind = domain::Kind { Questionnaire, External }
}

names! {
    /// Where an assessment is in its life.
    AssessmentStatus = domain::AssessmentStatus { Draft, Published, Archived }
}

names! {
    /// What sort of thing it is.
    Category = domain::Category { Skills, Behavioral, Video, BackgroundCheck, ReferenceCheck, Other }
}

names! {
    /// From when on Greenhouse reads `complete`.
    CompleteOn = domain::CompleteOn { Submitted, Graded }
}

names! {
    /// How a question is answered. Choices score themselves; people grade the rest.
    QuestionKind = domain::QuestionKind { SingleChoice, MultipleChoice, ShortText, LongText, Code }
}

/// The invitation's words; placeholders `{{first_name}} {{assessment}} {{organization}} {{link}} {{deadline}} {{minutes}}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EmailTemplate {
    /// At most 200 characters.
    #[schema(
        required = false,
        example = "{{organization}} invites you: {{assessment}}"
    )]
    subject: Option<String>,
    /// Plain text of at most 10,000 characters; a missing `{{link}}` is put at the end.
    #[schema(required = false)]
    body: Option<String>,
}

/// One thing an assessment looks at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Competency {
    /// What questions name it by; at most 60 characters.
    #[schema(example = "rust")]
    key: String,
    /// At most 200 characters.
    #[schema(example = "Rust")]
    name: String,
}

/// Where an external assessment runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct External {
    /// Start leads there, signed; https.
    #[schema(required = false, example = "https://runner.example/start")]
    launch_url: Option<String>,
}

/// One choice of a question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceBody {
    /// Given back with a PATCH to keep it.
    #[serde(default)]
    id: Option<Uuid>,
    /// 1 to 2,000 characters.
    text: String,
    /// Is it a right one?
    #[serde(default)]
    correct: bool,
}

/// One question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionBody {
    /// Given back with a PATCH to keep it.
    #[serde(default)]
    id: Option<Uuid>,
    kind: QuestionKind,
    /// At most 10,000 characters.
    prompt: String,
    /// At most 50.
    #[serde(default)]
    choices: Vec<ChoiceBody>,
    /// Points for a full answer; 0 to 1000.
    #[serde(default = "one")]
    #[schema(default = 1)]
    points: f64,
    /// The key of the competency it counts for.
    #[serde(default)]
    competency: Option<String>,
}

fn one() -> f64 {
    1.0
}

/// An assessment as it is written. Members given are changed, `null` clears; what is never given takes its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentBody {
    /// At most 200 characters; needed to publish.
    #[schema(value_type = Option<String>, example = "Backend practical")]
    #[serde(default)]
    title: Member<String>,
    /// At most 100,000 characters; cleaned where it is shown.
    #[schema(value_type = Option<String>, example = "<p>A small service, from the test up.</p>")]
    #[serde(default)]
    description_html: Member<String>,
    #[schema(value_type = Option<Kind>, default = "questionnaire")]
    #[serde(default)]
    kind: Member<Kind>,
    /// How long one sitting may last; 1 to 1440.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1440)]
    #[serde(default)]
    time_limit_minutes: Member<i64>,
    /// How long an invite stays open; above 0, at most 365; fractions allowed.
    #[schema(value_type = Option<f64>, default = 14)]
    #[serde(default)]
    invite_valid_days: Member<f64>,
    /// Does Baton mail the candidate?
    #[schema(value_type = Option<bool>, default = true)]
    #[serde(default)]
    send_email: Member<bool>,
    #[schema(value_type = Option<EmailTemplate>)]
    #[serde(default)]
    email_template: Member<EmailTemplate>,
    /// At most 50.
    #[schema(value_type = Option<Vec<Competency>>)]
    #[serde(default)]
    competencies: Member<Vec<Competency>>,
    /// At most 200.
    #[schema(value_type = Option<Vec<QuestionBody>>)]
    #[serde(default)]
    questions: Member<Vec<QuestionBody>>,
    #[schema(value_type = Option<External>)]
    #[serde(default)]
    external: Member<External>,
    #[schema(value_type = Option<Category>)]
    #[serde(default)]
    category: Member<Category>,
    /// The job it was made for.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    greenhouse_job_id: Member<String>,
    #[schema(value_type = Option<CompleteOn>, default = "graded")]
    #[serde(default)]
    greenhouse_complete_on: Member<CompleteOn>,
}

impl AssessmentBody {
    pub(crate) fn change(&self, draft: &mut Draft) {
        let cleared = Draft::default();
        self.title.change(&mut draft.title, cleared.title);
        self.description_html
            .change_optional(&mut draft.description_html);
        self.kind.change(&mut draft.kind, cleared.kind);
        self.time_limit_minutes
            .change_optional(&mut draft.time_limit_minutes);
        self.invite_valid_days
            .change(&mut draft.invite_valid_days, cleared.invite_valid_days);
        self.send_email
            .change(&mut draft.send_email, cleared.send_email);
        self.email_template
            .change_optional(&mut draft.email_template);
        change_list(&self.competencies, &mut draft.competencies);
        change_list(&self.questions, &mut draft.questions);
        self.external.change_optional(&mut draft.external);
        self.category.change_optional(&mut draft.category);
        self.greenhouse_job_id
            .change_optional(&mut draft.greenhouse_job_id);
        self.greenhouse_complete_on.change(
            &mut draft.greenhouse_complete_on,
            cleared.greenhouse_complete_on,
        );
    }
}

fn change_list<T: Clone + Into<U>, U>(member: &Member<Vec<T>>, place: &mut Vec<U>) {
    match member {
        Member::Absent => {}
        Member::Null => place.clear(),
        Member::Given(list) => *place = list.iter().cloned().map(Into::into).collect(),
    }
}

impl From<EmailTemplate> for domain::EmailTemplate {
    fn from(template: EmailTemplate) -> Self {
        Self {
            subject: template.subject,
            body: template.body,
        }
    }
}

impl From<domain::EmailTemplate> for EmailTemplate {
    fn from(template: domain::EmailTemplate) -> Self {
        Self {
            subject: template.subject,
            body: template.body,
        }
    }
}

impl From<Competency> for domain::Competency {
    fn from(competency: Competency) -> Self {
        Self {
            key: competency.key,
            name: competency.name,
        }
    }
}

impl From<domain::Competency> for Competency {
    fn from(competency: domain::Competency) -> Self {
        Self {
            key: competency.key,
            name: competency.name,
        }
    }
}

impl From<External> for domain::External {
    fn from(external: External) -> Self {
        Self {
            launch_url: external.launch_url,
        }
    }
}

impl From<domain::External> for External {
    fn from(external: domain::External) -> Self {
        Self {
            launch_url: external.launch_url,
        }
    }
}

impl From<QuestionBody> for DraftQuestion {
    fn from(question: QuestionBody) -> Self {
        Self {
            id: question.id.map(Into::into),
            kind: question.kind.into(),
            prompt: question.prompt,
            choices: question.choices.into_iter().map(Into::into).collect(),
            points: question.points,
            competency: question.competency,
        }
    }
}

impl From<ChoiceBody> for DraftChoice {
    fn from(choice: ChoiceBody) -> Self {
        Self {
            id: choice.id.map(Into::into),
            text: choice.text,
            correct: choice.correct,
        }
    }
}

/// One choice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Choice {
    id: Uuid,
    text: String,
    correct: bool,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Question {
    id: Uuid,
    kind: QuestionKind,
    prompt: String,
    choices: Vec<Choice>,
    points: f64,
    #[schema(required)]
    competency: Option<String>,
}

/// An assessment at its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Assessment {
    /// Stays valid for ever: an ATS keeps it.
    id: Uuid,
    status: AssessmentStatus,
    /// Raised by each change of a published one.
    version: i32,
    title: String,
    #[schema(required)]
    description_html: Option<String>,
    kind: Kind,
    #[schema(required)]
    time_limit_minutes: Option<u32>,
    invite_valid_days: f64,
    send_email: bool,
    #[schema(required)]
    email_template: Option<EmailTemplate>,
    competencies: Vec<Competency>,
    questions: Vec<Question>,
    #[schema(required)]
    external: Option<External>,
    #[schema(required)]
    category: Option<Category>,
    #[schema(required)]
    greenhouse_job_id: Option<String>,
    greenhouse_complete_on: CompleteOn,
}

impl From<domain::Choice> for Choice {
    fn from(choice: domain::Choice) -> Self {
        Self {
            id: choice.id.into(),
            text: choice.text,
            correct: choice.correct,
        }
    }
}

impl From<domain::Question> for Question {
    fn from(question: domain::Question) -> Self {
        Self {
            id: question.id.into(),
            kind: question.kind.into(),
            prompt: question.prompt,
            choices: question.choices.into_iter().map(Into::into).collect(),
            points: question.points,
            competency: question.competency,
        }
    }
}

impl From<domain::Assessment> for Assessment {
    fn from(assessment: domain::Assessment) -> Self {
        let competencies = assessment.competencies.into_iter();
        let questions = assessment.questions.into_iter();
        Self {
            id: assessment.id.into(),
            status: assessment.status.into(),
            version: assessment.version,
            title: assessment.title,
            description_html: assessment.description_html,
            kind: assessment.kind.into(),
            time_limit_minutes: assessment.time_limit_minutes,
            invite_valid_days: assessment.invite_valid_days,
            send_email: assessment.send_email,
            email_template: assessment.email_template.map(Into::into),
            competencies: competencies.map(Into::into).collect(),
            questions: questions.map(Into::into).collect(),
            external: assessment.external.map(Into::into),
            category: assessment.category.map(Into::into),
            greenhouse_job_id: assessment.greenhouse_job_id,
            greenhouse_complete_on: assessment.greenhouse_complete_on.into(),
        }
    }
}
