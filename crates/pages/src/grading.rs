//! The form in which people grade free text.

use std::collections::BTreeMap;

use domain::{Answer, Assessment, Grade, Marks, Question, QuestionId, QuestionKind};

use crate::parts::{ErrorSummary, FieldError};
use crate::words;

/// Grades for the free-text answers of one invite. Posts to `/invites/{id}/grades`.
#[derive(Debug, Clone)]
pub struct GradeForm {
    /// `/invites/{id}/grades`.
    pub action: String,
    /// The session's token.
    pub csrf: String,
    /// The answers to grade.
    pub items: Vec<GradeItem>,
    /// Already graded: what is sent becomes the next revision.
    pub again: bool,
    /// What keeps the grades from being taken.
    pub errors: ErrorSummary,
}

/// One answer to grade.
#[derive(Debug, Clone)]
pub struct GradeItem {
    /// The question's number on the page.
    pub number: usize,
    /// The question's id; the fields are `points.{id}` and `comment.{id}`.
    pub id: String,
    /// The question.
    pub prompt: String,
    /// The answer; none where there is none.
    pub answer: Option<String>,
    /// Shown in a fixed-width font.
    pub is_code: bool,
    /// As typed or as graded before.
    pub points: String,
    /// The most it can earn.
    pub most: String,
    /// As typed or as graded before.
    pub comment: String,
    /// What is wrong with the points.
    pub error: Option<String>,
}

impl GradeForm {
    /// The form for the answers that `assessment` has graded by people; none where there are none.
    pub fn new(
        action: String,
        csrf: String,
        assessment: &Assessment,
        answers: &BTreeMap<QuestionId, Answer>,
        marks: &Marks,
    ) -> Option<Self> {
        let by_people = assessment.questions.iter().enumerate();
        let by_people = by_people.filter(|(_, question)| !question.kind.scores_itself());
        let items: Vec<GradeItem> = by_people
            .map(|(at, question)| item(at, question, answers, marks))
            .collect();
        let again = items.iter().all(|item| !item.points.is_empty());
        (!items.is_empty()).then_some(Self {
            action,
            csrf,
            items,
            again,
            errors: ErrorSummary::default(),
        })
    }

    /// The same form after a refusal: with what was typed, and what is wrong with it.
    #[must_use]
    pub fn refused(mut self, fields: &[(String, String)], errors: Vec<FieldError>) -> Self {
        for item in &mut self.items {
            item.points = value(fields, "points", &item.id).to_owned();
            item.comment = value(fields, "comment", &item.id).to_owned();
            let name = format!("points.{}", item.id);
            let error = errors.iter().find(|error| error.field == name);
            item.error = error.map(|error| error.message.clone());
        }
        self.errors = ErrorSummary { errors };
        self
    }
}

fn item(
    at: usize,
    question: &Question,
    answers: &BTreeMap<QuestionId, Answer>,
    marks: &Marks,
) -> GradeItem {
    let answer = answers
        .get(&question.id)
        .filter(|answer| !answer.is_blank());
    let mark = marks.get(&question.id);
    GradeItem {
        number: at + 1,
        id: question.id.to_string(),
        prompt: question.prompt.clone(),
        answer: answer.map(|answer| answer.words(question)),
        is_code: question.kind == QuestionKind::Code,
        points: mark.map(|mark| mark.points.to_string()).unwrap_or_default(),
        most: question.points.to_string(),
        comment: mark
            .and_then(|mark| mark.comment.clone())
            .unwrap_or_default(),
        error: None,
    }
}

fn value<'a>(fields: &'a [(String, String)], kind: &str, id: &str) -> &'a str {
    let name = format!("{kind}.{id}");
    let field = fields.iter().find(|(field, _)| *field == name);
    field.map_or("", |(_, value)| value.trim())
}

/// Reads a posted grade form. Questions whose points are left empty stay ungraded.
///
/// # Errors
/// The fields whose points are no number between 0 and the question's most, or where nothing at all was graded.
pub fn grades_from_form(
    assessment: &Assessment,
    fields: &[(String, String)],
) -> Result<Vec<Grade>, Vec<FieldError>> {
    let (mut grades, mut errors) = (Vec::new(), Vec::new());
    let by_people = assessment.questions.iter().zip(1..);
    for (question, number) in by_people.filter(|(question, _)| !question.kind.scores_itself()) {
        match grade(number, question, fields) {
            Ok(grade) => grades.extend(grade),
            Err(error) => errors.push(error),
        }
    }
    match (grades.is_empty(), errors.is_empty()) {
        (_, false) => Err(errors),
        (true, true) => Err(nothing_graded(assessment)),
        (false, true) => Ok(grades),
    }
}

fn grade(
    number: u32,
    question: &Question,
    fields: &[(String, String)],
) -> Result<Option<Grade>, FieldError> {
    let id = question.id.to_string();
    let typed = value(fields, "points", &id).replace(',', ".");
    if typed.is_empty() {
        return Ok(None);
    }
    let points: Option<f64> = typed.parse().ok();
    let points = points.filter(|points| (0.0..=question.points).contains(points));
    let comment = value(fields, "comment", &id);
    match points {
        Some(points) => Ok(Some(Grade {
            question_id: question.id,
            points,
            comment: (!comment.is_empty()).then(|| comment.replace("\r\n", "\n")),
        })),
        None => Err(FieldError::new(
            format!("points.{id}"),
            format!(
                "Question {number}: give a number between 0 and {}.",
                words::score(question.points)
            ),
        )),
    }
}

fn nothing_graded(assessment: &Assessment) -> Vec<FieldError> {
    let first = assessment
        .questions
        .iter()
        .find(|question| !question.kind.scores_itself());
    let field = first.map_or_else(String::new, |question| format!("points.{}", question.id));
    vec![FieldError::new(
        field,
        "No points were given. Grade at least one answer.",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn fields(assessment: &Assessment, points: &[&str]) -> Vec<(String, String)> {
        let by_people = assessment
            .questions
            .iter()
            .filter(|question| !question.kind.scores_itself());
        by_people
            .zip(points)
            .map(|(question, points)| (format!("points.{}", question.id), (*points).to_owned()))
            .collect()
    }

    #[test]
    fn points_are_read_with_a_point_or_a_comma() {
        let assessment = samples::assessment();
        let grades =
            grades_from_form(&assessment, &fields(&assessment, &["1", "7,5"])).expect("good");
        assert_eq!(
            grades.iter().map(|grade| grade.points).collect::<Vec<_>>(),
            [1.0, 7.5]
        );
    }

    #[test]
    fn points_out_of_range_are_refused_by_their_field() {
        let assessment = samples::assessment();
        for wrong in ["-1", "1000", "ten", "NaN", "inf"] {
            let fields = fields(&assessment, &[wrong]);
            let errors = grades_from_form(&assessment, &fields).expect_err(wrong);
            assert_eq!(errors[0].field, fields[0].0, "{wrong}");
        }
    }

    #[test]
    fn an_empty_form_says_so_and_a_refused_one_keeps_what_was_typed() {
        let assessment = samples::assessment();
        assert!(grades_from_form(&assessment, &[]).is_err());
        let typed = fields(&assessment, &["ten"]);
        let errors = grades_from_form(&assessment, &typed).expect_err("no number");
        let (answers, marks) = (BTreeMap::new(), Marks::new());
        let form = GradeForm::new("/x".into(), "c".into(), &assessment, &answers, &marks)
            .expect("free text to grade")
            .refused(&typed, errors);
        assert_eq!(form.items[0].points, "ten");
        assert!(form.items[0].error.is_some());
    }
}
