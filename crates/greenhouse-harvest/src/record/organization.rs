//! How an organization is divided.

use super::UserId;
use crate::filter::filters;
use crate::resource::record;

record! {
    /// A department.
    #[derive(Debug)]
    Department (DepartmentId, DepartmentFilter) at "departments" {
        /// Its name.
        name: String,
        /// The one it belongs to.
        parent_id: Option<DepartmentId>,
        /// The organization's own name for it.
        external_id: Option<String>,
    }
}

filters! {
    Department {
        /// Those that belong to this one.
        id parent: DepartmentId => "parent_id",
        /// The one that the organization calls so.
        text external_id => "external_id",
    }
}

record! {
    /// An office.
    #[derive(Debug)]
    Office (OfficeId, OfficeFilter) at "offices" {
        /// Its name.
        name: String,
        /// Where it is.
        location: Option<String>,
        /// The one it belongs to.
        parent_id: Option<OfficeId>,
        /// The organization's own name for it.
        external_id: Option<String>,
        /// Whom to ask there.
        primary_in_house_contact_user_id: Option<UserId>,
    }
}

filters! {
    Office {
        /// Those that belong to this one.
        id parent: OfficeId => "parent_id",
        /// The one that the organization calls so.
        text external_id => "external_id",
    }
}
