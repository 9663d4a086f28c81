//! One person's candidacy, the person behind it, and what was done to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a candidate can come from.
pub(crate) const ORIGINS: [&str; 6] = [
    "agency",
    "applied",
    "internal",
    "referred",
    "sourced",
    "university",
];

/// The person. Several opportunities may share one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) headline: String,
    pub(crate) emails: Vec<String>,
    pub(crate) phones: Vec<String>,
    pub(crate) location: String,
    pub(crate) links: Vec<String>,
    pub(crate) anonymized: bool,
}

/// One step into a stage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StageChange {
    pub(crate) to_stage_id: String,
    pub(crate) to_stage_index: usize,
    pub(crate) updated_at: i64,
    pub(crate) user_id: Option<String>,
}

/// Why and since when someone is put away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Archived {
    pub(crate) archived_at: i64,
    pub(crate) reason: String,
}

/// The application to a posting.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) posting_id: String,
    pub(crate) created_at: i64,
    /// `posting` or `user`: who made it.
    pub(crate) kind: String,
    pub(crate) user_id: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// A client of the Data API.
    Api,
    /// Someone at the page.
    User,
}

/// Who did something, and in whose name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    pub(crate) by: By,
    pub(crate) client_id: Option<String>,
    pub(crate) user_id: Option<String>,
}

impl Actor {
    /// Someone at the page.
    pub(crate) fn user(user_id: Option<String>) -> Self {
        Self {
            by: By::User,
            client_id: None,
            user_id,
        }
    }
}

/// One comment of a note.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Comment {
    pub(crate) value: String,
    pub(crate) created_at: i64,
    pub(crate) score: Option<u8>,
    pub(crate) user_id: Option<String>,
}

/// A note. More than one comment is a thread.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) id: String,
    pub(crate) comments: Vec<Comment>,
    pub(crate) secret: bool,
    pub(crate) notify_followers: bool,
    pub(crate) made_by: Actor,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) deleted_at: Option<i64>,
    /// Users whom an `@` told of it.
    pub(crate) mentions: Vec<String>,
}

/// A file that was uploaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) uploaded_at: i64,
    pub(crate) content: Vec<u8>,
}

/// A feedback form, to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Feedback {
    pub(crate) id: String,
    /// `interview`, `assignment` or `share`.
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) fields: Vec<Value>,
    pub(crate) user_id: Option<String>,
    pub(crate) created_at: i64,
}

/// Something that was really changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) what: String,
    pub(crate) value: String,
    pub(crate) actor: Actor,
}

/// One candidacy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Opportunity {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) contact_id: String,
    pub(crate) stage_id: String,
    /// Oldest first.
    pub(crate) stage_changes: Vec<StageChange>,
    pub(crate) confidential: bool,
    /// The tags of its own, in the order in which they came; see [`tags`](super::tags) for what is shown.
    pub(crate) tags: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) origin: String,
    pub(crate) owner: Option<String>,
    pub(crate) followers: Vec<String>,
    pub(crate) application: Option<Application>,
    pub(crate) archived: Option<Archived>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_interaction_at: i64,
    /// Moves when it is archived and unarchived, too.
    pub(crate) last_advanced_at: i64,
    pub(crate) snoozed_until: Option<i64>,
    /// Whether the person may be contacted, where that was asked.
    pub(crate) contact_allowed: Option<bool>,
    pub(crate) location: String,
    pub(crate) notes: Vec<Note>,
    pub(crate) files: Vec<File>,
    pub(crate) feedback: Vec<Feedback>,
    /// Writes of the API that were carried out, by the call's name.
    pub(crate) writes: BTreeMap<String, u32>,
    /// What was changed, oldest first.
    pub(crate) history: Vec<Entry>,
}

impl Opportunity {
    /// Writes down what was changed, and that it was.
    pub(crate) fn record(&mut self, now: i64, what: &str, value: impl Into<String>, actor: &Actor) {
        self.updated_at = now;
        self.history.push(Entry {
            at: now,
            what: what.to_owned(),
            value: value.into(),
            actor: actor.clone(),
        });
    }

    /// The posting it is for.
    pub(crate) fn posting_id(&self) -> Option<&str> {
        let application = self.application.as_ref()?;
        Some(&application.posting_id)
    }
}

/// What is left of one that was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeletedOpportunity {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) contact_id: String,
    pub(crate) deleted_at: i64,
    pub(crate) deleted_by: Option<String>,
}
