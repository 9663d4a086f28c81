//! The list of assessments, `/assessments`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::parts::Empty;

/// `GET /assessments`: read-only; titles can be copied, since they are what Greenhouse lists.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/assessments.html")]
pub struct AssessmentsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// One page of assessments, newest first.
    pub rows: Vec<AssessmentRow>,
    /// The next page; none on the last.
    pub next_href: Option<String>,
    /// Is **Import from Greenhouse** on offer: is Greenhouse connected?
    pub imports: bool,
}

impl AssessmentsPage {
    fn empty(&self) -> Empty {
        if self.imports {
            return Empty {
                heading: "No assessments yet".into(),
                text: "Import an open job from Greenhouse, or make one through the API: POST /v1/assessments. Once published, an assessment is on offer in Greenhouse under its title.".into(),
                link: None,
            };
        }
        Empty {
            heading: "No assessments yet".into(),
            text: "They are made through the API: POST /v1/assessments, then publish. Once published, an assessment is on offer in Greenhouse under its title.".into(),
            link: None,
        }
    }
}

/// One assessment in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRow {
    /// As candidates and recruiters read it.
    pub title: String,
    /// Where it is in its life.
    pub state: Badge,
    /// "8 questions", or "On example.com".
    pub contents: String,
    /// "45 minutes".
    pub time_limit: Option<String>,
    /// `/assessments/{id}`.
    pub href: String,
}
