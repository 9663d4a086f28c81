//! Opportunities: one person's candidacy each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::open::open_enum;
use crate::{
    Application, ArchiveReasonId, Contact, ContactId, Expandable, Identified, OpportunityId, Phone,
    PostingId, Stage, StageId, Timestamp, User, UserId, lenient,
};

/// One person's candidacy. `Debug` shows no personal data.
///
/// Of answers to writes Lever was seen to blank the person: those come as [`Changed`], which has none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Opportunity {
    /// Its id.
    pub id: OpportunityId,
    /// The person's full name; can be blank.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Often employers; can be blank.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub headline: String,
    /// The person.
    pub contact: Option<Expandable<Contact>>,
    /// The current stage.
    pub stage: Option<Expandable<Stage>>,
    /// Every change of stage, oldest first.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub stage_changes: Vec<StageChange>,
    /// Whether it is hidden from most users.
    pub confidentiality: Option<Confidentiality>,
    /// Where the person lives, as someone wrote it.
    pub location: Option<String>,
    /// The person's phone numbers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub phones: Vec<Phone>,
    /// The person's e-mail addresses; may be empty.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub emails: Vec<String>,
    /// The person's links, shared by all their opportunities.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub links: Vec<String>,
    archived: Option<Archived>,
    /// What Lever's documentation shows in place of `archived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_reason: Option<ArchiveReasonId>,
    /// Hand-made tags mixed with the posting's title, team, place and work type. Their order means nothing.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub tags: Vec<String>,
    /// Where the person came from.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub sources: Vec<String>,
    /// How the person came.
    pub origin: Option<Origin>,
    /// Who found the person.
    pub sourced_by: Option<Expandable<User>>,
    /// Who is in charge.
    pub owner: Option<Expandable<User>>,
    /// Who follows.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub followers: Vec<Expandable<User>>,
    /// At most one.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub applications: Vec<Expandable<Application>>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When tags, stage, archive, person or application last changed; `null` on old records.
    pub updated_at: Option<Timestamp>,
    /// When someone last dealt with it.
    pub last_interaction_at: Option<Timestamp>,
    /// Moves also when it is archived and un-archived, so it is not when the stage was entered: see
    /// [`Opportunity::entered_stage_at`].
    pub last_advanced_at: Option<Timestamp>,
    /// Hidden from lists until then.
    pub snoozed_until: Option<Timestamp>,
    /// Pages in Lever.
    pub urls: Option<Urls>,
    /// What the person allows.
    pub data_protection: Option<DataProtection>,
    /// Personal data has been removed.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_anonymized: bool,
    /// Where the work is.
    pub opportunity_location: Option<String>,
    /// Who deleted it; only on deleted ones.
    pub deleted_by: Option<UserId>,
    /// When it was deleted; only on deleted ones.
    pub deleted_at: Option<Timestamp>,
}

/// One change of stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StageChange {
    /// Where it went.
    pub to_stage_id: Option<StageId>,
    /// That stage's place in the pipeline.
    pub to_stage_index: Option<i64>,
    /// When.
    pub updated_at: Option<Timestamp>,
    /// Who moved it.
    pub user_id: Option<UserId>,
}

/// Archived, since when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Archived {
    /// Since when.
    pub archived_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<ArchiveReasonId>,
}

/// Pages in Lever's web application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Urls {
    /// The list it stands in.
    pub list: Option<String>,
    /// The one that a recruiter opens.
    pub show: Option<String>,
    /// Where a person applies; only on postings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply: Option<String>,
}

/// What a person allows to be done with their data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DataProtection {
    /// Keeping it.
    pub store: Option<Permission>,
    /// Writing to them.
    pub contact: Option<Permission>,
}

/// Whether something is allowed, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Permission {
    /// Whether it is.
    pub allowed: Option<bool>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

open_enum! {
    /// Whether a record is hidden from most users.
    Confidentiality {
        /// It is not.
        NonConfidential = "non-confidential",
        /// It is.
        Confidential = "confidential",
    }
}

open_enum! {
    /// How a person came.
    Origin {
        /// Through an agency.
        Agency = "agency",
        /// Applied by themselves.
        Applied = "applied",
        /// From within the company.
        Internal = "internal",
        /// Referred by someone.
        Referred = "referred",
        /// Found by a sourcer.
        Sourced = "sourced",
        /// Through a university.
        University = "university",
    }
}

/// What an answer to a write may be used for. Lever blanks the person in them (`name: ""`, `emails: []`), so nothing of
/// the person is here: read the opportunity for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Changed {
    /// Its id.
    pub id: OpportunityId,
    /// The stage it is in now.
    pub stage: Option<Expandable<Stage>>,
    /// All tags it has now.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub tags: Vec<String>,
    /// Set while archived.
    pub archived: Option<Archived>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A new opportunity, for `POST /opportunities`. Lever finds the person again by e-mail address.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewOpportunity {
    /// The person's full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Often employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The stage to begin in; New Lead unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// Where the person lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Phone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Tags; those that do not exist yet are made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// How the person came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Who is in charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// Who follows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub followers: Vec<UserId>,
    /// At most one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub postings: Vec<PostingId>,
    /// An existing person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// In the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

impl Opportunity {
    /// Since when and why it is archived; `None` while it is active. Read from both forms that Lever uses.
    pub fn archived(&self) -> Option<Archived> {
        let documented = self.archived_at.map(|at| Archived {
            archived_at: Some(at),
            reason: self.archive_reason.clone(),
        });
        self.archived.clone().or(documented)
    }

    /// The id of the current stage.
    pub fn stage_id(&self) -> Option<&StageId> {
        self.stage.as_ref().map(Expandable::id)
    }

    /// The person's id.
    pub fn contact_id(&self) -> Option<&ContactId> {
        self.contact.as_ref().map(Expandable::id)
    }

    /// The last change of stage.
    pub fn last_stage_change(&self) -> Option<&StageChange> {
        self.stage_changes.last()
    }

    /// When it entered the stage it is in, if the last change of stage led there.
    pub fn entered_stage_at(&self) -> Option<Timestamp> {
        let last = self.last_stage_change()?;
        (last.to_stage_id.as_ref() == self.stage_id()).then_some(last.updated_at)?
    }

    /// The person may not be written to.
    pub fn forbids_contact(&self) -> bool {
        let contact = self
            .data_protection
            .as_ref()
            .and_then(|p| p.contact.as_ref());
        contact.and_then(|permission| permission.allowed) == Some(false)
    }

    /// Hidden from most users.
    pub fn is_confidential(&self) -> bool {
        self.confidentiality == Some(Confidentiality::Confidential)
    }
}

impl NewOpportunity {
    /// One for a person of this name, with this e-mail address.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            emails: vec![email.into()],
            ..Self::default()
        }
    }
}

impl Identified for Opportunity {
    type Id = OpportunityId;

    fn id(&self) -> &OpportunityId {
        &self.id
    }
}

impl fmt::Debug for Opportunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opportunity")
            .field("id", &self.id)
            .field("stage", &self.stage_id())
            .field("archived", &self.archived())
            .field("updated_at", &self.updated_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewOpportunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOpportunity")
            .field("stage", &self.stage)
            .field("postings", &self.postings)
            .finish_non_exhaustive()
    }
}
