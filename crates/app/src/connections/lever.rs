//! Lever's facts, and the one way to a client that may call it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ats_http::HostList;
use domain::{ConnectionKind, OrganizationId};
use lever::oauth;
use storage::connections::ConnectionRecord;
use url::Url;

use super::allowance::Allowance;
use super::tokens::GrantTokens;
use super::working::{lost, working};
use crate::{App, Error, Result};

/// Jobs that need Lever are parked under this name while it is not connected; a connection wakes them.
pub const PARKED: &str = "lever";

const KIND: ConnectionKind = ConnectionKind::Lever;

/// Where Lever is, and our application there.
#[derive(Debug, Clone)]
pub struct LeverConfig {
    /// Base of its API, with the `/v1`.
    pub api_base_url: Url,
    /// Where a data call's redirect may lead.
    pub redirect_hosts: HostList,
    /// Our application there; none where no client id is set.
    pub oauth: Option<oauth::App>,
    /// Is a code bound to a verifier (PKCE)? Lever does not document it.
    pub pkce: bool,
    /// A grant idle this long is refreshed.
    pub keep_alive: Duration,
    /// How often each connection is swept for what webhooks missed.
    pub reconcile: Duration,
}

/// A client that calls Lever for an organization, within the allowance that all processes share.
///
/// # Errors
/// [`Error::Conflict`] `not_connected` or `needs_attention` where there is no connection that works.
pub async fn lever_client(app: &App, organization: OrganizationId) -> Result<lever::Client> {
    let record = app
        .read(move |_, conn| working(conn, organization, KIND))
        .await?;
    Ok(client_of(app, &record))
}

/// A client under the connection's own grant.
pub(super) fn client_of(app: &App, record: &ConnectionRecord) -> lever::Client {
    let tokens = GrantTokens::of(app, record.organization, record.id, record.kind);
    client_with(
        app,
        record.organization,
        lever::Credential::OAuth(Arc::new(tokens)),
    )
}

/// A client under any credential, within the organization's allowance.
pub(super) fn client_with(
    app: &App,
    organization: OrganizationId,
    credential: lever::Credential,
) -> lever::Client {
    let config = &app.config().lever;
    lever::Client::new(
        app.http().clone(),
        config.api_base_url.clone(),
        credential,
        Allowance::of(app, organization),
        config.redirect_hosts.clone(),
    )
}

/// What a refusal of Lever's means to whoever asked us for something.
pub(super) fn refusal(doing: &str, error: &lever::Error) -> Error {
    if error.is_auth_lost() {
        return lost(KIND);
    }
    if error.is_forbidden() {
        let message = format!(
            "Lever does not allow us to {doing}: log in to Lever again and accept all permissions that are asked for"
        );
        return Error::conflict("not_allowed_there", message);
    }
    Error::FarSide {
        message: format!("Lever did not let us {doing}: {error}; {}", advice(error)),
        passing: error.is_temporary() || error.is_throttled(),
    }
}

fn advice(error: &lever::Error) -> impl fmt::Display {
    if error.is_temporary() || error.is_throttled() {
        "try again in a moment"
    } else {
        "look at the connection in Settings"
    }
}
