//! An organization to look at: for an ATS's reviewers, and for whoever tries Baton out.

use domain::{ApiKeyKind, ApiKeyScope, Assessment, Competency, OrganizationId, QuestionKind};

use super::OrganizationRecord;
use crate::api_keys::{self, NewKey, ShownKey};
use crate::assessments::{self, Draft, DraftChoice, DraftQuestion};
use crate::{AnyConnection, App, Result};

/// What [`create_sample`] made.
#[derive(Debug)]
pub struct Sample {
    /// The organization.
    pub organization: OrganizationRecord,
    /// Its published assessments: one that scores itself, one that people grade.
    pub assessments: [Assessment; 2],
    /// A Greenhouse key that never mails anybody.
    pub key: ShownKey,
}

/// Makes an organization with two published assessments and a Greenhouse key that never mails.
///
/// # Errors
/// [`crate::Error::Unprocessable`] for a name that is empty or longer than 200 characters.
pub fn create_sample(app: &App, conn: &mut AnyConnection, name: &str) -> Result<Sample> {
    let organization = super::create(app, conn, name)?;
    let id = organization.organization.id;
    let key = NewKey {
        kind: ApiKeyKind::GreenhouseAssessment,
        name: "Reviewers, without mail".into(),
        scopes: Some(vec![ApiKeyScope::Assess]),
    };
    Ok(Sample {
        organization,
        assessments: [
            publish(app, conn, id, &numbers())?,
            publish(app, conn, id, &support())?,
        ],
        key: api_keys::create(app, conn, id, &key)?,
    })
}

fn publish(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    draft: &Draft,
) -> Result<Assessment> {
    let made = assessments::create(app, conn, organization, draft)?;
    assessments::publish(conn, organization, made.id)
}

/// Scores itself.
fn numbers() -> Draft {
    Draft {
        title: "Numbers at work".into(),
        description_html: Some(
            "<p>Five short questions about tables, shares and growth. A calculator is fine.</p>"
                .into(),
        ),
        time_limit_minutes: Some(20),
        questions: vec![
            choices(
                "A price of 80 rises by a quarter. What is it now?",
                &["95", "100", "105", "120"],
                &["100"],
            ),
            choices(
                "Of 240 orders, 36 came back. Which share is that?",
                &["12 %", "15 %", "18 %", "24 %"],
                &["15 %"],
            ),
            choices(
                "Which of these are more than one third?",
                &["0.3", "2/5", "35 %", "1/4"],
                &["2/5", "35 %"],
            ),
            choices(
                "Sales fell by 20 % in May and rose by 20 % in June. Compared with April, June was",
                &["lower", "the same", "higher"],
                &["lower"],
            ),
            choices(
                "Three people need six days for a job. How many days do nine people need, at the same pace?",
                &["2", "3", "12", "18"],
                &["2"],
            ),
        ],
        ..Draft::default()
    }
}

/// People grade it.
fn support() -> Draft {
    let empathy = Competency {
        key: "empathy".into(),
        name: "Empathy".into(),
    };
    Draft {
        title: "A day in customer support".into(),
        description_html: Some(
            "<p>Three situations from our inbox. Write as you would to a real customer.</p>".into(),
        ),
        time_limit_minutes: Some(45),
        competencies: vec![empathy],
        questions: vec![
            choices(
                "A customer writes in capital letters that nothing works. What comes first?",
                &[
                    "Ask for the order number",
                    "Say what you understood, then ask what they see",
                    "Point to the manual",
                ],
                &["Say what you understood, then ask what they see"],
            ),
            written(
                QuestionKind::ShortText,
                "In one sentence: your parcel will be a week late.",
            ),
            written(
                QuestionKind::LongText,
                "A customer asks for a refund that our terms do not allow. Write your answer.",
            ),
        ],
        ..Draft::default()
    }
}

fn choices(prompt: &str, texts: &[&str], right: &[&str]) -> DraftQuestion {
    let kind = if right.len() == 1 {
        QuestionKind::SingleChoice
    } else {
        QuestionKind::MultipleChoice
    };
    let choices = texts.iter().map(|text| DraftChoice {
        id: None,
        text: (*text).to_owned(),
        correct: right.contains(text),
    });
    DraftQuestion {
        id: None,
        kind,
        prompt: prompt.into(),
        choices: choices.collect(),
        points: 1.0,
        competency: None,
    }
}

fn written(kind: QuestionKind, prompt: &str) -> DraftQuestion {
    DraftQuestion {
        id: None,
        kind,
        prompt: prompt.into(),
        choices: Vec::new(),
        points: 5.0,
        competency: Some("empathy".into()),
    }
}
