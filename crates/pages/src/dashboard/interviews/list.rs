//! The list of interviews, `/interviews`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::parts::Empty;
use crate::when::When;

/// `GET /interviews?cursor=`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/interviews/list.html")]
pub struct InterviewsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<InterviewRow>,
    /// The next page; none on the last.
    pub next_href: Option<String>,
}

/// One interview in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterviewRow {
    /// `/interviews/{id}`.
    pub href: String,
    /// The candidate's name.
    pub candidate: String,
    /// The candidate's address.
    pub email: String,
    /// Who interviewed.
    pub interviewer: String,
    /// "28 Sep 2026".
    pub day: String,
    /// Where it is.
    pub state: Badge,
    /// What needs a person, if anything does.
    pub attention: Option<String>,
    /// When it last moved.
    pub when: When,
}

impl InterviewsPage {
    fn empty() -> Empty {
        Empty {
            heading: "No interviews yet".into(),
            text: "After an interview, file what the interviewer says. Where they would go on with the candidate, the candidate is asked by mail; once both say yes, the candidate comes into Greenhouse with the feedback.".into(),
            link: Some(("New interview".into(), "/interviews/new".into())),
        }
    }
}
