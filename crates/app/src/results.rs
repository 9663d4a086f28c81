//! The results page: who may read it.

use domain::{InviteId, OrganizationId};
use storage::organizations::OrganizationRecord;
use storage::{AnyConnection, invites, organizations};

use crate::invites::{InviteDetails, details, record};
use crate::links::Links;
use crate::{App, Error, Result};

/// What the holder of a grant may read: this one invite.
///
/// # Errors
/// [`Error::NotFound`] for an unknown invite and for a grant that is wrong or withdrawn, all alike.
pub fn with_grant(
    app: &App,
    conn: &mut AnyConnection,
    invite: InviteId,
    grant: &str,
) -> Result<(OrganizationRecord, InviteDetails)> {
    let hidden = || Error::NotFound("result");
    let record = invites::find_for_judging(conn, invite)?.ok_or_else(hidden)?;
    let organization = organizations::find(conn, record.invite.organization)?.ok_or_else(hidden)?;
    if !Links::of(app, &organization)?.is_grant(invite, record.grant_number, grant) {
        return Err(hidden());
    }
    Ok((organization, details(app, conn, record)?))
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
    details(app, conn, record)
}
