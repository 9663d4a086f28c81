//! The form that files an interview, `/interviews/new`.

use askama::Template;

use super::{Frame, Section};
use crate::parts::ErrorSummary;

/// So many scores fit on the form.
const SCORES: usize = 5;

/// What is usually judged.
const USUAL: [&str; 3] = [
    "Technical skills",
    "Communication skills",
    "Problem solving ability",
];

/// `GET` and `POST /interviews/new`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/interviews/new.html")]
pub struct NewInterviewPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What was entered so far.
    pub form: InterviewForm,
    /// Today, the latest day that makes sense: `2026-11-25`.
    pub today: String,
    /// What is wrong with what was entered.
    pub errors: ErrorSummary,
}

/// What is entered, text by text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct InterviewForm {
    /// The candidate's first name.
    pub first_name: String,
    /// The candidate's last name.
    pub last_name: String,
    /// The candidate's address.
    pub email: String,
    /// The candidate's profile.
    pub linkedin_url: String,
    /// Who interviewed.
    pub interviewer_name: String,
    /// `2026-11-25`.
    pub interviewed_on: String,
    /// What was judged, and how.
    pub scores: Vec<ScoreField>,
    /// The interviewer's words.
    pub comments: String,
    /// "yes", "no", or nothing chosen yet.
    pub advance: String,
    /// The number of Greenhouse's job.
    pub greenhouse_job_id: String,
}

// It tells of a person.
impl std::fmt::Debug for InterviewForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InterviewForm(…)")
    }
}

/// One line of scores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScoreField {
    /// What was judged.
    pub name: String,
    /// "1" to "4"; empty where nobody said.
    pub score: String,
}

impl InterviewForm {
    /// As it is before anything is entered.
    pub fn empty() -> Self {
        let form = Self::default();
        let names = USUAL.map(str::to_owned);
        Self {
            scores: names
                .map(|name| ScoreField {
                    name,
                    score: String::new(),
                })
                .into(),
            ..form
        }
        .filled_up()
    }

    /// With as many lines for scores as fit.
    #[must_use]
    pub fn filled_up(mut self) -> Self {
        self.scores.resize_with(SCORES, ScoreField::default);
        self
    }

    /// The lines that have a score, with their places on the form.
    pub fn scored(&self) -> impl Iterator<Item = (usize, &ScoreField)> {
        let lines = self.scores.iter().enumerate();
        lines.filter(|(_, line)| !line.score.is_empty())
    }

    /// The place on the form of what the API calls `scores[1].name`: it counts the lines that have a score.
    pub fn line_of(&self, field: &str) -> Option<usize> {
        let (at, _) = field.strip_prefix("scores[")?.split_once(']')?;
        self.scored().nth(at.parse().ok()?).map(|(line, _)| line)
    }

    fn grades() -> [&'static str; 4] {
        ["4", "3", "2", "1"]
    }
}

impl NewInterviewPage {
    fn lines(&self) -> impl Iterator<Item = (usize, &ScoreField)> {
        self.form.scores.iter().enumerate()
    }

    fn wrong_line(&self, line: &usize) -> Option<&str> {
        self.errors.of(&format!("score-name-{line}"))
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.errors.of(field).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_at_the_line_that_it_is_in() {
        let mut form = InterviewForm::empty();
        form.scores[0].score = "4".to_owned();
        form.scores[3].score = "2".to_owned();
        assert_eq!(form.line_of("scores[0].name"), Some(0));
        assert_eq!(form.line_of("scores[1].name"), Some(3));
        assert_eq!(form.line_of("scores[2].name"), None);
        assert_eq!(form.line_of("scores"), None);
    }
}
