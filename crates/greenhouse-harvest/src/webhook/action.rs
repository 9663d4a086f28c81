//! What Greenhouse tells of.

use crate::open::open_enum;

open_enum! {
    /// What happened. A webhook tells of one kind.
    Action {
        /// Nothing: the webhook was made or changed. It is switched off unless the answer is 200.
        Ping = "ping",
        /// An application went to another stage.
        CandidateStageChange = "candidate_stage_change",
        /// An application changed.
        ApplicationUpdated = "application_updated",
        /// A candidate applied.
        NewCandidateApplication = "new_candidate_application",
        /// A prospect was added.
        NewProspectApplication = "new_prospect_application",
        /// An application was rejected.
        RejectCandidate = "reject_candidate",
        /// A rejection was taken back.
        UnrejectCandidate = "unreject_candidate",
        /// A candidate was hired.
        HireCandidate = "hire_candidate",
        /// That was taken back.
        UnhireCandidate = "unhire_candidate",
        /// A person's data changed.
        UpdateCandidate = "update_candidate",
        /// An application was deleted. Not sent when the whole person is.
        DeleteApplication = "delete_application",
        /// A person was deleted, with all their applications.
        DeleteCandidate = "delete_candidate",
        /// Two persons became one. Takes the place of the deletion of the other, where both are told of.
        MergeCandidate = "merge_candidate",
        /// Some or all of a person's data was removed.
        CandidateAnonymized = "candidate_anonymized",
        /// A job was made.
        JobCreated = "job_created",
        /// A job changed.
        JobUpdated = "job_updated",
        /// A job was approved.
        JobApproved = "job_approved",
        /// A job was deleted.
        JobDeleted = "job_deleted",
        /// A post was made.
        JobPostCreated = "job_post_created",
        /// A post changed.
        JobPostUpdated = "job_post_updated",
        /// A post was deleted.
        JobPostDeleted = "job_post_deleted",
        /// A stage of a job was deleted.
        JobInterviewStageDeleted = "job_interview_stage_deleted",
        /// An offer was made.
        OfferCreated = "offer_created",
        /// An offer changed.
        OfferUpdated = "offer_updated",
        /// An offer was approved.
        OfferApproved = "offer_approved",
        /// An offer was deleted.
        OfferDeleted = "offer_deleted",
        /// An interview was deleted.
        InterviewDeleted = "interview_deleted",
        /// A scorecard was deleted.
        ScorecardDeleted = "scorecard_deleted",
        /// A department was deleted.
        DepartmentDeleted = "department_deleted",
        /// An office was deleted.
        OfficeDeleted = "office_deleted",
    }
}
