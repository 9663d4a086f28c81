//! Jobs and who owns them.

use super::{CustomFieldOptionId, CustomFields, DepartmentId, OfficeId, UserId};
use crate::Timestamp;
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::record;

record! {
    /// A job, as the organization sees it. What applicants read is in its [`JobPost`](super::JobPost)s.
    #[derive(Debug)]
    Job (JobId, JobFilter) at "jobs" {
        /// Its title within the organization.
        name: String,
        /// The organization's own number for it; need not be unique.
        requisition_id: Option<String>,
        /// Whether it is open.
        status: Option<JobStatus>,
        /// Internal notes, as HTML: not for applicants.
        notes: Option<String>,
        /// Whether only the hiring team sees it.
        confidential: bool,
        /// Whether it is a template and no job.
        is_template: Option<bool>,
        /// The job that it was made from.
        copied_from_id: Option<JobId>,
        /// Its department.
        department_id: Option<DepartmentId>,
        /// Its offices.
        office_ids: Vec<OfficeId>,
        /// When it was opened.
        opened_at: Option<Timestamp>,
        /// When it was closed.
        closed_at: Option<Timestamp>,
        /// What the organization keeps besides.
        custom_fields: CustomFields,
    }
}

open_enum! {
    /// Whether a job is open.
    JobStatus {
        /// Open.
        Open = "open",
        /// Not yet.
        Draft = "draft",
        /// No longer.
        Closed = "closed",
    }
}

filters! {
    Job {
        /// Those of this status.
        word status: JobStatus => "status",
        /// Those with this very number.
        text requisition_id => "requisition_id",
        /// Those of this department.
        id department: DepartmentId => "department_id",
        /// Those of this office.
        id office: OfficeId => "office_id",
        /// Confidential ones, or those that are not.
        flag confidential => "confidential",
        /// Those opened in that span.
        time opened => "opened_at",
        /// Those closed in that span.
        time closed => "closed_at",
        /// Those with this option of a custom field.
        id custom_field_option: CustomFieldOptionId => "custom_field_option_id",
    }
}

record! {
    /// That a user is in charge of a job.
    #[derive(Debug)]
    JobOwner (JobOwnerId, JobOwnerFilter) at "job_owners" {
        /// Of which job.
        job_id: Option<JobId>,
        /// Who.
        user_id: Option<UserId>,
        /// As what.
        #[serde(rename = "type")]
        kind: Option<JobOwnerKind>,
        /// Whether they are the one that is asked first.
        responsible: bool,
    }
}

open_enum! {
    /// As what a user is in charge of a job.
    JobOwnerKind {
        /// Finds people.
        Sourcer = "sourcer",
        /// Sees them through.
        Recruiter = "recruiter",
        /// Plans interviews.
        Coordinator = "coordinator",
    }
}

filters! {
    JobOwner {
        /// Those of these jobs.
        ids jobs: JobId => "job_ids",
        /// Those of these users.
        ids users: UserId => "user_ids",
        /// Those who are in charge as this.
        word kind: JobOwnerKind => "type",
    }
}
