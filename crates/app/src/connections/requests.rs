//! Setup on request: what the operator offers to whom, who asks for more, and what the operator does about it.

use domain::{ConnectionKind, Hold, OrganizationId, Standing};
use serde_json::json;
use storage::connections::{self, ConnectionRecord};
use storage::grants::{self, GrantRecord};

use super::confirm_account::{release, why_held};
use super::take::{Taken, note};
use crate::audit::{self, Action};
use crate::jobs::{About, tell_admins, tell_operator};
use crate::organizations::OrganizationRecord;
use crate::{AnyConnection, App, Error, Page, Result, organizations};

/// A request as the operator sees it.
#[derive(Debug, Clone)]
pub struct Requested {
    /// What was asked for.
    pub connection: ConnectionRecord,
    /// The name of who asks.
    pub organization_name: String,
}

/// Asks the operator to set a kind up, with a mail. Asked again, nothing more happens.
///
/// # Errors
/// [`Error::Conflict`] where it is connected already.
pub fn request(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    if record.standing == Standing::Connected {
        let message = format!("{} is connected already", kind.title());
        return Err(Error::conflict("connected", message));
    }
    if record.requested_at.is_some() {
        return Ok(());
    }
    record.requested_at = Some(app.now());
    connections::save(conn, &record)?;
    note(
        app,
        conn,
        &record,
        "connection.requested",
        Action::ConnectionRequested,
    )?;
    tell_operator(app, conn, &record, About::Requested)
}

/// Has the operator decide about a grant for an account that another organization holds. Asked again, nothing more happens.
pub(super) fn ask_to_let_through(
    app: &App,
    conn: &mut AnyConnection,
    record: &mut ConnectionRecord,
) -> Result<()> {
    if record.requested_at.is_some() {
        return Ok(());
    }
    record.requested_at = Some(app.now());
    connections::save(conn, record)?;
    tell_operator(app, conn, record, About::Requested)
}

/// The operator does what was asked: the kind is switched on, and a grant that waits for the operator is let through. The
/// organization's admins are told.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization.
pub fn fulfil(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    organizations::find(conn, organization)?;
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    let was_asked = record.requested_at.take().is_some() || !record.offered;
    record.offered = true;
    connections::save(conn, &record)?;
    note(
        app,
        conn,
        &record,
        "connection.fulfilled",
        Action::ConnectionFulfilled,
    )?;
    if let Some(held) = grants::held(conn, organization, record.id)? {
        let_through(app, conn, &mut record, &held)?;
    }
    if was_asked {
        tell_admins(app, conn, &record, About::SwitchedOn)?;
    }
    Ok(())
}

/// Lets a held grant have its account, where another organization is connected to that.
fn let_through(
    app: &App,
    conn: &mut AnyConnection,
    record: &mut ConnectionRecord,
    held: &GrantRecord,
) -> Result<()> {
    if why_held(conn, held)? != Hold::HeldElsewhere {
        return Ok(());
    }
    if record.account_id.is_some() && record.account_id != held.account_id {
        // Whether it is the right account is still for the organization to say.
        let (organization, why) = (record.organization, Hold::LetThrough);
        return Ok(grants::hold_for(conn, organization, held.id, why)?);
    }
    release(app, conn, record, held, Taken::LetThrough)
}

/// One page of what organizations ask for, newest first.
///
/// # Errors
/// Those of the database.
pub fn requests(conn: &mut AnyConnection, page: Page) -> Result<Vec<Requested>> {
    let found = connections::requested(conn, page)?;
    let ids: Vec<_> = found.iter().map(|record| record.organization).collect();
    let names = storage::organizations::among(conn, &ids)?;
    Ok(found
        .into_iter()
        .map(|connection| Requested {
            organization_name: names
                .iter()
                .find(|found| found.organization.id == connection.organization)
                .map(|found| found.organization.name.clone())
                .unwrap_or_default(),
            connection,
        })
        .collect())
}

/// An organization with the kinds that the operator offers to it.
pub type Offered = (OrganizationRecord, Vec<ConnectionKind>);

/// Organizations with what the operator offers to each.
///
/// # Errors
/// Those of the database.
pub fn with_offered(
    conn: &mut AnyConnection,
    found: Vec<OrganizationRecord>,
) -> Result<Vec<Offered>> {
    let ids: Vec<_> = found.iter().map(|record| record.organization.id).collect();
    let withheld = connections::withheld_among(conn, &ids)?;
    let with = |record: OrganizationRecord| {
        let id = record.organization.id;
        let is_offered = |kind: &ConnectionKind| !withheld.contains(&(id, *kind));
        (
            record,
            ConnectionKind::ALL.into_iter().filter(is_offered).collect(),
        )
    };
    Ok(found.into_iter().map(with).collect())
}

/// Which kinds the operator offers to an organization: all, where nothing was said.
///
/// # Errors
/// Those of the database.
pub fn offered(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<ConnectionKind>> {
    let known = connections::of(conn, organization)?;
    let is_offered = |kind: &ConnectionKind| {
        let found = known.iter().find(|record| record.kind == *kind);
        found.is_none_or(|record| record.offered)
    };
    Ok(ConnectionKind::ALL.into_iter().filter(is_offered).collect())
}

/// Offers just these kinds to an organization. What is connected stays connected.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization.
pub fn set_offered(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kinds: &[ConnectionKind],
) -> Result<()> {
    organizations::find(conn, organization)?;
    for kind in ConnectionKind::ALL {
        let mut record = connections::hold(conn, organization, kind, app.draw())?;
        record.offered = kinds.contains(&kind);
        if record.offered {
            record.requested_at = None;
        }
        connections::save(conn, &record)?;
    }
    let object = format!("organization:{organization}");
    let detail = json!({ "integrations": kinds });
    audit::note(
        app,
        conn,
        Some(organization),
        Action::IntegrationsSwitched,
        object,
        detail,
    )
}
