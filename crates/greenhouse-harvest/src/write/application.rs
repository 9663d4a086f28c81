//! New applications, and what becomes of them.

use serde_json::json;

use super::members::{Members, body};
use crate::{
    EmailTemplateId, JobId, JobInterviewStageId, ProspectPoolId, ProspectPoolStageId, ReferrerId,
    RejectionReasonId, SourceId, Timestamp, UserId,
};

body! {
    /// An application to make: a candidate's for a job, or a prospect's. Members of the other kind are refused by Greenhouse.
    NewApplication {
        /// A candidate's first stage; the job's first one unless said.
        id initial_stage: JobInterviewStageId => "initial_stage_id",
        /// Where it came from.
        id source: SourceId => "source_id",
        /// Who brought it: a referrer, not a user.
        id referrer: ReferrerId => "referrer_id",
        /// Who is in charge.
        id recruiter: UserId => "recruiter_id",
        /// Who plans its interviews.
        id coordinator: UserId => "coordinator_id",
        /// For which jobs a prospect may do.
        ids jobs: JobId => "job_ids",
        /// In which pool a prospect is kept.
        id prospect_pool: ProspectPoolId => "prospect_pool_id",
        /// In which stage of the pool.
        id prospect_pool_stage: ProspectPoolStageId => "prospect_pool_stage_id",
        /// Who looks after a prospect.
        id prospect_owner: UserId => "prospect_owner_id",
    }
}

impl NewApplication {
    /// A candidate's, for a job.
    pub fn for_job(job: JobId) -> Self {
        let mut members = Members::default();
        members.set("job_id", job.get());
        Self(members)
    }

    /// A prospect's.
    pub fn prospect() -> Self {
        let mut members = Members::default();
        members.set("prospect", true);
        Self(members)
    }
}

body! {
    /// What to change of an application; the rest stays.
    ApplicationUpdate {
        /// Where it came from.
        id source: SourceId => "source_id",
        /// Who brought it: a referrer, not a user.
        id referrer: ReferrerId => "referrer_id",
        /// Who is in charge.
        id recruiter: UserId => "recruiter_id",
        /// Who plans its interviews.
        id coordinator: UserId => "coordinator_id",
        /// In which pool a prospect is kept.
        id prospect_pool: ProspectPoolId => "prospect_pool_id",
        /// What a custom field is to hold. It may be that those not named are emptied: name all that are to stay.
        custom custom_field => "custom_fields",
        /// When it was sent.
        time created_at => "created_at",
        /// When it was rejected.
        time rejected_at => "rejected_at",
    }
}

impl ApplicationUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self(Members::default())
    }
}

impl Default for ApplicationUpdate {
    fn default() -> Self {
        Self::new()
    }
}

body! {
    /// How an application is rejected.
    Rejection {
        /// What to note about it.
        text notes => "notes",
    }
}

impl Rejection {
    /// For that reason, without an e-mail.
    pub fn new(reason: RejectionReasonId) -> Self {
        let mut members = Members::default();
        members.set("rejection_reason_id", reason.get());
        Self(members)
    }

    /// With an e-mail to the candidate, in a user's name, now or later.
    #[must_use]
    pub fn email(
        mut self,
        template: EmailTemplateId,
        from: UserId,
        send_at: Option<Timestamp>,
    ) -> Self {
        let mut email = json!({ "email_template_id": template, "email_from_user_id": from });
        if let Some(send_at) = send_at {
            email["send_email_at"] = send_at.to_string().into();
        }
        self.0.set("rejection_email", email);
        self
    }
}

body! {
    /// How a candidate is hired.
    Hire {
        /// Into which opening of the job.
        id opening: i64 => "opening_id",
        /// On which day they begin, like `2026-12-01`.
        text start_date => "start_date",
        /// Why the opening is closed.
        id close_reason: i64 => "close_reason_id",
    }
}

impl Hire {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self(Members::default())
    }
}

impl Default for Hire {
    fn default() -> Self {
        Self::new()
    }
}

body! {
    /// For what a prospect becomes a candidate.
    Conversion {
        /// In which of the job's stages they begin.
        id to_stage: JobInterviewStageId => "to_job_interview_stage_id",
    }
}

impl Conversion {
    /// For that job.
    pub fn to_job(job: JobId) -> Self {
        let mut members = Members::default();
        members.set("job_id", job.get());
        Self(members)
    }
}
