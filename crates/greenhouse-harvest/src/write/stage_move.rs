//! Moves of an application.

use super::members::{Members, body};
use crate::{ApplicationStageId, JobId, JobInterviewStageId, UserId};

/// The stage that an application is in, as a move names it. Greenhouse compares it: where the application has gone on meanwhile
/// nothing is moved.
///
/// The migration guide and most clients name the job's stage; one sends the application's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurrentStage {
    /// The job's stage.
    OfJob(JobInterviewStageId),
    /// The application's own stage.
    OfApplication(ApplicationStageId),
}

impl From<JobInterviewStageId> for CurrentStage {
    fn from(id: JobInterviewStageId) -> Self {
        Self::OfJob(id)
    }
}

impl From<ApplicationStageId> for CurrentStage {
    fn from(id: ApplicationStageId) -> Self {
        Self::OfApplication(id)
    }
}

body! {
    /// A move of an application. It fires the organization's rules, e-mails to the candidate among them, which nothing can
    /// hold back.
    Move {
        /// In whose name e-mails go out.
        id email_from: UserId => "email_from_user_id",
    }
}

impl Move {
    /// To the stage that follows.
    pub fn to_next_stage(from: impl Into<CurrentStage>) -> Self {
        let mut members = Members::default();
        let id = match from.into() {
            CurrentStage::OfJob(id) => id.get(),
            CurrentStage::OfApplication(id) => id.get(),
        };
        members.set("from_stage_id", id);
        Self(members)
    }

    /// To a stage of the same job.
    pub fn to_stage(from: impl Into<CurrentStage>, to: JobInterviewStageId) -> Self {
        let mut this = Self::to_next_stage(from);
        this.0.set("to_stage_id", to.get());
        this
    }

    /// To another job, into its first stage.
    pub fn to_job(from: impl Into<CurrentStage>, to: JobId) -> Self {
        let mut this = Self::to_next_stage(from);
        this.0.set("to_job_id", to.get());
        this
    }

    /// To a stage of another job. One public client sends it so; whether Greenhouse minds the stage is not documented.
    pub fn to_stage_of_job(
        from: impl Into<CurrentStage>,
        job: JobId,
        stage: JobInterviewStageId,
    ) -> Self {
        let mut this = Self::to_job(from, job);
        this.0.set("to_stage_id", stage.get());
        this
    }
}
