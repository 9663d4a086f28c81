//! What Harvest knows besides what the partner's half knows of organizations, jobs, stages and applications.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// When something was made and changed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Times {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Times {
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        Self {
            created_at: now,
            updated_at: now,
        }
    }
}

/// One of the organization's people, or a service account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) name: String,
    /// The first is the main one; service accounts have none.
    pub(crate) emails: Vec<String>,
    pub(crate) site_admin: bool,
    pub(crate) deactivated: bool,
    pub(crate) service_account: bool,
    pub(crate) agency_id: Option<u64>,
    pub(crate) times: Times,
}

/// What a job has besides its name and plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobRecord {
    pub(crate) requisition_id: Option<String>,
    /// `open`, `draft` or `closed`.
    pub(crate) status: String,
    pub(crate) notes: Option<String>,
    pub(crate) confidential: bool,
    pub(crate) is_template: bool,
    pub(crate) times: Times,
}

impl JobRecord {
    pub(crate) fn open(now: DateTime<Utc>) -> Self {
        Self {
            requisition_id: None,
            status: "open".to_owned(),
            notes: None,
            confidential: false,
            is_template: false,
            times: Times::at(now),
        }
    }
}

/// A job as it is advertised.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobPost {
    pub(crate) id: u64,
    pub(crate) job_id: u64,
    pub(crate) title: String,
    pub(crate) content: Option<String>,
    pub(crate) internal: bool,
    pub(crate) active: bool,
    pub(crate) live: bool,
    pub(crate) first_published_at: Option<DateTime<Utc>>,
    pub(crate) language: Option<String>,
    pub(crate) times: Times,
}

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Candidate {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    /// The members that can be written, by their names as they are read.
    pub(crate) members: serde_json::Map<String, Value>,
    /// From when on lists show them.
    pub(crate) visible_from: DateTime<Utc>,
    pub(crate) last_activity_at: DateTime<Utc>,
    pub(crate) times: Times,
}

impl Candidate {
    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = self.members.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
    }

    /// The first of a member's contacts.
    pub(crate) fn contact(&self, name: &str) -> Option<String> {
        let first = self.members.get(name).map(|contacts| &contacts[0]["value"]);
        first.and_then(Value::as_str).map(str::to_owned)
    }

    /// First and last name.
    pub(crate) fn name(&self) -> String {
        let part = |name| self.text(name).unwrap_or_default();
        let name = format!("{} {}", part("first_name"), part("last_name"));
        name.trim().to_owned()
    }

    /// The names of their tags.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.members.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether an e-mail address is theirs; case does not count.
    pub(crate) fn has_email(&self, email: &str) -> bool {
        let addresses = self.members.get("email_addresses");
        let mut addresses = addresses.and_then(Value::as_array).into_iter().flatten();
        addresses.any(|address| {
            let known = address["value"].as_str().unwrap_or_default();
            known.eq_ignore_ascii_case(email)
        })
    }
}

/// An application, where it has a job besides what the partner's half knows of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ApplicationRecord {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) candidate_id: u64,
    /// None for a prospect's; those are known here alone.
    pub(crate) job_id: Option<u64>,
    pub(crate) prospective_job_ids: Vec<u64>,
    /// Its own stage row.
    pub(crate) stage_id: u64,
    /// Since when it is there.
    pub(crate) entered_at: DateTime<Utc>,
    /// Where it was before, oldest first.
    pub(crate) past: Vec<PastStage>,
    pub(crate) rejected_at: Option<DateTime<Utc>>,
    pub(crate) source_id: Option<u64>,
    pub(crate) recruiter_id: Option<u64>,
    pub(crate) coordinator_id: Option<u64>,
    pub(crate) prospect_owner_id: Option<u64>,
    pub(crate) last_activity_at: DateTime<Utc>,
    pub(crate) times: Times,
}

/// A stage that an application was in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PastStage {
    /// The application's own row.
    pub(crate) id: u64,
    /// The stage of the job's plan.
    pub(crate) job_interview_stage_id: u64,
    pub(crate) entered_at: DateTime<Utc>,
    pub(crate) exited_at: DateTime<Utc>,
}

/// A note in a candidate's feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) candidate_id: u64,
    pub(crate) application_id: Option<u64>,
    pub(crate) user_id: u64,
    pub(crate) kind: String,
    /// As it is read.
    pub(crate) visibility: String,
    pub(crate) body: String,
    pub(crate) subject: Option<String>,
    pub(crate) email_from: Option<String>,
    pub(crate) email_to: Option<String>,
    pub(crate) email_cc: Vec<String>,
    pub(crate) times: Times,
}

/// A tag of the organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) name: String,
    pub(crate) times: Times,
}

/// That a candidate has a tag.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AppliedTag {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) candidate_id: u64,
    pub(crate) candidate_tag_id: u64,
    pub(crate) times: Times,
}

/// A file of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) candidate_id: u64,
    pub(crate) application_id: u64,
    pub(crate) kind: String,
    /// As it is written.
    pub(crate) visibility: String,
    pub(crate) filename: String,
    pub(crate) times: Times,
}

/// Where applications come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) name: String,
    pub(crate) times: Times,
}
