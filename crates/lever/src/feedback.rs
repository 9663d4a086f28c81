//! Feedback on an opportunity, to read.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open::open_enum;
use crate::{FeedbackId, Identified, Timestamp, UserId, lenient};

/// A filled-in feedback form. `Debug` shows no answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Feedback {
    /// Its id.
    pub id: FeedbackId,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: Option<FeedbackKind>,
    /// The form's name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub text: String,
    /// What the form asks for.
    pub instructions: Option<String>,
    /// Questions and answers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<Field>,
    /// The template it was made from.
    pub base_template_id: Option<String>,
    /// The panel that it belongs to.
    pub panel: Option<String>,
    /// The interview that it belongs to.
    pub interview: Option<String>,
    /// Who filled it in.
    pub user: Option<UserId>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was finished.
    pub completed_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
}

/// One question of a form with its answer. `Debug` shows no answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Field {
    /// Its id; forms of one template share it.
    pub id: Option<String>,
    /// `text`, `score-system`, `yes-no` and many more.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The question.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub text: String,
    /// The answer, in the shape that its kind has.
    pub value: Option<Value>,
}

open_enum! {
    /// What feedback is about.
    FeedbackKind {
        /// An interview.
        Interview = "interview",
        /// A task.
        Assignment = "assignment",
        /// Neither.
        Share = "share",
    }
}

impl Identified for Feedback {
    type Id = FeedbackId;

    fn id(&self) -> &FeedbackId {
        &self.id
    }
}

impl fmt::Debug for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feedback")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
