//! A connection is ended: our webhook there removed, the grant given back, the tokens erased here.

use std::time::Duration;

use domain::{ApiKeyKind, ConnectionKind, OrganizationId, Standing};
use storage::connections::{self, ConnectionRecord};
use storage::grants::{self, GrantRecord};
use storage::partings::{self, PartingRecord};
use storage::{api_keys as keys, oauth_states};

use super::lever::client_of;
use super::parting::{is_used_elsewhere, leave};
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
        .read(move |_, conn| Holdings::by(conn, organization, kind))
        .await?;
    if let Some(held) = found
        && tokio::time::timeout(PATIENCE, held.part(app))
            .await
            .is_err()
    {
        tracing::warn!(connection = %held.record.id, "Lever did not answer while it was disconnected; what is left there ends by itself");
    }
    app.write(move |app, conn| erase(app, conn, organization, kind))
        .await
}

/// A connection, with what ATSs gave it to call them with.
struct Holdings {
    record: ConnectionRecord,
    grants: Vec<GrantRecord>,
    /// Accounts of before that it is still to leave.
    partings: Vec<PartingRecord>,
}

impl Holdings {
    fn by(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        kind: ConnectionKind,
    ) -> Result<Option<Self>> {
        let Some(record) = connections::find(conn, organization, kind)? else {
            return Ok(None);
        };
        let in_use = grants::in_use(conn, organization, record.id)?;
        let held = grants::held(conn, organization, record.id)?;
        Ok(Some(Self {
            grants: in_use.into_iter().chain(held).collect(),
            partings: partings::of(conn, organization, record.id)?,
            record,
        }))
    }

    /// The webhook first: deleting it takes a token.
    async fn part(&self, app: &App) {
        let is_lever = self.record.kind == ConnectionKind::Lever;
        if is_lever && self.record.standing == Standing::Connected {
            webhook::remove(app, &client_of(app, &self.record), &self.record).await;
        }
        for grant in self.grants.iter().filter(|grant| grant.lost_at.is_none()) {
            let account = grant.account_id.as_deref();
            let used = is_used_elsewhere(app, grant.kind, grant.organization, account).await;
            if matches!(used, Ok(false)) {
                give_back(app, grant).await;
            }
        }
        for parting in &self.partings {
            if let Err(error) = leave(app, parting).await {
                tracing::warn!(connection = %self.record.id, %error, "an account of before could not be left");
            }
        }
    }

    /// Erases the tokens.
    fn forget(&self, conn: &mut AnyConnection) -> Result<()> {
        let organization = self.record.organization;
        for grant in &self.grants {
            grants::forget(conn, organization, grant.id)?;
        }
        for parting in &self.partings {
            partings::forget(conn, organization, parting.id)?;
        }
        Ok(())
    }
}

fn erase(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    if connections::find(conn, organization, kind)?.is_none() {
        return Ok(());
    }
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    // Looked up while nobody else can add to it.
    if let Some(held) = Holdings::by(conn, organization, kind)? {
        held.forget(conn)?;
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
