//! What is kept with an invite's places at Lever: ids and tags, nothing of the person.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Where an invite's status tag stands, and what is known of the tags there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsSubject {
    /// The opportunity.
    pub opportunity: String,
    /// The assessment's title when the invite was made: a later rename still finds its status tags.
    pub title: String,
    /// The tag that called for the invite, exactly as it stood there.
    pub found: String,
    /// When the opportunity entered the trigger stage, by Lever's clock: a later entry is another one.
    pub entered_at: DateTime<Utc>,
    /// The status tag that was last seen in place; none before the first swap is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// Was the found tag still there after it was removed? Then it is inherited, and tells nothing.
    #[serde(default)]
    pub sticky: bool,
}

/// Where an invite's results note stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteSubject {
    /// The opportunity.
    pub opportunity: String,
    /// The note, once it is known to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When we last set out to make it: until its id is known it may be there, or on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<DateTime<Utc>>,
}

impl NoteSubject {
    /// No note yet.
    pub fn new(opportunity: &str) -> Self {
        Self {
            opportunity: opportunity.to_owned(),
            note: None,
            begun_at: None,
        }
    }
}

/// A subject as a place keeps it.
pub trait Subject: Serialize + DeserializeOwned {
    /// As text.
    fn to_text(&self) -> String {
        serde_json::to_string(self).expect("ids and tags have a JSON form")
    }

    /// From text; `None` where it is none of ours.
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Subject for TagsSubject {}
impl Subject for NoteSubject {}
