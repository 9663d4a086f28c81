//! The records that Harvest lists, each with its filter.

mod application;
mod attachment;
mod candidate;
mod contact;
mod custom_field;
mod interview;
mod job;
mod job_post;
mod note;
mod organization;
mod prospect;
mod rejection;
mod scorecard;
mod source;
mod stage;
mod tag;
mod template;
mod user;

pub use application::{
    Application, ApplicationAnswer, ApplicationFilter, ApplicationId, ApplicationStatus,
};
pub use attachment::{Attachment, AttachmentFilter, AttachmentId, AttachmentKind};
pub use candidate::{Candidate, CandidateEntry, CandidateFilter, CandidateId};
pub use contact::{Contact, ContactKind};
pub use custom_field::{
    CustomField, CustomFieldFilter, CustomFieldId, CustomFieldOption, CustomFieldOptionFilter,
    CustomFieldOptionId, CustomFieldOwner, CustomFieldValue, CustomFieldValueKind, CustomFields,
};
pub use interview::{
    Interview, InterviewFilter, InterviewId, InterviewStatus, JobInterview, JobInterviewFilter,
    JobInterviewId, SchedulingKind,
};
pub use job::{
    Job, JobFilter, JobId, JobOwner, JobOwnerFilter, JobOwnerId, JobOwnerKind, JobStatus,
};
pub use job_post::{
    AnswerKind, JobBoard, JobBoardFilter, JobBoardId, JobPost, JobPostFilter, JobPostId, Question,
    QuestionOption,
};
pub use note::{Note, NoteFilter, NoteId, NoteKind, Visibility};
pub use organization::{
    Department, DepartmentFilter, DepartmentId, Office, OfficeFilter, OfficeId,
};
pub use prospect::{
    ProspectDetail, ProspectDetailFilter, ProspectDetailId, ProspectPool, ProspectPoolFilter,
    ProspectPoolId, ProspectPoolStage, ProspectPoolStageFilter, ProspectPoolStageId,
};
pub use rejection::{
    RejectionKind, RejectionReason, RejectionReasonFilter, RejectionReasonId, RejectionReasonKind,
};
pub use scorecard::{CandidateRating, Scorecard, ScorecardFilter, ScorecardId, ScorecardStatus};
pub use source::{
    Referrer, ReferrerFilter, ReferrerId, Source, SourceFilter, SourceId, SourceKind,
};
pub use stage::{
    ApplicationStage, ApplicationStageFilter, ApplicationStageId, JobInterviewStage,
    JobInterviewStageFilter, JobInterviewStageId,
};
pub use tag::{
    AppliedCandidateTag, AppliedCandidateTagFilter, AppliedCandidateTagId, CandidateTag,
    CandidateTagFilter, CandidateTagId,
};
pub use template::{EmailTemplate, EmailTemplateFilter, EmailTemplateId};
pub use user::{
    InterviewerTag, User, UserEmail, UserEmailFilter, UserEmailId, UserFilter, UserId,
    UserJobPermission, UserJobPermissionFilter, UserJobPermissionId,
};
