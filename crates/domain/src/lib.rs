//! What Baton is about, without any I/O: organizations, assessments, candidates, invites, attempts, results,
//! and the places where results are shown. Decisions are pure functions; time and ids come in as arguments.

mod ask;
mod assessment;
mod call_window;
mod candidate;
mod circuit;
mod clock;
mod connection;
mod ids;
mod invite;
mod organization;
mod place;
mod questionnaire;
mod referral;
mod reminder;
mod result;
mod text;
mod traceparent;
mod view;

pub use ask::{Ask, AtsFacts};
pub use assessment::{
    Assessment, AssessmentStatus, Category, Choice, Competency, CompleteOn, EmailTemplate,
    External, Kind, Lack, Question, QuestionKind,
};
pub use call_window::{CallWindow, SeenWindow};
pub use candidate::{CandidateDetails, Email, EmailError};
pub use circuit::{Circuit, Open, Way};
pub use clock::{Clock, Entropy, FixedClock, Ids, SystemClock};
pub use connection::{
    Arrival, ConnectionKind, ConnectionState, GrantLife, GrantRules, HarvestSettings, Hold,
    LeverSettings, Standing,
};
pub use ids::{
    ActivityId, ApiKeyId, AssessmentId, AuditEventId, CandidateId, ChoiceId, ConnectionId, EventId,
    GrantId, InviteId, JobId, OrganizationId, PlaceId, QuestionId, ReferralId, StageMappingId,
    TriggerStageId, UserId,
};
pub use invite::{Attempt, Command, Event, Invite, Origin, Refusal, Status, Transition, decide};
pub use organization::{ApiKeyKind, ApiKeyScope, NoteVisibility, Organization, Role};
pub use place::{Place, Receipt, Target, Writeback, WritebackState};
pub use questionnaire::{Answer, Grade, GradeError, Marks, grade, score_choices, total};
pub use referral::{
    Answered, Interview, InterviewScore, Passing, Referral, ReferralState, TooLate,
};
pub use reminder::remind_at;
pub use result::{CompetencyScore, Outcome, Recommendation, ResultBody, ResultError, Revision};
pub use text::{fold, limited, loosely};
pub use traceparent::{NoTraceparent, Traceparent};
pub use view::InviteView;
