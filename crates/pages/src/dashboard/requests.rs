//! Operator › Requests, `/operator/requests`: what organizations ask the operator for.

use askama::Template;

use super::{Button, Frame, Section};
use crate::parts::{Empty, Remark};
use crate::when::When;

/// `GET /operator/requests?cursor=`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/requests.html")]
pub struct RequestsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<RequestRow>,
    /// The next page; none on the last.
    pub next_href: Option<String>,
}

/// One request that nobody has answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Who asks: the organization's name.
    pub organization: String,
    /// The person's address or the key's name, where it is known.
    pub asked_by: Option<String>,
    /// What is asked for: "Lever".
    pub what: &'static str,
    /// What to know before it is fulfilled.
    pub remark: Option<Remark>,
    /// When it was asked for.
    pub when: Option<When>,
    /// **Fulfil**.
    pub fulfil: Button,
}

impl RequestsPage {
    fn csrf(&self) -> &str {
        &self.frame.csrf
    }

    fn empty() -> Empty {
        Empty {
            heading: "Nobody is waiting for you".into(),
            text: "When somebody presses Request Setup, or logs in with an account that another organization uses, it stands here, and you are mailed where operator.notify_email is set.".into(),
            link: None,
        }
    }
}
