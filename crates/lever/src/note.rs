//! Notes on opportunities.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Identified, NoteId, Timestamp, UserId, lenient};

/// A note, with the comments made to it. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// `Note`, as a rule; what was written stands in [`fields`](Self::fields).
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub text: String,
    /// The note itself, then comments to it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<NoteField>,
    /// Who wrote it; `null` where nobody was named.
    pub user: Option<UserId>,
    /// Only for users with rights for sensitive information.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub secret: bool,
    /// When it was written.
    pub created_at: Option<Timestamp>,
    /// When it was finished.
    pub completed_at: Option<Timestamp>,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
}

/// One text of a note. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NoteField {
    /// What was written.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub value: String,
    /// When.
    pub created_at: Option<Timestamp>,
    /// By whom.
    pub user: Option<UserId>,
    /// 1 to 4.
    #[serde(default, deserialize_with = "lenient::number")]
    pub score: Option<u64>,
}

impl Note {
    /// All its texts, oldest first.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.value.as_str())
    }

    /// Whether one of its texts holds `reference`: to find again a note of which nobody knows whether it was made.
    pub fn mentions(&self, reference: &str) -> bool {
        self.values().any(|value| value.contains(reference))
    }
}

/// A note to write. There is no way to make Lever write it only once: after an answer that did not come, look for a
/// reference that the text holds ([`Note::mentions`]) before writing again. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewNote {
    /// Plain text; `@username` notifies that user.
    pub value: String,
    /// Only for users with rights for sensitive information.
    pub secret: bool,
    /// 1 to 4.
    pub score: Option<u8>,
    /// Tells everyone who follows the opportunity.
    pub notify_followers: bool,
    /// In the past; now unless given.
    pub created_at: Option<Timestamp>,
    /// In whose name; nobody's unless given.
    pub perform_as: Option<UserId>,
}

impl NewNote {
    /// A note that everyone may see, in nobody's name, which notifies nobody.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            secret: false,
            score: None,
            notify_followers: false,
            created_at: None,
            perform_as: None,
        }
    }

    /// The same for users with rights for sensitive information alone.
    #[must_use]
    pub fn secret(mut self, secret: bool) -> Self {
        self.secret = secret;
        self
    }

    /// The same, telling everyone who follows the opportunity.
    #[must_use]
    pub fn notify_followers(mut self, notify: bool) -> Self {
        self.notify_followers = notify;
        self
    }

    /// The same in a user's name.
    #[must_use]
    pub fn perform_as(mut self, user: Option<UserId>) -> Self {
        self.perform_as = user;
        self
    }
}

impl Identified for Note {
    type Id = NoteId;

    fn id(&self) -> &NoteId {
        &self.id
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("id", &self.id)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NoteField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoteField(…)")
    }
}

impl fmt::Debug for NewNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewNote")
            .field("secret", &self.secret)
            .field("notify_followers", &self.notify_followers)
            .field("perform_as", &self.perform_as)
            .finish_non_exhaustive()
    }
}
