//! Users: the organization's own people, and its service accounts.

use serde::{Deserialize, Serialize};

use super::{CandidateId, CustomFieldOptionId, CustomFields, DepartmentId, JobId, OfficeId};
use crate::filter::filters;
use crate::resource::{id_alone, record};
use crate::{Timestamp, lenient};

record! {
    /// One of the organization's people, or a service account. `Debug` shows only the id.
    User (UserId, UserFilter) at "users" {
        /// Their first name.
        first_name: Option<String>,
        /// Their last name.
        last_name: Option<String>,
        /// Their whole name.
        name: Option<String>,
        /// Where they are written to. Service accounts have none.
        primary_email: Option<String>,
        /// All their addresses.
        emails: Option<Vec<String>>,
        /// Whether they were switched off.
        deactivated: bool,
        /// Whether they may see and do everything. Lists are for Site Admins.
        site_admin: bool,
        /// As what they work.
        job_title: Option<String>,
        /// The organization's own number for them.
        employee_id: Option<String>,
        /// The agency they work for.
        agency_id: Option<i64>,
        /// The candidates that are the same person.
        linked_candidate_ids: Vec<CandidateId>,
        /// Their offices.
        office_ids: Vec<OfficeId>,
        /// Their departments.
        department_ids: Vec<DepartmentId>,
        /// What they can ask about.
        interviewer_tags: Vec<InterviewerTag>,
        /// What the organization keeps besides.
        custom_fields: CustomFields,
    }
}

/// What somebody can ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InterviewerTag {
    /// Its id.
    pub id: Option<i64>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

filters! {
    User {
        /// The one with this main address. Case does not count.
        text primary_email => "primary_email",
        /// Those that were switched off, or the others.
        flag deactivated => "deactivated",
        /// With `true` service accounts come along.
        flag show_service_accounts => "show_service_accounts",
        /// Those with these numbers.
        texts employee_ids => "employee_ids",
        /// Those of these offices.
        ids offices: OfficeId => "office_ids",
        /// Those of these departments.
        ids departments: DepartmentId => "department_ids",
        /// Those of these agencies.
        ids agencies: i64 => "agency_ids",
        /// Those who are these candidates.
        ids linked_candidates: CandidateId => "linked_candidate_ids",
        /// Those who can ask about these.
        ids interviewer_tags: i64 => "interviewer_tag_ids",
        /// Those of the office that the organization calls so.
        text external_office_id => "external_office_id",
        /// Those of the department that the organization calls so.
        text external_department_id => "external_department_id",
        /// Those with this option of a custom field.
        id custom_field_option: CustomFieldOptionId => "custom_field_option_id",
    }
}

record! {
    /// An address of a user. No two users have the same. `Debug` shows only the id.
    UserEmail (UserEmailId, UserEmailFilter) at "user_emails" {
        /// Whose.
        user_id: Option<UserId>,
        /// The address.
        email: String,
        /// Whether it was proven.
        verified: bool,
        /// When they were asked to prove it.
        verification_token_sent_at: Option<Timestamp>,
    }
}

id_alone!(User UserEmail);

filters! {
    UserEmail {
        /// Those of these users.
        ids users: UserId => "user_ids",
        /// These addresses.
        texts emails => "email",
        /// Those that were proven, or the others.
        flag verified => "verified",
        /// Those whose owner was asked to prove them in that span.
        time verification_token_sent => "verification_token_sent_at",
    }
}

record! {
    /// What a user may do with a job.
    #[derive(Debug)]
    UserJobPermission (UserJobPermissionId, UserJobPermissionFilter) at "user_job_permissions" {
        /// Which job.
        job_id: Option<JobId>,
        /// Who.
        user_id: Option<UserId>,
        /// As what.
        role_id: Option<i64>,
        /// Whether Greenhouse gave it by a rule.
        automated: Option<bool>,
    }
}

filters! {
    UserJobPermission {
        /// Those for these jobs.
        ids jobs: JobId => "job_ids",
        /// Those of these users.
        ids users: UserId => "user_ids",
        /// Those as these.
        ids roles: i64 => "role_ids",
    }
}
