//! Applications.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    ApplicationStageId, CandidateId, CustomFieldOptionId, CustomFields, JobId, JobInterviewStageId,
    JobPostId, ReferrerId, RejectionReasonId, SourceId, UserId,
};
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::{id_alone, record};
use crate::{Filter, Timestamp, lenient};

record! {
    /// A candidate's way towards a job, or a prospect's. `Debug` shows only the id. When it was sent is `created_at`.
    Application (ApplicationId, ApplicationFilter) at "applications" {
        /// Whose it is.
        candidate_id: Option<CandidateId>,
        /// For which job. Missing for a prospect without one.
        job_id: Option<JobId>,
        /// For which jobs a prospect may do.
        prospective_job_ids: Vec<JobId>,
        /// Whether it is a prospect's.
        prospect: bool,
        /// How far it has come.
        status: Option<ApplicationStatus>,
        /// Its own stage: another id than the job's stage, and of no use in a move unless Greenhouse says so.
        stage_id: Option<ApplicationStageId>,
        /// The job's stage that it is in. Where Greenhouse leaves it out, ask for the current
        /// [`ApplicationStage`](super::ApplicationStage).
        #[serde(skip_serializing_if = "Option::is_none")]
        job_interview_stage_id: Option<JobInterviewStageId>,
        /// That stage's name.
        stage_name: Option<String>,
        /// Where it came from.
        source_id: Option<SourceId>,
        /// Who brought it.
        referrer_id: Option<ReferrerId>,
        /// Who is in charge.
        recruiter_id: Option<UserId>,
        /// Who plans its interviews.
        coordinator_id: Option<UserId>,
        /// Through which post it came.
        job_post_id: Option<JobPostId>,
        /// An agency's note.
        agency_note_id: Option<i64>,
        /// When it was rejected.
        rejected_at: Option<Timestamp>,
        /// Why it was rejected.
        #[serde(skip_serializing_if = "Option::is_none")]
        rejection_reason_id: Option<RejectionReasonId>,
        /// When something last happened to it.
        last_activity_at: Option<Timestamp>,
        /// Whether somebody has to decide.
        needs_decision: Option<bool>,
        /// Where the person says they are.
        location_address: Option<String>,
        /// What was answered on the form.
        answers: Vec<ApplicationAnswer>,
        /// What the organization keeps besides.
        custom_fields: CustomFields,
    }
}

id_alone!(Application);

/// An answer on an application form. `Debug` shows the question alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApplicationAnswer {
    /// What was asked.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub question: String,
    /// What was said.
    pub answer: Option<String>,
}

open_enum! {
    /// How far an application has come. Greenhouse filters by `active` what it answers as `in_process`; here it is one.
    ApplicationStatus {
        /// On its way: `in_process` in answers, `active` in filters and webhooks.
        InProcess = "in_process" | "active",
        /// Rejected.
        Rejected = "rejected",
        /// Hired.
        Hired = "hired",
        /// A prospect's that has become a candidate's.
        Converted = "converted",
    }
}

impl ApplicationStatus {
    /// The word in filters.
    pub fn as_filter(&self) -> &str {
        match self {
            Self::InProcess => "active",
            other => other.as_str(),
        }
    }
}

impl Filter<Application> {
    /// Those that have come this far.
    #[must_use]
    pub fn status(self, status: &ApplicationStatus) -> Self {
        self.one("status", status.as_filter().to_owned())
    }
}

filters! {
    Application {
        /// Those of these candidates.
        ids candidates: CandidateId => "candidate_ids",
        /// Those for these jobs.
        ids jobs: JobId => "job_ids",
        /// Those of prospects that may do for these jobs.
        ids prospective_jobs: JobId => "prospective_job_ids",
        /// Those that came through these posts.
        ids job_posts: JobPostId => "job_post_ids",
        /// Those from these sources.
        ids sources: SourceId => "source_ids",
        /// Those that these brought.
        ids referrers: ReferrerId => "referrer_ids",
        /// Those in these stages of a job.
        ids job_interview_stages: JobInterviewStageId => "job_interview_stage_ids",
        /// Those with these stages of their own. A job's stage here gives an empty list and no error.
        ids stages: ApplicationStageId => "stage_ids",
        /// Those in a stage of this very name; case counts.
        text stage_name => "stage_name",
        /// Prospects', or those that are none.
        flag prospect => "prospect",
        /// Those to which something last happened in that span.
        time last_activity => "last_activity_at",
        /// Those with this option of a custom field.
        id custom_field_option: CustomFieldOptionId => "custom_field_option_id",
    }
}

impl fmt::Debug for ApplicationAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationAnswer")
            .field("question", &self.question)
            .finish_non_exhaustive()
    }
}
