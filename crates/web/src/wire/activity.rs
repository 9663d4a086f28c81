//! Activity of connections on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One thing that came in from an ATS, or was decided about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activity {
    id: Uuid,
    at: DateTime<Utc>,
    /// `webhook`: the ATS told us. `sweep`: we looked for what it did not tell. `connection`: the connection itself was changed.
    #[schema(example = "webhook")]
    source: &'static str,
    /// The event, in the words of the ATS.
    #[schema(required, example = "candidateStageChange")]
    event: Option<String>,
    /// Lever's opportunity.
    #[schema(required)]
    opportunity_id: Option<String>,
    /// What it is about there: the opportunity's id; for Greenhouse `application` or `candidate` and its id.
    #[schema(required, example = "application 5200000456")]
    subject: Option<String>,
    /// `test`, `received` (it is looked at next), `invited`, `resent`, `nothing` or `failed`; of an account that the connection was
    /// moved away from, `left` (our webhook and access there are removed) or `not_left`; of somebody who is gone there, `erased`
    /// (here too), or `relinked` (what came from there names another now, or nothing).
    #[schema(example = "nothing")]
    decision: &'static str,
    /// A stable name for the reason.
    #[schema(required, example = "no_tag")]
    reason: Option<String>,
    /// The reason in words, and what to do.
    #[schema(required)]
    detail: Option<String>,
    /// The invite that came of it.
    #[schema(required)]
    invite_id: Option<Uuid>,
}

impl From<app::activity::Activity> for Activity {
    fn from(it: app::activity::Activity) -> Self {
        Self {
            id: it.id.into(),
            at: it.at,
            source: it.source.as_str(),
            event: it.event,
            opportunity_id: it
                .subject
                .clone()
                .filter(|_| it.kind == domain::ConnectionKind::Lever),
            subject: it.subject,
            decision: it.decision.as_str(),
            reason: it.reason,
            detail: it.detail,
            invite_id: it.invite.map(Into::into),
        }
    }
}
