//! **Import from Greenhouse**, `/assessments/import`, and what an imported job says by now.

use askama::Template;

use super::{Button, Frame, Section};
use crate::badge::{Badge, Shape, Tone};
use crate::clean::CleanHtml;
use crate::parts::{Empty, Remark};

/// `GET /assessments/import`: open jobs, searched and browsed.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/import.html")]
pub struct ImportPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What was searched for.
    pub q: String,
    /// One page of jobs, newest first.
    pub rows: Vec<JobRow>,
    /// The first page; none on the first.
    pub first_href: Option<String>,
    /// The next page; none on the last.
    pub next_href: Option<String>,
    /// Why there is nothing to choose from.
    pub trouble: Option<Remark>,
    /// Where that can be mended.
    pub integrations: bool,
}

/// One open job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// What it is called inside.
    pub name: String,
    /// The organization's own number.
    pub requisition_id: Option<String>,
    /// What its post is called outside.
    pub title: Option<String>,
    /// The assessment it was imported as.
    pub imported_href: Option<String>,
    /// **Import**; none for those who may not, and where it was imported.
    pub import: Option<Button>,
}

impl JobRow {
    fn imported() -> Badge {
        Badge::new("Imported", Shape::Check, Tone::Good)
    }
}

impl ImportPage {
    fn empty(&self) -> Empty {
        let (heading, text) = if self.q.is_empty() {
            (
                "No open jobs",
                "Greenhouse has no open job that this connection may see. Confidential jobs are seen only by their hiring team.",
            )
        } else {
            (
                "Nothing found",
                "No open job has all of these words in its name or requisition id.",
            )
        };
        Empty {
            heading: heading.into(),
            text: text.into(),
            link: None,
        }
    }

    fn csrf(&self) -> &str {
        &self.frame.csrf
    }
}

/// `GET /assessments/{id}/description`: the description here, and as Greenhouse has it now.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/description.html")]
pub struct DescriptionPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The assessment's title.
    pub title: String,
    /// The assessment's page.
    pub href: String,
    /// Where the form goes.
    pub action: String,
    /// Names what was seen in Greenhouse.
    pub version: String,
    /// The text of both, line by line; empty where they say the same.
    pub lines: Vec<DiffLine>,
    /// The description as Greenhouse has it now; none where its post says nothing.
    pub there: Option<CleanHtml>,
    /// May whoever looks at it take it?
    pub may_change: bool,
    /// Running invites keep the version they came with.
    pub published: bool,
    /// Why it could not be taken.
    pub error: Option<String>,
}

/// One line of the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// Where it stands.
    pub side: Side,
    /// What it says.
    pub text: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Both,
    /// Only here: it would go.
    Here,
    /// Only in Greenhouse: it would come.
    There,
}

impl DiffLine {
    fn sign(&self) -> &'static str {
        match self.side {
            Side::Both => "",
            Side::Here => "−",
            Side::There => "+",
        }
    }

    fn class(&self) -> &'static str {
        match self.side {
            Side::Both => "both",
            Side::Here => "gone",
            Side::There => "come",
        }
    }

    fn said(&self) -> &'static str {
        match self.side {
            Side::Both => "",
            Side::Here => "removed: ",
            Side::There => "added: ",
        }
    }
}
