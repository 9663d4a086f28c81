//! Answers as they come in: from the plain form, and from the script.

use std::collections::BTreeMap;

use domain::{Answer, Assessment, Question, QuestionId};
use serde::{Deserialize, Serialize};

use crate::parts::FieldError;

/// The longest text taken as one answer, in characters.
pub const LONGEST_ANSWER: usize = 20_000;

/// The answers in a posted form: every question of `assessment`, since a form holds them all (a choice that is no
/// longer ticked is not in it). Fields are named `answer.{question id}`; what belongs to no question is passed over.
pub fn answers_from_form(
    assessment: &Assessment,
    fields: &[(String, String)],
) -> BTreeMap<QuestionId, Answer> {
    let answers = assessment.questions.iter().map(|question| {
        let name = format!("answer.{}", question.id);
        let values = fields.iter().filter(|(field, _)| *field == name);
        let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
        (question.id, answer(question, &values))
    });
    answers.collect()
}

/// What the script posts to `{take_path}/answers`, as `application/json`: only the answers that changed since the
/// last save that was acknowledged.
///
/// The server keeps it where `seq` is greater than the number it holds, and answers [`SaveAnswer`] with 200 either
/// way; 422 with `{"message": "…"}` where an answer is too long (shown beside Save); 409 or 410 once the sitting is
/// over (the script then loads the page again).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveRequest {
    /// Counts up with each save of one browser.
    pub seq: i64,
    /// By question id: a text, or a list of choice ids.
    pub answers: BTreeMap<QuestionId, Answer>,
}

/// The answer to a [`SaveRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaveAnswer {
    /// False where a newer save was there already: the script then sends again, with a number above `seq`.
    pub kept: bool,
    /// The number of the newest save that the server holds.
    pub seq: i64,
}

/// The answers in what the script posted, made to fit their questions; what belongs to no question is passed over.
///
/// # Errors
/// The fields whose text is longer than [`LONGEST_ANSWER`].
pub fn answers_from_script(
    assessment: &Assessment,
    sent: &BTreeMap<QuestionId, Answer>,
) -> Result<BTreeMap<QuestionId, Answer>, Vec<FieldError>> {
    let known = assessment.questions.iter().filter_map(|question| {
        sent.get(&question.id)
            .map(|sent| (question.id, fit(question, sent)))
    });
    let answers: BTreeMap<_, _> = known.collect();
    let errors = too_long(&answers);
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

/// Which of `answers` are longer than [`LONGEST_ANSWER`], with what to do about it.
pub fn too_long(answers: &BTreeMap<QuestionId, Answer>) -> Vec<FieldError> {
    let long = answers.iter().filter(|(_, answer)| match answer {
        Answer::Text(text) => text.chars().count() > LONGEST_ANSWER,
        Answer::Choices(_) => false,
    });
    long.map(|(id, _)| FieldError {
        field: format!("answer.{id}"),
        message: "This answer is longer than 20,000 characters. Shorten it, then save again."
            .into(),
    })
    .collect()
}

fn answer(question: &Question, values: &[&str]) -> Answer {
    if question.kind.scores_itself() {
        let picked = question.choices.iter().map(|choice| choice.id);
        return Answer::Choices(
            picked
                .filter(|id| values.contains(&id.to_string().as_str()))
                .collect(),
        );
    }
    // Forms send line ends as CR LF.
    Answer::Text(values.first().unwrap_or(&"").replace("\r\n", "\n"))
}

/// As the form would have sent it. What does not fit its question stays as it is: saving it is refused, so that a
/// faulty program costs nobody an answer.
fn fit(question: &Question, sent: &Answer) -> Answer {
    match sent {
        Answer::Text(text) if !question.kind.scores_itself() => answer(question, &[text]),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn field(question: &Question, value: impl Into<String>) -> (String, String) {
        (format!("answer.{}", question.id), value.into())
    }

    #[test]
    fn a_form_answers_every_question_and_nothing_else() {
        let assessment = samples::assessment();
        let (single, text) = (&assessment.questions[0], &assessment.questions[2]);
        let fields = [
            field(single, single.choices[1].id.to_string()),
            field(text, "one\r\ntwo"),
            ("answer.nobody".to_owned(), "x".to_owned()),
            ("csrf".to_owned(), "x".to_owned()),
        ];
        let answers = answers_from_form(&assessment, &fields);
        assert_eq!(answers.len(), assessment.questions.len());
        assert_eq!(
            answers[&single.id],
            Answer::Choices(vec![single.choices[1].id])
        );
        assert_eq!(answers[&text.id], Answer::Text("one\ntwo".into()));
        assert!(answers[&assessment.questions[1].id].is_blank());
    }

    #[test]
    fn a_choice_of_another_question_is_not_an_answer() {
        let assessment = samples::assessment();
        let foreign = assessment.questions[1].choices[0].id.to_string();
        let answers = answers_from_form(&assessment, &[field(&assessment.questions[0], foreign)]);
        assert!(answers[&assessment.questions[0].id].is_blank());
    }

    #[test]
    fn a_script_that_mistakes_a_question_wipes_out_no_answer() {
        let assessment = samples::assessment();
        let (single, text) = (&assessment.questions[0], &assessment.questions[2]);
        let mistaken = BTreeMap::from([
            (single.id, Answer::Text("because".into())),
            (text.id, Answer::Choices(Vec::new())),
        ]);
        let answers = answers_from_script(&assessment, &mistaken).expect("short enough");
        // As sent, so that saving refuses it.
        assert_eq!(answers, mistaken);
    }

    #[test]
    fn the_script_sends_only_what_changed() {
        let assessment = samples::assessment();
        let text = &assessment.questions[2];
        let body = format!(r#"{{"seq":4,"answers":{{"{}":"because"}}}}"#, text.id);
        let request: SaveRequest = serde_json::from_str(&body).expect("as the script sends it");
        let answers = answers_from_script(&assessment, &request.answers).expect("short enough");
        assert_eq!(
            answers,
            BTreeMap::from([(text.id, Answer::Text("because".into()))])
        );
    }

    #[test]
    fn an_endless_answer_is_refused_by_its_field() {
        let assessment = samples::assessment();
        let text = &assessment.questions[2];
        let long = Answer::Text("x".repeat(LONGEST_ANSWER + 1));
        let errors = answers_from_script(&assessment, &BTreeMap::from([(text.id, long)]))
            .expect_err("too long");
        assert_eq!(errors[0].field, format!("answer.{}", text.id));
    }
}
