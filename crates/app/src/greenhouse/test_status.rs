//! `test_status`: the hot read. Reading changes nothing that Greenhouse could see; that it read is a receipt of ours.

use domain::{InviteId, InviteView, OrganizationId, Status, Target};
use storage::{AnyConnection, events, invites, organizations, places};

use crate::links::Links;
use crate::reactions::{note, view};
use crate::{App, Error, Result};

/// What Greenhouse reads of one invite.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The invite as it may be shown.
    pub view: InviteView,
    /// Where its result is read, with the grant; none while it is not finished.
    pub result_url: Option<String>,
    /// Is this the first time that it is read as finished?
    pub is_news: bool,
}

/// Looks up what Greenhouse may read.
///
/// # Errors
/// [`Error::NotFound`] where the organization has no such invite.
pub fn test_status(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Reading> {
    let record = invites::find(conn, organization, invite)?.ok_or(Error::NotFound("interview"))?;
    let mut view = view(&record, app.now());
    if !view.is_finished() {
        return Ok(Reading {
            view,
            result_url: None,
            is_news: false,
        });
    }
    if view.invite.status == Status::Completed && view.final_result().is_none() {
        // What the vendor revises provisionally after completion is not for Greenhouse: it goes on reading the final one.
        view.invite.result = invites::final_revision(conn, organization, invite)?;
    }
    let links = organizations::find(conn, organization)?
        .ok_or(Error::NotFound("interview"))
        .and_then(|organization| Links::of(app, &organization))?;
    let unseen = places::of_invite(conn, organization, invite)?
        .iter()
        .filter_map(|place| place.writeback.as_ref())
        .any(|writeback| writeback.seen_at.is_none());
    Ok(Reading {
        view,
        result_url: Some(links.granted_result_url(invite, record.grant_number)),
        is_news: unseen,
    })
}

/// Keeps the receipt: Greenhouse has read the invite as finished.
///
/// # Errors
/// Those of the database.
pub fn note_seen(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    let now = app.now();
    let target = Target::GreenhouseStatus;
    if !places::note_seen(conn, organization, invite, target, now)? {
        return Ok(());
    }
    if let Some(record) = invites::find(conn, organization, invite)? {
        let detail = serde_json::json!({ "target": target.as_str() });
        events::insert(conn, &[note(app, now, &record, "writeback.seen", detail)])?;
    }
    Ok(())
}
