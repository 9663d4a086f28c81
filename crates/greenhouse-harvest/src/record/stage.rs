//! Stages: a job's, and an application's way through them.

use super::{ApplicationId, JobId};
use crate::Timestamp;
use crate::filter::filters;
use crate::resource::record;

record! {
    /// A stage of a job's plan. What moves and stage logic go by.
    #[derive(Debug)]
    JobInterviewStage (JobInterviewStageId, JobInterviewStageFilter) at "job_interview_stages" {
        /// Of which job.
        job_id: Option<JobId>,
        /// What it is called.
        name: String,
        /// Its place; 0 is the review of applications, the offer comes last.
        sort_order: i64,
        /// `false`: no longer in use.
        active: bool,
    }
}

filters! {
    JobInterviewStage {
        /// Those of these jobs.
        ids jobs: JobId => "job_ids",
        /// Those in use, or the others.
        flag active => "active",
    }
}

record! {
    /// That an application was in a stage, is there, or may come there.
    #[derive(Debug)]
    ApplicationStage (ApplicationStageId, ApplicationStageFilter) at "application_stages" {
        /// Which application.
        application_id: Option<ApplicationId>,
        /// Which stage of the job.
        job_interview_stage_id: Option<JobInterviewStageId>,
        /// When it came there. Missing for a stage that it was never in.
        entered_at: Option<Timestamp>,
        /// When it went on.
        exited_at: Option<Timestamp>,
        /// How long it has been there.
        days_in_stage: i64,
        /// Whether it is there.
        current: bool,
    }
}

filters! {
    ApplicationStage {
        /// Those of these applications.
        ids applications: ApplicationId => "application_ids",
        /// Those about these stages of a job.
        ids job_interview_stages: JobInterviewStageId => "job_interview_stage_ids",
        /// Where applications are now, or where they have been and may come.
        flag current => "current",
    }
}
