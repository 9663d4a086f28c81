//! The questions on one page, and the check of what is unanswered.

use std::collections::BTreeMap;

use askama::Template;
use domain::{Answer, Assessment, Question, QuestionId, QuestionKind};

use super::Asker;
use crate::parts::{ErrorSummary, FieldError};
use crate::when::{Deadline, When};
use crate::words;

/// `GET /take/{token}` once started. The form posts to `{take_path}/save` (**Save**) or `{take_path}/submit`
/// (**Submit**, which saves too); the script posts JSON to `{take_path}/answers`, see [`super::SaveRequest`].
#[derive(Debug, Clone, Template)]
#[template(path = "take/questionnaire.html")]
pub struct QuestionnairePage {
    /// Who asks.
    pub asker: Asker,
    /// `/take/{token}`.
    pub take_path: String,
    /// The assessment's title.
    pub title: String,
    /// Under which answers wait in the browser while the connection is lost: differs by invite and attempt, tells
    /// nothing (`{invite id}.{attempt}`).
    pub draft_key: String,
    /// The number of the newest save that the server holds.
    pub seq: i64,
    /// The server's time when the page was made, RFC 3339: the script's countdown does not trust the device's clock.
    pub now: String,
    /// When the sitting's time limit ends it.
    pub ends: Option<Deadline>,
    /// Until when it can be taken, where there is no time limit.
    pub deadline: Option<Deadline>,
    /// The questions with what was answered so far.
    pub questions: Vec<QuestionView>,
    /// When answers were last saved, to say so after **Save**.
    pub saved: Option<When>,
    /// What keeps the answers from being taken, by field.
    pub errors: ErrorSummary,
}

impl QuestionnairePage {
    /// "8 questions".
    fn count(&self) -> String {
        words::plural(self.questions.len(), "question", "questions")
    }
}

/// One question with its answer so far.
#[derive(Debug, Clone)]
pub struct QuestionView {
    /// 1, 2, …
    pub number: usize,
    /// The question's id; the field is named `answer.{id}`.
    pub id: String,
    /// The question itself, plain text.
    pub prompt: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// "2 points", where it has any.
    pub points: Option<String>,
    /// What can be picked.
    pub choices: Vec<ChoiceView>,
    /// What was typed so far.
    pub text: String,
    /// What is wrong with the answer.
    pub error: Option<String>,
}

/// One choice of a question.
#[derive(Debug, Clone)]
pub struct ChoiceView {
    /// The choice's id: the field's value.
    pub id: String,
    /// As the candidate reads it.
    pub text: String,
    /// Picked so far.
    pub picked: bool,
}

impl QuestionView {
    /// Is there nothing in the answer?
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && !self.choices.iter().any(|choice| choice.picked)
    }

    fn new(at: usize, question: &Question, answer: Option<&Answer>) -> Self {
        let text = match answer {
            Some(Answer::Text(text)) => text.clone(),
            _ => String::new(),
        };
        Self {
            number: at + 1,
            id: question.id.to_string(),
            prompt: question.prompt.clone(),
            kind: question.kind,
            points: (question.points > 0.0).then(|| words::points(question.points)),
            choices: choice_views(question, answer),
            text,
            error: None,
        }
    }
}

fn choice_views(question: &Question, answer: Option<&Answer>) -> Vec<ChoiceView> {
    let picked = |id| matches!(answer, Some(Answer::Choices(picked)) if picked.contains(&id));
    let choices = question.choices.iter().map(|choice| ChoiceView {
        id: choice.id.to_string(),
        text: choice.text.clone(),
        picked: picked(choice.id),
    });
    choices.collect()
}

/// The questions of `assessment` with what was answered so far and, beside each field, what is wrong with it
/// (`errors` whose field is `answer.{question id}`).
pub fn question_views(
    assessment: &Assessment,
    answers: &BTreeMap<QuestionId, Answer>,
    errors: &[FieldError],
) -> Vec<QuestionView> {
    let views = assessment
        .questions
        .iter()
        .enumerate()
        .map(|(at, question)| {
            let mut view = QuestionView::new(at, question, answers.get(&question.id));
            let field = format!("answer.{}", question.id);
            let error = errors.iter().find(|error| error.field == field);
            view.error = error.map(|error| error.message.clone());
            view
        });
    views.collect()
}

/// The answer to **Submit** without scripts while questions are unanswered: says which, leads back or goes on
/// (`{take_path}/submit` with `confirmed=yes`). The answers are saved.
#[derive(Debug, Clone, Template)]
#[template(path = "take/review.html")]
pub struct ReviewPage {
    /// Who asks.
    pub asker: Asker,
    /// `/take/{token}`.
    pub take_path: String,
    /// The assessment's title.
    pub title: String,
    /// What is unanswered; not empty.
    pub unanswered: Vec<Unanswered>,
    /// When the sitting's time limit ends it.
    pub ends: Option<Deadline>,
}

impl ReviewPage {
    fn count(&self) -> String {
        words::plural(self.unanswered.len(), "question is", "questions are")
    }
}

/// One unanswered question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// 1, 2, …; its section is `#question-{number}`.
    pub number: usize,
    /// The question.
    pub prompt: String,
}

/// The questions of `assessment` without an answer.
pub fn unanswered(
    assessment: &Assessment,
    answers: &BTreeMap<QuestionId, Answer>,
) -> Vec<Unanswered> {
    let open = assessment
        .questions
        .iter()
        .enumerate()
        .filter(|(_, question)| answers.get(&question.id).is_none_or(Answer::is_blank));
    open.map(|(at, question)| Unanswered {
        number: at + 1,
        prompt: question.prompt.clone(),
    })
    .collect()
}
