//! The results page: who may read it.

use chrono::{DateTime, Utc};
use domain::{InviteId, Organization, OrganizationId};
use storage::{AnyConnection, events, invites, organizations};

use crate::audit::{self, Action};
use crate::invites::{InviteDetails, details, record};
use crate::links::Links;
use crate::reactions::note;
use crate::{App, Error, Result};

/// What a grant opens.
#[derive(Debug, Clone)]
pub enum Granted {
    /// This invite, of this organization.
    Open(Organization, Box<InviteDetails>),
    /// Nothing any more: the organization withdrew the links it had shared.
    Withdrawn(Organization),
    /// Nothing any more: the candidate was erased at this moment.
    Erased(Organization, DateTime<Utc>),
}

/// What the holder of a grant may read: this one invite.
///
/// # Errors
/// [`Error::NotFound`] for an unknown invite and for a grant that never was, alike.
pub fn with_grant(
    app: &App,
    conn: &mut AnyConnection,
    invite: InviteId,
    grant: &str,
) -> Result<Granted> {
    let hidden = || Error::NotFound("result");
    let record = invites::find_for_judging(conn, invite)?.ok_or_else(hidden)?;
    let organization = organizations::find(conn, record.invite.organization)?.ok_or_else(hidden)?;
    let links = Links::of(app, &organization)?;
    let organization = organization.organization;
    if links.is_grant(invite, record.grant_number, grant) {
        if let Some(erased_at) = record.candidate.erased_at {
            return Ok(Granted::Erased(organization, erased_at));
        }
        let details = details(app, conn, record)?;
        return Ok(Granted::Open(organization, Box::new(details)));
    }
    let once = (1..record.grant_number).any(|number| links.is_grant(invite, number, grant));
    once.then_some(Granted::Withdrawn(organization))
        .ok_or_else(hidden)
}

/// Ends every results link that was handed out for an invite; answers the invite.
///
/// # Errors
/// [`Error::NotFound`].
pub fn withdraw_links(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let mut record = record(conn, organization, invite)?;
    record.grant_number += 1;
    invites::save(conn, &record)?;
    let fact = note(
        app,
        app.now(),
        &record,
        "links.withdrawn",
        serde_json::json!({}),
    );
    events::insert(conn, &[fact])?;
    let (object, number) = (format!("invite:{invite}"), record.grant_number);
    let detail = serde_json::json!({ "grant": number });
    let action = Action::ResultLinksWithdrawn;
    audit::note(app, conn, Some(organization), action, object, detail)?;
    details(app, conn, record)
}
