//! Settings › API keys, `/settings/api-keys`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::parts::{Empty, TimelineEntry};
use crate::when::When;

/// `GET /settings/api-keys`: read-only; keys are made and ended by `baton-admin api-key` and `/v1/api-keys`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/keys.html")]
pub struct ApiKeysPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<ApiKeyRow>,
    /// What Greenhouse could not read of our answers, newest first.
    pub reports: Vec<TimelineEntry>,
}

impl ApiKeysPage {
    fn empty() -> Empty {
        Empty {
            heading: "No keys yet".into(),
            text: "A key lets Greenhouse, or your own programs, in. Whoever runs this server makes one with baton-admin api-key create.".into(),
            link: None,
        }
    }
}

/// One key in the list; the key itself is never shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// What it was named.
    pub name: String,
    /// What it opens.
    pub kind: &'static str,
    /// The part that may be seen: `gh_7Fq2…`.
    pub public_part: String,
    /// "Active", "Ends in 5 h", "Revoked".
    pub state: Badge,
    /// When it was made.
    pub created: When,
    /// When it was last used.
    pub last_used: Option<When>,
}
