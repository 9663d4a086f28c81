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
