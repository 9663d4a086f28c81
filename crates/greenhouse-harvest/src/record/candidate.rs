//! Candidates.

use serde::{Deserialize, Serialize};

use super::{Contact, CustomFieldOptionId, CustomFields, UserId};
use crate::filter::filters;
use crate::resource::{id_alone, record};
use crate::{Id, Resource, Timestamp};

record! {
    /// A person. `Debug` shows only the id. Several may have the same e-mail address.
    Candidate (CandidateId, CandidateFilter) in "candidates" {
        /// Their first name.
        first_name: Option<String>,
        /// Their last name.
        last_name: Option<String>,
        /// What they want to be called.
        preferred_name: Option<String>,
        /// Where they work.
        company: Option<String>,
        /// As what they work.
        title: Option<String>,
        /// Whether only some may see them.
        private: Option<bool>,
        /// Whether they may be written to.
        can_email: bool,
        /// A time zone's name as Rails has it, like `Eastern Time (US & Canada)`.
        time_zone: Option<String>,
        /// When something last happened to them.
        last_activity_at: Option<Timestamp>,
        /// The names of their tags.
        tags: Vec<String>,
        /// The users that are the same person.
        linked_user_ids: Vec<UserId>,
        /// Their e-mail addresses.
        email_addresses: Vec<Contact>,
        /// Their phone numbers.
        phone_numbers: Vec<Contact>,
        /// Their postal addresses.
        addresses: Vec<Contact>,
        /// Their pages.
        website_addresses: Vec<Contact>,
        /// Their profiles, LinkedIn among them; without a kind.
        social_media_addresses: Vec<Contact>,
        /// What the organization keeps besides.
        custom_fields: CustomFields,
    }
}

id_alone!(Candidate);

/// One element of a list of candidates.
///
/// Greenhouse documents a second shape, an object with nothing but a message. Whether it stands for a person who is being
/// worked on or for one who is hidden is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum CandidateEntry {
    /// The person. Boxed, since it is much larger.
    Candidate(Box<Candidate>),
    /// A message in place of the person.
    Message {
        /// Greenhouse's words.
        message: String,
    },
}

impl CandidateEntry {
    /// The person, where there is one.
    pub fn candidate(&self) -> Option<&Candidate> {
        match self {
            Self::Candidate(candidate) => Some(candidate),
            Self::Message { .. } => None,
        }
    }

    /// The person, where there is one.
    pub fn into_candidate(self) -> Option<Candidate> {
        match self {
            Self::Candidate(candidate) => Some(*candidate),
            Self::Message { .. } => None,
        }
    }
}

impl Resource for Candidate {
    const PATH: &'static str = "candidates";
    type Item = CandidateEntry;

    fn id(item: &CandidateEntry) -> Option<Id<Self>> {
        item.candidate().map(|candidate| candidate.id)
    }
}

filters! {
    Candidate {
        /// Those with this e-mail address; case does not count.
        text email => "email",
        /// Those with a tag of this very name.
        text tag => "tag",
        /// `false` leaves out private ones; otherwise those that the acting user may see are among them.
        flag private => "private",
        /// Those to whom something last happened in that span.
        time last_activity => "last_activity_at",
        /// Those with this option of a custom field.
        id custom_field_option: CustomFieldOptionId => "custom_field_option_id",
    }
}
