//! The question before something that cannot be undone, for browsers without scripts (with them, a dialog asks).

use askama::Template;

use crate::dashboard::{Frame, Question, Section};

/// Names what will happen and asks. The form posts to `action` with `confirmed=yes`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/confirm.html")]
pub struct ConfirmPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The question.
    pub heading: String,
    /// What will happen.
    pub consequence: String,
    /// Where the form posts to.
    pub action: String,
    /// What the button says.
    pub button: String,
    /// The way back, and what it says.
    pub cancel: (&'static str, String),
}

impl ConfirmPage {
    /// **Withdraw shared links** of the results page of invite `id`.
    pub fn withdraw(frame: Frame, id: &str) -> Self {
        Self {
            frame,
            heading: "Withdraw shared links?".into(),
            consequence: WITHDRAW.into(),
            action: format!("/results/{id}/withdraw"),
            button: "Withdraw the links".into(),
            cancel: ("Keep them", format!("/results/{id}")),
        }
    }

    /// Whatever a button on the page of integrations asks, about to post to `action`.
    pub fn integration(frame: Frame, question: Question, action: String) -> Self {
        Self {
            frame,
            heading: question.heading,
            consequence: question.consequence,
            action,
            button: question.yes.into(),
            cancel: (question.no, "/settings/integrations".into()),
        }
    }

    /// Whatever a button on the page of requests asks, about to post to `action`.
    pub fn request(frame: Frame, question: Question, action: String) -> Self {
        Self {
            cancel: (question.no, "/operator/requests".into()),
            ..Self::integration(frame, question, action)
        }
    }

    /// **Erase candidate** of the page of invite `id`.
    pub fn erase(frame: Frame, id: &str, candidate: &str) -> Self {
        Self {
            frame,
            heading: format!("Erase {candidate}?"),
            consequence: ERASE.into(),
            action: format!("/invites/{id}/erase"),
            button: "Erase the candidate".into(),
            cancel: ("Keep the candidate", format!("/invites/{id}")),
        }
    }
}

/// What withdrawing does, in the words of the dialog and of the page.
pub const WITHDRAW: &str = "Every link to this result that was opened from the applicant-tracking system stops working. People who sign in here still see it. The link that is shown there next time is a new one.";

/// What erasing does.
const ERASE: &str = "Names, addresses, answers and reports of this person are deleted from all of their invites, also from those to other assessments, and nobody can bring them back. The invites stay as numbers: status and score go on being told to the applicant-tracking system. Links stop working.";
