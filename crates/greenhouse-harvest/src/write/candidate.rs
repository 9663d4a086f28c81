//! A new candidate, and changes of one.

use serde_json::json;

use super::NewApplication;
use super::members::{Members, body};
use crate::{Contact, UserId};

body! {
    /// A candidate to make. `Debug` shows no value.
    ///
    /// Greenhouse makes a second person of the same e-mail address: look for them first. The record has no place for who
    /// brought them; it shows the acting user.
    NewCandidate {
        /// What they want to be called.
        text preferred_name => "preferred_name",
        /// Where they work.
        text company => "company",
        /// As what they work.
        text title => "title",
        /// A time zone's name as Rails has it.
        text time_zone => "time_zone",
        /// One more e-mail address: personal, work or other.
        contact email => "email_addresses",
        /// One more phone number.
        contact phone => "phone_numbers",
        /// One more postal address: home, work or other.
        contact address => "addresses",
        /// One more page: personal, company, portfolio, blog or other.
        contact website => "website_addresses",
        /// The names of their tags.
        texts tags => "tags",
        /// What a custom field is to hold.
        custom custom_field => "custom_fields",
        /// Whether only some may see them. Read as [`private`](crate::Candidate::private).
        flag private => "is_private",
        /// Whether they may be written to.
        flag can_email => "can_email",
        /// The users that are the same person.
        ids linked_users: UserId => "linked_user_ids",
    }
}

impl NewCandidate {
    /// Somebody of that name.
    pub fn new(first_name: impl Into<String>, last_name: impl Into<String>) -> Self {
        let mut members = Members::default();
        members.set("first_name", first_name.into());
        members.set("last_name", last_name.into());
        Self(members)
    }

    /// One more profile: LinkedIn and the like.
    #[must_use]
    pub fn social(mut self, url: impl Into<String>) -> Self {
        let profile = Contact::social(url);
        self.0.push("social_media_addresses", json!(profile));
        self
    }

    /// With an application, at most one. More of them are made one by one.
    #[must_use]
    pub fn application(mut self, application: &NewApplication) -> Self {
        self.0.set("application", application.as_json().clone());
        self
    }
}

body! {
    /// What to change of a candidate; the rest stays. `Debug` shows no value.
    ///
    /// Each list takes the place of the one before, whole: read, add, write back, and know that somebody may do the same at
    /// that moment. A blank text empties a member. For a tag use
    /// [`ensure_tag`](crate::Client::ensure_tag).
    CandidateUpdate {
        /// Their first name.
        text first_name => "first_name",
        /// Their last name.
        text last_name => "last_name",
        /// What they want to be called.
        text preferred_name => "preferred_name",
        /// Where they work.
        text company => "company",
        /// As what they work.
        text title => "title",
        /// A time zone's name as Rails has it.
        text time_zone => "time_zone",
        /// All e-mail addresses.
        contacts email_addresses => "email_addresses",
        /// All phone numbers.
        contacts phone_numbers => "phone_numbers",
        /// All postal addresses.
        contacts addresses => "addresses",
        /// All pages.
        contacts website_addresses => "website_addresses",
        /// All profiles.
        contacts social_media_addresses => "social_media_addresses",
        /// The names of all tags.
        texts tags => "tags",
        /// What a custom field is to hold. It seems that those not named are emptied: name all that are to stay.
        custom custom_field => "custom_fields",
        /// Whether only some may see them. Read as [`private`](crate::Candidate::private).
        flag private => "is_private",
        /// Whether they may be written to.
        flag can_email => "can_email",
        /// All users that are the same person.
        ids linked_users: UserId => "linked_user_ids",
    }
}

impl CandidateUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self(Members::default())
    }
}

impl Default for CandidateUpdate {
    fn default() -> Self {
        Self::new()
    }
}
