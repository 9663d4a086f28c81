//! `response_errors`: Greenhouse could not read an answer of ours.

use domain::{InviteId, OrganizationId};
use storage::events::{self, EventRecord};
use storage::{AnyConnection, Page, invites};

use crate::{App, Result};

/// The name of such a report on timelines and in what is posted to the vendor.
pub const RESPONSE_ERROR: &str = "greenhouse.response_error";

/// What Greenhouse reports, without the candidate's data.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Which call.
    pub api_call: Option<String>,
    /// What was wrong, in Greenhouse's words.
    pub errors: Vec<String>,
    /// Which invite, in Greenhouse's words.
    pub interview_id: Option<String>,
}

/// Keeps a report; on the invite's timeline where it names one of the organization's own.
///
/// # Errors
/// Those of the database.
pub fn keep_response_error(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    report: &Report,
) -> Result<()> {
    let named: Option<InviteId> = report
        .interview_id
        .as_deref()
        .and_then(|id| id.parse().ok());
    let invite = match named {
        Some(id) => invites::find(conn, organization, id)?.map(|record| record.invite.id),
        None => None,
    };
    let record = EventRecord {
        id: app.draw(),
        organization,
        invite,
        name: RESPONSE_ERROR.to_owned(),
        detail: serde_json::json!({ "api_call": report.api_call, "errors": report.errors }),
        at: app.now(),
    };
    events::insert(conn, &[record])?;
    Ok(())
}

/// One page of what Greenhouse reported to an organization, newest first.
///
/// # Errors
/// Those of the database.
pub fn response_errors(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<EventRecord>> {
    Ok(events::named(conn, organization, RESPONSE_ERROR, page)?)
}
