//! The vendor's customer, its keys and its people.

use serde::{Deserialize, Serialize};

use crate::OrganizationId;

/// One customer of the assessment vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// As candidates see it.
    pub name: String,
    /// Shown on candidate pages.
    pub logo_url: Option<String>,
    /// What happens with a candidate's data.
    pub privacy_url: Option<String>,
    /// Who answers a candidate's mail where the sender is not known.
    pub reply_to: Option<String>,
    /// Who may read the notes that are written about candidates in Greenhouse.
    #[serde(default)]
    pub note_visibility: NoteVisibility,
}

/// Who may read a note about a candidate in Greenhouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteVisibility {
    /// Those who may read private notes.
    #[default]
    Private,
    /// Everybody who may see the candidate.
    Public,
    /// Admins.
    AdminOnly,
}

impl NoteVisibility {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
            Self::AdminOnly => "admin_only",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Private, Self::Public, Self::AdminOnly]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// Who a key opens the door for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyKind {
    /// The vendor's own programs, at `/v1`.
    Platform,
    /// Greenhouse, at `/api/greenhouse`.
    GreenhouseAssessment,
}

impl ApiKeyKind {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::GreenhouseAssessment => "greenhouse_assessment",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Platform, Self::GreenhouseAssessment]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What a key may do behind its door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyScope {
    /// Platform: look.
    Read,
    /// Platform: make and change.
    Write,
    /// Greenhouse: list tests, send them, read their status.
    Assess,
    /// Greenhouse: have candidates mailed. A key without it never mails, for an ATS's reviewers.
    Mail,
}

impl ApiKeyScope {
    /// All that a key of `kind` can be given, which is what it gets where nothing else is said.
    pub fn all_of(kind: ApiKeyKind) -> [Self; 2] {
        match kind {
            ApiKeyKind::Platform => [Self::Read, Self::Write],
            ApiKeyKind::GreenhouseAssessment => [Self::Assess, Self::Mail],
        }
    }

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Assess => "assess",
            Self::Mail => "mail",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Assess, Self::Mail]
            .into_iter()
            .find(|scope| scope.as_str() == text)
    }
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything in one organization.
    Owner,
    /// Everything but owners' matters.
    Admin,
    /// Reads, invites and grades.
    Member,
    /// The vendor's own staff; belongs to no organization.
    Operator,
}

impl Role {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Operator => "operator",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Owner, Self::Admin, Self::Member, Self::Operator]
            .into_iter()
            .find(|role| role.as_str() == text)
    }

    /// May this role change keys and settings?
    pub fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}
