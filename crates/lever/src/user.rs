//! Users of a Lever account.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::open::open_enum;
use crate::{ContactId, Identified, Timestamp, UserId, lenient};

/// A user of a Lever account. `Debug` shows only id and role.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// Their id: what `perform_as` takes.
    pub id: UserId,
    /// Their name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// What follows an `@` in a note to mention them.
    pub username: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// When they were added.
    pub created_at: Option<Timestamp>,
    /// When they were switched off, if they were.
    pub deactivated_at: Option<Timestamp>,
    /// What they may do.
    pub access_role: Option<AccessRole>,
    /// The address of their picture.
    pub photo: Option<String>,
    /// Their id in the customer's directory.
    pub external_directory_id: Option<String>,
    /// Contacts that are the same person.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub linked_contact_ids: Vec<ContactId>,
    /// Their job.
    pub job_title: Option<String>,
    /// Whom they report to.
    pub manager_id: Option<UserId>,
}

open_enum! {
    /// What a user may do; an account may have roles of its own, which have ids.
    AccessRole {
        /// May set up integrations.
        SuperAdmin = "super admin",
        /// All but the account's settings.
        Admin = "admin",
        /// Works on candidates.
        TeamMember = "team member",
        /// Works on some candidates.
        LimitedTeamMember = "limited team member",
        /// Sees whom they interview.
        Interviewer = "interviewer",
    }
}

impl User {
    /// Not switched off.
    pub fn is_active(&self) -> bool {
        self.deactivated_at.is_none()
    }
}

impl Identified for User {
    type Id = UserId;

    fn id(&self) -> &UserId {
        &self.id
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("access_role", &self.access_role)
            .finish_non_exhaustive()
    }
}
