//! What an admin can read of what came in and what was decided.

use ats::lever::Reason;
use domain::{ConnectionKind, OrganizationId};
use storage::activities::{ActivityRecord, Decision, Source};

use crate::App;

/// An entry about an opportunity of this organization, with nothing more to say yet.
pub(crate) fn note(
    app: &App,
    organization: OrganizationId,
    source: Source,
    opportunity: Option<&str>,
    decision: Decision,
) -> ActivityRecord {
    ActivityRecord {
        id: app.draw(),
        organization,
        kind: ConnectionKind::Lever,
        source,
        event: None,
        subject: opportunity.map(str::to_owned),
        decision,
        reason: None,
        detail: None,
        invite: None,
        at: app.now(),
    }
}

/// An entry that says why nothing is sent.
pub(crate) fn of_reason(
    app: &App,
    organization: OrganizationId,
    source: Source,
    opportunity: Option<&str>,
    reason: &Reason,
) -> ActivityRecord {
    ActivityRecord {
        reason: Some(reason.code().to_owned()),
        detail: Some(reason.to_string()),
        ..note(app, organization, source, opportunity, Decision::Nothing)
    }
}
