//! Which opportunities a list holds, and how much of each.

use super::request::Request;
use crate::open::open_enum;
use crate::{ArchiveReasonId, ContactId, Origin, PostingId, StageId, Timestamp};

open_enum! {
    /// A member that comes as the whole object in place of its id.
    Expand {
        /// [`Opportunity::applications`](crate::Opportunity::applications)
        Applications = "applications",
        /// [`Opportunity::stage`](crate::Opportunity::stage)
        Stage = "stage",
        /// The owner.
        Owner = "owner",
        /// The followers.
        Followers = "followers",
        /// [`Opportunity::sourced_by`](crate::Opportunity::sourced_by)
        SourcedBy = "sourcedBy",
        /// [`Opportunity::contact`](crate::Opportunity::contact)
        Contact = "contact",
        /// [`Posting::user`](crate::Posting::user)
        User = "user",
        /// [`Posting::hiring_manager`](crate::Posting::hiring_manager)
        HiringManager = "hiringManager",
    }
}

/// Which records by how hidden they are. Lists leave out confidential ones unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfidentialityFilter {
    /// Hidden ones alone.
    Confidential,
    /// Open ones alone: what Lever does unless told otherwise.
    NonConfidential,
    /// Both; needs the scope [`CONFIDENTIAL_ACCESS`](crate::scope::CONFIDENTIAL_ACCESS).
    All,
}

impl ConfidentialityFilter {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::NonConfidential => "non-confidential",
            Self::All => "all",
        }
    }
}

/// A span of time; both ends belong to it, and either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Between {
    /// Not before this.
    pub start: Option<Timestamp>,
    /// Not after this.
    pub end: Option<Timestamp>,
}

/// Which opportunities a list holds. Values of one member are alternatives; members are all to be met. Empty: all that are
/// not confidential.
///
/// ```
/// use lever::client::{Expand, Filter};
/// use lever::Timestamp;
///
/// let waiting = Filter::new()
///     .in_stage("applicant-new")
///     .archived(false)
///     .updated_since(Timestamp::from_millis(1_790_000_000_000))
///     .expand(Expand::Applications);
/// assert_eq!(waiting.stage_ids.len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Whole tags; case counts.
    pub tags: Vec<String>,
    /// The person's e-mail addresses.
    pub emails: Vec<String>,
    /// How the person came.
    pub origins: Vec<Origin>,
    /// Where the person came from.
    pub sources: Vec<String>,
    /// The stages they are in.
    pub stage_ids: Vec<StageId>,
    /// The postings they applied to.
    pub posting_ids: Vec<PostingId>,
    /// The postings they were archived from.
    pub archived_posting_ids: Vec<PostingId>,
    /// The persons.
    pub contact_ids: Vec<ContactId>,
    /// Why they were archived.
    pub archive_reason_ids: Vec<ArchiveReasonId>,
    /// Where the work is.
    pub locations: Vec<String>,
    /// By how hidden they are.
    pub confidentiality: Option<ConfidentialityFilter>,
    /// Archived ones alone, or active ones alone.
    pub archived: Option<bool>,
    /// Snoozed ones alone, or the others alone.
    pub snoozed: Option<bool>,
    /// When they were made.
    pub created_at: Between,
    /// When they last changed. Old records have no such time.
    pub updated_at: Between,
    /// When they last advanced; archiving and un-archiving count too.
    pub advanced_at: Between,
    /// When they were archived.
    pub archived_at: Between,
    /// What comes whole. Wins over `include`.
    pub expand: Vec<Expand>,
    /// The only members that come, by Lever's names, if any are named. `id` has to be among them.
    pub include: Vec<String>,
}

impl Filter {
    /// All that are not confidential.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more stage.
    #[must_use]
    pub fn in_stage(mut self, stage: impl Into<StageId>) -> Self {
        self.stage_ids.push(stage.into());
        self
    }

    /// One more posting.
    #[must_use]
    pub fn for_posting(mut self, posting: impl Into<PostingId>) -> Self {
        self.posting_ids.push(posting.into());
        self
    }

    /// One more person.
    #[must_use]
    pub fn of_contact(mut self, contact: impl Into<ContactId>) -> Self {
        self.contact_ids.push(contact.into());
        self
    }

    /// One more tag; case counts.
    #[must_use]
    pub fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// One more e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.emails.push(email.into());
        self
    }

    /// Archived ones alone, or active ones alone.
    #[must_use]
    pub fn archived(mut self, archived: bool) -> Self {
        self.archived = Some(archived);
        self
    }

    /// Not changed before this.
    #[must_use]
    pub fn updated_since(mut self, start: Timestamp) -> Self {
        self.updated_at.start = Some(start);
        self
    }

    /// By how hidden they are.
    #[must_use]
    pub fn confidentiality(mut self, which: ConfidentialityFilter) -> Self {
        self.confidentiality = Some(which);
        self
    }

    /// One more member that comes whole.
    #[must_use]
    pub fn expand(mut self, member: Expand) -> Self {
        self.expand.push(member);
        self
    }

    pub(super) fn apply(&self, request: Request) -> Request {
        let request = request
            .with_each("tag", &self.tags)
            .with_each("email", &self.emails)
            .with_each("origin", &self.origins)
            .with_each("source", &self.sources)
            .with_each("stage_id", &self.stage_ids)
            .with_each("posting_id", &self.posting_ids)
            .with_each("archived_posting_id", &self.archived_posting_ids)
            .with_each("contact_id", &self.contact_ids)
            .with_each("archive_reason_id", &self.archive_reason_ids)
            .with_each("location", &self.locations)
            .with_each(
                "confidentiality",
                self.confidentiality.map(ConfidentialityFilter::as_str),
            )
            .with_each("archived", self.archived)
            .with_each("snoozed", self.snoozed);
        let request = between(
            request,
            "created_at_start",
            "created_at_end",
            self.created_at,
        );
        let request = between(
            request,
            "updated_at_start",
            "updated_at_end",
            self.updated_at,
        );
        let request = between(
            request,
            "advanced_at_start",
            "advanced_at_end",
            self.advanced_at,
        );
        let request = between(
            request,
            "archived_at_start",
            "archived_at_end",
            self.archived_at,
        );
        request
            .with_each("expand", &self.expand)
            .with_each("include", &self.include)
    }
}

pub(super) fn between(
    request: Request,
    start: &'static str,
    end: &'static str,
    span: Between,
) -> Request {
    request
        .with_each(start, span.start.map(Timestamp::millis))
        .with_each(end, span.end.map(Timestamp::millis))
}
