//! A connection is ended: our webhook there removed, the grant given back, the tokens erased here.

use std::time::Duration;

use domain::{ApiKeyKind, ConnectionKind, OrganizationId, Standing};
use storage::connections::{self, ConnectionRecord};
use storage::grants::{self, GrantRecord};
use storage::{api_keys as keys, oauth_states};

use super::lever::client_of;
use super::take::note;
use super::tokens::give_back;
use super::webhook;
use crate::audit::Action;
use crate::{AnyConnection, App, Result, api_keys};

/// How long the ATS may take: the tokens are erased in any case.
const PATIENCE: Duration = Duration::from_secs(12);
/// Active keys come in slices of 20; nobody has more than a few.
const SLICES: usize = 5;

/// Ends a connection. Trigger stages and all that was imported stay. Of one that is not there, nothing changes.
///
/// # Errors
/// Those of the database.
pub async fn disconnect(
    app: &App,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    if kind == ConnectionKind::GreenhouseAssessment {
        return app
            .write(move |app, conn| revoke_keys(app, conn, organization))
            .await;
    }
    let found = app
        .read(move |_, conn| with_grants(conn, organization, kind))
        .await?;
    if let Some((record, grants)) = found {
        let parting = part(app, &record, &grants);
        if tokio::time::timeout(PATIENCE, parting).await.is_err() {
            tracing::warn!(connection = %record.id, "Lever did not answer while it was disconnected; what is left there ends by itself");
        }
    }
    app.write(move |app, conn| erase(app, conn, organization, kind))
        .await
}

fn with_grants(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<Option<(ConnectionRecord, Vec<GrantRecord>)>> {
    let Some(record) = connections::find(conn, organization, kind)? else {
        return Ok(None);
    };
    let in_use = grants::in_use(conn, organization, record.id)?;
    let held = grants::held(conn, organization, record.id)?;
    Ok(Some((record, in_use.into_iter().chain(held).collect())))
}

/// The webhook first: deleting it takes a token.
async fn part(app: &App, record: &ConnectionRecord, grants: &[GrantRecord]) {
    if record.standing == Standing::Connected {
        webhook::remove(app, &client_of(app, record), record).await;
    }
    for grant in grants.iter().filter(|grant| grant.lost_at.is_none()) {
        give_back(app, grant).await;
    }
}

fn erase(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    let Some((_, grants)) = with_grants(conn, organization, kind)? else {
        return Ok(());
    };
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    for grant in &grants {
        grants::forget(conn, organization, grant.id)?;
    }
    oauth_states::end_all(conn, organization, kind)?;
    record.requested_at = None;
    record.detail = None;
    record.webhook = None;
    let was = record.standing;
    if was != Standing::NotConfigured {
        record.standing = Standing::Disconnected;
    }
    connections::save(conn, &record)?;
    if matches!(was, Standing::Connected | Standing::NeedsAttention) {
        note(
            app,
            conn,
            &record,
            "connection.disconnected",
            Action::ConnectionEnded,
        )?;
    }
    Ok(())
}

/// Greenhouse calls us with keys: none of them opens anything any more.
fn revoke_keys(app: &App, conn: &mut AnyConnection, organization: OrganizationId) -> Result<()> {
    let kind = ApiKeyKind::GreenhouseAssessment;
    for _ in 0..SLICES {
        // Asked as of now each time: a key that ends now is active at every moment before.
        for key in keys::active(conn, organization, kind, app.now())? {
            api_keys::revoke(app, conn, organization, key.id)?;
        }
    }
    let kind = ConnectionKind::GreenhouseAssessment;
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    record.requested_at = None;
    Ok(connections::save(conn, &record)?)
}
