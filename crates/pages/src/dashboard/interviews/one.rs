//! One interview, `/interviews/{id}`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::link::WebHref;
use crate::parts::{Copy, Remark, TimelineEntry};
use crate::when::When;

/// `GET /interviews/{id}`: both answers, what came of them, and why.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/interviews/one.html")]
pub struct InterviewPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The interview's id.
    pub id: String,
    /// The candidate's name.
    pub candidate: String,
    /// Where it is.
    pub state: Badge,
    /// What that means and what to do.
    pub remark: Remark,
    /// **Try again**: it is blocked.
    pub may_try: bool,
    /// The candidate's address.
    pub email: String,
    /// The candidate's profile.
    pub linkedin: Option<WebHref>,
    /// Who interviewed.
    pub interviewer: String,
    /// "28 September 2026".
    pub day: String,
    /// What was judged, and how: "Technical skills", "4".
    pub scores: Vec<(String, String)>,
    /// The interviewer's words.
    pub comments: String,
    /// The interviewer's answer.
    pub advance: bool,
    /// The candidate's answer.
    pub answer: AnswerView,
    /// The mail to the candidate, with what is to be said of it.
    pub mail: (Badge, String),
    /// The candidate's link, to be handed on.
    pub link: Option<Copy>,
    /// The number of Greenhouse's job.
    pub job: Option<String>,
    /// The person's number in Greenhouse.
    pub person: Option<String>,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
}

/// What the candidate said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerView {
    /// Nothing yet.
    Open,
    /// Yes or no, then.
    Given {
        /// Yes?
        interested: bool,
        /// When.
        when: When,
    },
}
