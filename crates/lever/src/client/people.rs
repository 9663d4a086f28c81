//! Users and persons.

use serde_json::Value;

use super::request::Request;
use super::{Client, Listing};
use crate::{AccessRole, Contact, ContactId, Error, User, UserId};

/// Which users a list holds. Empty: all that are active.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserFilter {
    /// Their e-mail address.
    pub email: Option<String>,
    /// What they may do; alternatives.
    pub access_roles: Vec<AccessRole>,
    /// Those that were switched off too.
    pub include_deactivated: bool,
    /// Their id in the customer's directory.
    pub external_directory_id: Option<String>,
}

impl UserFilter {
    /// All that are active.
    pub fn new() -> Self {
        Self::default()
    }

    /// The one with this e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Those that were switched off too.
    #[must_use]
    pub fn include_deactivated(mut self) -> Self {
        self.include_deactivated = true;
        self
    }
}

impl Client {
    /// The users that meet `filter`. Scope `users:read:admin`.
    pub fn users(&self, filter: &UserFilter) -> Listing<User> {
        let deactivated = filter.include_deactivated.then_some(true);
        let request = Request::get(&["users"])
            .with_each("email", &filter.email)
            .with_each("accessRole", &filter.access_roles)
            .with_each("includeDeactivated", deactivated)
            .with_each("external_directory_id", &filter.external_directory_id);
        self.listing(request, |user| user.id.as_str())
    }

    /// One user, switched off or not.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn user(&self, id: &UserId) -> Result<User, Error> {
        self.read(Request::get(&["users", id.as_str()])).await
    }

    /// One person. Scope `contact:read:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn contact(&self, id: &ContactId) -> Result<Contact, Error> {
        self.read(Request::get(&["contacts", id.as_str()])).await
    }

    /// Changes the members that `changes` names, by Lever's names. Scope `contact:write:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]; Lever refuses it for a person whose data was removed.
    pub async fn update_contact(&self, id: &ContactId, changes: &Value) -> Result<Contact, Error> {
        let request = Request::put(&["contacts", id.as_str()]);
        self.read(request.json(changes)).await
    }
}
