//! Ways to reach a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::open::open_enum;

/// An e-mail address, a phone number, a postal address or a page. `Debug` shows its kind alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// As somebody wrote it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub value: String,
    /// What it is for. Social media addresses have none.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ContactKind>,
}

open_enum! {
    /// What a contact is for. Not each kind goes with each sort of contact: e-mail addresses are personal, work or other.
    ContactKind {
        /// Private.
        Personal = "personal",
        /// At work.
        Work = "work",
        /// At home.
        Home = "home",
        /// A mobile phone.
        Mobile = "mobile",
        /// Skype.
        Skype = "skype",
        /// An employer's page.
        Company = "company",
        /// A page with works to show.
        Portfolio = "portfolio",
        /// A blog.
        Blog = "blog",
        /// Anything else.
        Other = "other",
    }
}

impl Contact {
    /// A contact of a kind.
    pub fn new(kind: ContactKind, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            kind: Some(kind),
        }
    }

    /// A social media address, which has no kind.
    pub fn social(url: impl Into<String>) -> Self {
        Self {
            value: url.into(),
            kind: None,
        }
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
