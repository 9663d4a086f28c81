//! Greenhouse's Harvest, and the one way to a client that may call it.

use std::sync::Arc;
use std::time::Duration;

use ats_http::HostList;
use domain::{ConnectionKind, OrganizationId};
use greenhouse_harvest::{Client, oauth};
use storage::connections::ConnectionRecord;
use url::Url;

use super::tokens::GrantTokens;
use super::windows::Windows;
use super::working::{lost, working};
use crate::{App, Error, Result};

/// Jobs that need Harvest are parked under this name while it is not connected; a connection wakes them.
pub const HARVEST_PARKED: &str = "greenhouse_harvest";

const KIND: ConnectionKind = ConnectionKind::GreenhouseHarvest;

/// Where Harvest is, and our application there.
#[derive(Debug, Clone)]
pub struct HarvestConfig {
    /// Base of its API, with the `/v3`.
    pub api_base_url: Url,
    /// Where a data call's redirect may lead.
    pub redirect_hosts: HostList,
    /// Our application there; none where no client id is set.
    pub oauth: Option<oauth::App>,
    /// Is a code bound to a verifier (PKCE)? Greenhouse does not document it.
    pub pkce: bool,
    /// A grant idle this long is refreshed.
    pub keep_alive: Duration,
    /// How often each connection is swept for what webhooks missed.
    pub reconcile: Duration,
}

/// A client that calls Harvest for an organization, within the allowance that all processes share.
///
/// # Errors
/// [`Error::Conflict`] `not_connected` or `needs_attention` where there is no connection that works.
pub async fn harvest_client(app: &App, organization: OrganizationId) -> Result<Client> {
    let record = app
        .read(move |_, conn| working(conn, organization, KIND))
        .await?;
    Ok(harvest_of(app, &record))
}

/// A client under the connection's own grant.
pub(super) fn harvest_of(app: &App, record: &ConnectionRecord) -> Client {
    let tokens = GrantTokens::of(app, record.organization, record.id, record.kind);
    harvest_with(app, record.organization, Arc::new(tokens))
}

/// A client under any tokens, within the organization's allowance.
pub(super) fn harvest_with(
    app: &App,
    organization: OrganizationId,
    tokens: Arc<dyn ats_http::AccessTokens>,
) -> Client {
    let config = &app.config().harvest;
    Client::new(
        app.http().clone(),
        config.api_base_url.clone(),
        tokens,
        Windows::of(app, organization),
        config.redirect_hosts.clone(),
    )
}

/// What a refusal of Harvest's means to whoever asked us for something: `doing` completes "Greenhouse did not let us …".
pub(crate) fn harvest_refusal(doing: &str, error: &greenhouse_harvest::Error) -> Error {
    if error.is_auth_lost() {
        return lost(KIND);
    }
    if error.is_forbidden() {
        return Error::conflict("not_allowed_there", not_allowed(doing));
    }
    let passing = error.is_temporary() || error.is_throttled();
    let advice = if passing {
        "try again in a moment"
    } else {
        "look at the connection in Settings"
    };
    Error::FarSide {
        message: format!("Greenhouse did not let us {doing}: {error}; {advice}"),
        passing,
    }
}

/// What a person can do about a 403: `doing` completes "Greenhouse does not allow us to …".
pub fn not_allowed(doing: &str) -> String {
    format!(
        "Greenhouse does not allow us to {doing}: connect again as a Site Admin, choose \"Authorize using a service account\", and accept \
         all permissions that are asked for"
    )
}
