//! Persons.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ContactId, Identified, lenient};

/// A person, who may have many opportunities. `Debug` shows only the id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Their full name; can be blank.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Often employers; can be blank.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub headline: String,
    /// Personal data has been removed; such a contact cannot be changed.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_anonymized: bool,
    /// Where they live.
    pub location: Option<ContactLocation>,
    /// Their e-mail addresses.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub emails: Vec<String>,
    /// Their phone numbers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub phones: Vec<Phone>,
}

/// Where a person lives. An object here, a plain text on the opportunity.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactLocation {
    /// As someone wrote it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

/// A phone number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Phone {
    /// `mobile`, `home`, `work` and the like.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The number, as someone wrote it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub value: String,
}

impl Identified for Contact {
    type Id = ContactId;

    fn id(&self) -> &ContactId {
        &self.id
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ContactLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactLocation(…)")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}
