//! Answers, and the points they earn.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Assessment, ChoiceId, CompetencyScore, Question, QuestionId, QuestionKind, ResultBody,
};

/// What a candidate answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The choices picked.
    Choices(Vec<ChoiceId>),
    /// The words typed.
    Text(String),
}

impl Answer {
    /// Is there nothing in it?
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Choices(picked) => picked.is_empty(),
            Self::Text(text) => text.trim().is_empty(),
        }
    }

    /// As people read it.
    pub fn words(&self, question: &Question) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Choices(picked) => {
                let texts = question
                    .choices
                    .iter()
                    .filter(|choice| picked.contains(&choice.id));
                texts
                    .map(|choice| choice.text.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        }
    }
}

/// Points for one answer, given by a person or by the choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Which question.
    pub question_id: QuestionId,
    /// Between 0 and the question's points.
    pub points: f64,
    /// For the scorecard.
    #[serde(default)]
    pub comment: Option<String>,
}

/// The grades of one attempt, by question.
pub type Marks = BTreeMap<QuestionId, Grade>;

/// Why grades were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("grades[{index}].{field} {problem}")]
pub struct GradeError {
    /// Which of the grades sent.
    pub index: usize,
    /// Its member at fault.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

/// The points that choices earn by themselves: all of them for exactly the right ones, else none.
pub fn score_choices(assessment: &Assessment, answers: &BTreeMap<QuestionId, Answer>) -> Marks {
    let choices = assessment
        .questions
        .iter()
        .filter(|question| question.kind.scores_itself());
    choices
        .map(|question| {
            let right = is_right(question, answers.get(&question.id));
            let points = if right { question.points } else { 0.0 };
            (
                question.id,
                Grade {
                    question_id: question.id,
                    points,
                    comment: None,
                },
            )
        })
        .collect()
}

fn is_right(question: &Question, answer: Option<&Answer>) -> bool {
    let Some(Answer::Choices(picked)) = answer else {
        return false;
    };
    let single = question.kind == QuestionKind::SingleChoice && picked.len() != 1;
    !single
        && question
            .choices
            .iter()
            .all(|choice| choice.correct == picked.contains(&choice.id))
}

/// Adds a person's `grades` to `marks`; the result once every question has its points, else `None`.
pub fn grade(
    assessment: &Assessment,
    marks: &mut Marks,
    grades: &[Grade],
) -> Result<Option<ResultBody>, GradeError> {
    for (index, grade) in grades.iter().enumerate() {
        let fault = |field, problem: String| GradeError {
            index,
            field,
            problem,
        };
        let question = assessment
            .questions
            .iter()
            .find(|question| question.id == grade.question_id)
            .ok_or_else(|| fault("question_id", "is not a question of this assessment".into()))?;
        if !(0.0..=question.points).contains(&grade.points) {
            return Err(fault(
                "points",
                format!("has to lie between 0 and {}", question.points),
            ));
        }
        if grade
            .comment
            .as_ref()
            .is_some_and(|comment| comment.chars().count() > 10_000)
        {
            return Err(fault("comment", "is longer than 10,000 characters".into()));
        }
    }
    marks.extend(
        grades
            .iter()
            .map(|grade| (grade.question_id, grade.clone())),
    );
    Ok(total(assessment, marks))
}

/// The result that `marks` add up to, once every question has some.
pub fn total(assessment: &Assessment, marks: &Marks) -> Option<ResultBody> {
    let complete = assessment
        .questions
        .iter()
        .all(|question| marks.contains_key(&question.id));
    complete.then(|| ResultBody {
        score: (assessment.max_points() > 0.0).then(|| points(&assessment.questions, marks)),
        max_score: if assessment.max_points() > 0.0 {
            assessment.max_points()
        } else {
            100.0
        },
        competencies: by_competency(assessment, marks),
        ..ResultBody::default()
    })
}

fn points<'a>(questions: impl IntoIterator<Item = &'a Question>, marks: &Marks) -> f64 {
    let earned = questions
        .into_iter()
        .filter_map(|question| marks.get(&question.id));
    earned.map(|grade| grade.points).sum()
}

fn by_competency(assessment: &Assessment, marks: &Marks) -> Vec<CompetencyScore> {
    let scores = assessment.competencies.iter().map(|competency| {
        let of_it: Vec<&Question> = assessment
            .questions
            .iter()
            .filter(|q| q.competency.as_ref() == Some(&competency.key))
            .collect();
        CompetencyScore {
            name: competency.name.clone(),
            score: points(of_it.iter().copied(), marks),
            max_score: of_it.iter().map(|question| question.points).sum(),
            comment: None,
        }
    });
    scores.filter(|score| score.max_score > 0.0).collect()
}
