//! Acme's assessments.

use app::assessments::{Draft, DraftChoice, DraftQuestion};
use domain::QuestionKind;

/// The title of the one that the walks send.
pub(crate) const WALKED: &str = "Reading a table";

/// Five choices, 20 points each: four right answers make 80.
pub(crate) fn table() -> Draft {
    let questions = [
        (
            "Sales were 120 in May and 150 in June. By how much did they grow?",
            ["25 %", "20 %", "30 %"],
        ),
        (
            "Three of twelve tickets are open. What share is that?",
            ["A quarter", "A third", "A half"],
        ),
        (
            "A row has the values 2, 4 and 9. What is their mean?",
            ["5", "4", "7.5"],
        ),
        (
            "Two columns sum to 40. One is three times the other. How large is the smaller?",
            ["10", "13", "30"],
        ),
        (
            "A table is sorted by date, newest first. Where does today's row stand?",
            ["At the top", "At the bottom", "In the middle"],
        ),
    ];
    Draft {
        title: WALKED.to_owned(),
        description_html: Some(
            "<p>Five short questions about tables. No calculator needed.</p>".to_owned(),
        ),
        time_limit_minutes: Some(15),
        questions: questions
            .iter()
            .map(|(prompt, choices)| choice_question(prompt, choices))
            .collect(),
        ..Draft::default()
    }
}

/// The first of `choices` is the right one; on the page it stands elsewhere in most questions.
fn choice_question(prompt: &str, choices: &[&str]) -> DraftQuestion {
    let mut choices: Vec<DraftChoice> = choices
        .iter()
        .enumerate()
        .map(|(at, text)| DraftChoice {
            id: None,
            text: (*text).to_owned(),
            correct: at == 0,
        })
        .collect();
    let turns = prompt.len() % choices.len();
    choices.rotate_right(turns);
    DraftQuestion {
        prompt: prompt.to_owned(),
        points: 20.0,
        choices,
        ..question(QuestionKind::SingleChoice)
    }
}

/// One question of each kind: people grade the last three.
pub(crate) fn every_kind() -> Draft {
    let asked = |kind, prompt: &str| DraftQuestion {
        prompt: prompt.to_owned(),
        points: 10.0,
        ..question(kind)
    };
    Draft {
        title: "A day in support".to_owned(),
        description_html: Some(
            "<p>How you would help three customers. Write as you would to them.</p>".to_owned(),
        ),
        questions: vec![
            choice_question(
                "A customer cannot sign in. What do you ask first?",
                &["What they see", "Their password", "Nothing"],
            ),
            DraftQuestion {
                kind: QuestionKind::MultipleChoice,
                ..choice_question(
                    "Which of these belong into a bug report?",
                    &["What you did and saw", "Your salary"],
                )
            },
            asked(
                QuestionKind::ShortText,
                "How would you open your answer, in one line?",
            ),
            asked(
                QuestionKind::LongText,
                "The customer is angry about a late delivery. Write your answer.",
            ),
            asked(
                QuestionKind::Code,
                "Write a query that finds all open tickets older than a week.",
            ),
        ],
        ..Draft::default()
    }
}

fn question(kind: QuestionKind) -> DraftQuestion {
    DraftQuestion {
        id: None,
        kind,
        prompt: String::new(),
        choices: Vec::new(),
        points: 1.0,
        competency: None,
    }
}
