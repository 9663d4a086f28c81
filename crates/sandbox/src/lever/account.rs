//! A customer's account at Lever: its people, its pipeline, what it has set.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::allowance::Allowance;
use super::settings::Settings;
use crate::faults::Faults;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// The role that may authorise apps.
pub(crate) const SUPER_ADMIN: &str = "super admin";

/// What a user may do.
pub(crate) const ACCESS_ROLES: [&str; 5] = [
    SUPER_ADMIN,
    "admin",
    "team member",
    "limited team member",
    "interviewer",
];

/// Someone who works in the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The local part of the address: what `@` mentions name.
    pub(crate) username: String,
    pub(crate) email: String,
    /// One of [`ACCESS_ROLES`].
    pub(crate) access_role: String,
    pub(crate) created_at: i64,
    pub(crate) deactivated_at: Option<i64>,
}

impl User {
    /// Whether tags that do not exist yet may be typed while they are locked.
    pub(crate) fn may_create_tags(&self) -> bool {
        matches!(self.access_role.as_str(), SUPER_ADMIN | "admin")
    }

    /// An active Super Admin.
    pub(crate) fn may_authorise(&self) -> bool {
        self.access_role == SUPER_ADMIN && self.deactivated_at.is_none()
    }
}

/// A step of the pipeline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stage {
    /// A word for those that every account has, UUID-like for others.
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Why someone is put away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ArchiveReason {
    pub(crate) id: String,
    pub(crate) text: String,
    /// `hired` or `non-hired`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// A job that people apply to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Posting {
    pub(crate) id: String,
    pub(crate) account_id: String,
    /// Its title.
    pub(crate) text: String,
    pub(crate) state: String,
    pub(crate) team: String,
    pub(crate) department: String,
    pub(crate) location: String,
    pub(crate) commitment: String,
    /// The additional tags; title, team and the rest are not among them.
    pub(crate) tags: Vec<String>,
    pub(crate) confidential: bool,
    pub(crate) owner: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Posting {
    /// What it gives each of its opportunities as tags: team, department, location, commitment and title, then its
    /// additional tags.
    pub(crate) fn given_tags(&self) -> impl Iterator<Item = &String> {
        [
            &self.team,
            &self.department,
            &self.location,
            &self.commitment,
            &self.text,
        ]
        .into_iter()
        .filter(|text| !text.is_empty())
        .chain(&self.tags)
    }
}

/// One customer's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    /// For HTTP Basic: allowed everything.
    pub(crate) api_key: Secret,
    pub(crate) settings: Settings,
    pub(crate) users: Vec<User>,
    /// In the order of the pipeline.
    pub(crate) stages: Vec<Stage>,
    pub(crate) archive_reasons: Vec<ArchiveReason>,
    /// Tags that were ever used; those can still be picked while creation is locked.
    pub(crate) known_tags: BTreeSet<String>,
    /// Events whose switch is on.
    pub(crate) enabled_events: BTreeSet<String>,
    pub(crate) faults: Faults,
    /// Calls made, by client id of the app, or [`API_KEY`](super::api::credential::API_KEY).
    pub(crate) allowances: BTreeMap<String, Allowance>,
}

impl Account {
    /// One user.
    pub(crate) fn user(&self, id: &str) -> Result<&User, Refusal> {
        let found = self.users.iter().find(|user| user.id == id);
        found.ok_or_else(|| Refusal::unknown("user", id))
    }

    /// One stage.
    pub(crate) fn stage(&self, id: &str) -> Result<&Stage, Refusal> {
        let found = self.stages.iter().find(|stage| stage.id == id);
        found.ok_or_else(|| Refusal::unknown("stage", id))
    }

    /// A stage's place in the pipeline; none once it was deleted.
    pub(crate) fn stage_index(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.id == id)
    }

    /// A stage's name, also once it was deleted.
    pub(crate) fn stage_name(&self, id: &str) -> String {
        match self.stage(id) {
            Ok(stage) => stage.text.clone(),
            Err(_) => "Deleted stage".to_owned(),
        }
    }

    /// The user who plays the recruiter where nobody is named: the first below Admin, else the first.
    pub(crate) fn recruiter(&self) -> Option<&User> {
        let active = || {
            self.users
                .iter()
                .filter(|user| user.deactivated_at.is_none())
        };
        let below = active().find(|user| !user.may_create_tags());
        below.or_else(|| active().next())
    }

    /// The first Super Admin who can authorise.
    pub(crate) fn super_admin(&self) -> Option<&User> {
        self.users.iter().find(|user| user.may_authorise())
    }
}
