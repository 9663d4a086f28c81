//! What comes in from Greenhouse's Harvest: deliveries of its webhooks, applications that are looked at, people who are gone
//! there. What is decided about applications stands in `ats::greenhouse::harvest`, as pure functions.

mod look;
mod people;
mod receive;

use ats::greenhouse::harvest::Reason;
use domain::{ConnectionKind, OrganizationId};
use storage::activities::{ActivityRecord, Decision, Source};

use crate::App;

pub(crate) use look::{Facts, Look, carry_out, known_among};
pub(crate) use people::{linked, merge, unlink};
pub use receive::receive;

/// What an application is called in what is kept of it.
pub(crate) fn application(id: i64) -> String {
    format!("application {id}")
}

/// What a person is called in what is kept of them.
pub(crate) fn person(id: i64) -> String {
    format!("candidate {id}")
}

/// An entry about something of this organization, with nothing more to say yet.
pub(crate) fn note(
    app: &App,
    organization: OrganizationId,
    source: Source,
    subject: Option<&str>,
    decision: Decision,
) -> ActivityRecord {
    ActivityRecord {
        kind: ConnectionKind::GreenhouseHarvest,
        ..super::note(app, organization, source, subject, decision)
    }
}

/// An entry that says why nothing is done.
pub(crate) fn of_reason(
    app: &App,
    organization: OrganizationId,
    source: Source,
    subject: Option<&str>,
    reason: &Reason,
) -> ActivityRecord {
    ActivityRecord {
        reason: Some(reason.code().to_owned()),
        detail: Some(reason.to_string()),
        ..note(app, organization, source, subject, Decision::Nothing)
    }
}
