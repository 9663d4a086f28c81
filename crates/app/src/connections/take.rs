//! A grant is taken into use, and what follows from that.

use domain::{ConnectionKind, Standing};
use serde_json::json;
use storage::connections::{self, ConnectionRecord};
use storage::events::{self, EventRecord};
use storage::grants::{self, GrantRecord};
use storage::jobs;

use super::{CheckHarvest, EnsureWebhook, parting};
use crate::audit::{self, Action};
use crate::{AnyConnection, App, Result};

/// Whether a grant is new, or was held until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    New,
    Held,
    /// It was held, and the operator let it have an account that another organization is connected to.
    LetThrough,
}

/// Takes `grant` into use in place of the one before. The webhook is made, parked work goes on, and another account of before is
/// left, once this is committed.
pub(super) fn take(
    app: &App,
    conn: &mut AnyConnection,
    record: &mut ConnectionRecord,
    grant: &GrantRecord,
    (taken, same_account): (Taken, bool),
) -> Result<()> {
    if let Some(before) = grants::in_use(conn, record.organization, record.id)? {
        if parting::is_for_another(&before, grant) {
            parting::begin(app, conn, &before)?;
            // Its webhook is not there, and what comes from it is refused.
            record.webhook = None;
        }
        grants::forget(conn, record.organization, before.id)?;
    }
    match taken {
        Taken::New => grants::insert(conn, grant)?,
        Taken::Held | Taken::LetThrough => {
            grants::take_into_use(conn, record.organization, grant.id)?;
        }
    }
    let goes_on = record.standing.goes_on(same_account);
    record.shared = match taken {
        // One that was not told which account it is for keeps nobody else out of any.
        Taken::New => (goes_on && record.shared) || grant.account_id.is_none(),
        Taken::Held => false,
        Taken::LetThrough => true,
    };
    if !goes_on {
        record.connected_at = Some(app.now());
        record.connected_at_there = grant.granted_at_there;
    }
    record.standing = Standing::Connected;
    record.detail = None;
    record.requested_at = None;
    record.account_id = grant.account_id.clone().or(record.account_id.take());
    record.account_name = grant.account_name.clone().or(record.account_name.take());
    connections::save(conn, record)?;
    note(
        app,
        conn,
        record,
        "connection.connected",
        Action::ConnectionMade,
    )?;
    let job = match record.kind {
        ConnectionKind::Lever => EnsureWebhook::job(app, record),
        _ => CheckHarvest::job(app, record),
    };
    Ok(jobs::enqueue(conn, &[job], app.now())?)
}

/// Keeps a fact of a connection, for whoever is to be told of it, and for the audit log.
pub(super) fn note(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    name: &str,
    action: Action,
) -> Result<()> {
    fact(app, conn, record, name)?;
    let object = format!("connection:{}", record.id);
    let detail = json!({ "kind": record.kind });
    audit::note(app, conn, Some(record.organization), action, object, detail)
}

/// Keeps a fact of a connection for whoever is to be told of it.
pub(super) fn fact(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    name: &str,
) -> Result<()> {
    let event = EventRecord {
        id: app.draw(),
        organization: record.organization,
        invite: None,
        name: name.to_owned(),
        detail: json!({ "connection_id": record.id, "kind": record.kind, "detail": record.detail }),
        at: app.now(),
    };
    Ok(events::insert(conn, &[event])?)
}

/// Sets, or clears, what is amiss with a connection that goes on working: such as what an ATS answers 403 to.
///
/// # Errors
/// Those of the database.
pub fn note_trouble(
    app: &App,
    conn: &mut AnyConnection,
    organization: domain::OrganizationId,
    kind: ConnectionKind,
    detail: Option<&str>,
) -> Result<()> {
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    if record.standing == Standing::Connected && record.detail.as_deref() != detail {
        record.detail = detail.map(str::to_owned);
        connections::save(conn, &record)?;
    }
    Ok(())
}
