//! Every id is a type of its own, so that two ids can't be swapped.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// One customer of the assessment vendor.
    OrganizationId,
    /// What a candidate is asked to take.
    AssessmentId,
    /// One question of an assessment.
    QuestionId,
    /// One choice of a question.
    ChoiceId,
    /// One person, per organization and e-mail.
    CandidateId,
    /// One ask that one candidate takes one assessment; Greenhouse's `partner_interview_id`.
    InviteId,
    /// One interview whose candidate is passed on to an ATS where both sides want that.
    ReferralId,
    /// Where an invite is shown in an ATS.
    PlaceId,
    /// One fact on an invite's timeline.
    EventId,
    /// One organization's link to one ATS.
    ConnectionId,
    /// What an ATS gave us to call it with.
    GrantId,
    /// One stage in an ATS that triggers invites.
    TriggerStageId,
    /// One stage of a job in Greenhouse, with the assessment that its newcomers are invited to.
    StageMappingId,
    /// One thing that came in over a connection, or was decided there.
    ActivityId,
    /// One piece of background work.
    JobId,
    /// One API key.
    ApiKeyId,
    /// One person who signs in.
    UserId,
    /// One entry of the audit log.
    AuditEventId,
}
