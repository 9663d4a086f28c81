//! Organizations on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::connection::ConnectionKind;
use super::member::Member;
use super::names;

names! {
    /// Who may read the notes about candidates in Greenhouse.
    NoteVisibility = domain::NoteVisibility { Private, Public, AdminOnly }
}

/// A new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganization {
    /// As candidates see it; 1 to 200 characters.
    #[schema(example = "Acme")]
    pub(crate) name: String,
}

/// Members given are changed, `null` clears.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationChange {
    /// As candidates see it; 1 to 200 characters.
    #[schema(value_type = Option<String>, example = "Acme")]
    #[serde(default)]
    name: Member<String>,
    /// Shown on candidate pages; https.
    #[schema(value_type = Option<String>, example = "https://acme.example/logo.png")]
    #[serde(default)]
    logo_url: Member<String>,
    /// What happens with a candidate's data; https.
    #[schema(value_type = Option<String>, example = "https://acme.example/privacy")]
    #[serde(default)]
    privacy_url: Member<String>,
    /// Who answers a candidate's mail where the sender is not known.
    #[schema(value_type = Option<String>, example = "jobs@acme.example")]
    #[serde(default)]
    reply_to: Member<String>,
    /// Who may read the notes that are written about candidates in Greenhouse.
    #[schema(value_type = Option<NoteVisibility>)]
    #[serde(default)]
    note_visibility: Member<NoteVisibility>,
}

impl OrganizationChange {
    pub(crate) fn change(&self, organization: &mut domain::Organization) {
        self.name.change(&mut organization.name, String::new());
        self.logo_url.change_optional(&mut organization.logo_url);
        self.privacy_url
            .change_optional(&mut organization.privacy_url);
        self.reply_to.change_optional(&mut organization.reply_to);
        self.note_visibility.change(
            &mut organization.note_visibility,
            domain::NoteVisibility::default(),
        );
    }
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    id: Uuid,
    name: String,
    #[schema(required)]
    logo_url: Option<String>,
    #[schema(required)]
    privacy_url: Option<String>,
    #[schema(required)]
    reply_to: Option<String>,
    note_visibility: NoteVisibility,
    created_at: DateTime<Utc>,
}

impl From<&app::organizations::OrganizationRecord> for Organization {
    fn from(record: &app::organizations::OrganizationRecord) -> Self {
        let organization = record.organization.clone();
        Self {
            id: organization.id.into(),
            name: organization.name,
            logo_url: organization.logo_url,
            privacy_url: organization.privacy_url,
            reply_to: organization.reply_to,
            note_visibility: organization.note_visibility.into(),
            created_at: record.created_at,
        }
    }
}

/// An organization, as the operator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedOrganization {
    #[serde(flatten)]
    about: Organization,
    /// The kinds of connections that are switched on; all, unless told otherwise.
    integrations: Vec<ConnectionKind>,
}

impl From<&app::connections::Offered> for OfferedOrganization {
    fn from((record, kinds): &app::connections::Offered) -> Self {
        Self {
            about: record.into(),
            integrations: kinds.iter().copied().map(Into::into).collect(),
        }
    }
}

/// The catalogue's new signing secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningSecret {
    /// Signs launch links; shown here only.
    #[schema(example = "whsec_…")]
    pub(crate) signing_secret: String,
}
