//! The question before something that cannot be undone, for browsers without scripts (with them, a dialog asks).

use askama::Template;

use crate::dashboard::{Frame, Section};

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
    /// The way back.
    pub cancel_href: String,
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
            cancel_href: format!("/results/{id}"),
        }
    }
}

/// What withdrawing does, in the words of the dialog and of the page.
pub const WITHDRAW: &str = "Every link to this result that was opened from the applicant-tracking system stops working. People who sign in here still see it. The link that is shown there next time is a new one.";
