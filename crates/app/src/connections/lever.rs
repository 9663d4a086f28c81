//! Lever's facts, and the one way to a client that may call it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ats_http::HostList;
use chrono::TimeDelta;
use domain::{ConnectionKind, GrantRules, OrganizationId, Standing};
use lever::oauth;
use storage::connections::{self, ConnectionRecord};
use url::Url;

use super::allowance::Allowance;
use super::tokens::GrantTokens;
use crate::{AnyConnection, App, Error, Result};

/// Jobs that need Lever are parked under this name while it is not connected; a connection wakes them.
pub const PARKED: &str = "lever";

/// How long they are where nobody wakes them, such as one that was parked at the very moment of a connection.
pub(crate) const PARKED_FOR: Duration = Duration::from_secs(4 * 60 * 60);

/// How long Lever lets a grant live: 90 idle days, a year in all.
pub(super) const RULES: GrantRules = GrantRules {
    idle: TimeDelta::days(90),
    absolute: Some(TimeDelta::days(365)),
};

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
    let record = app.read(move |_, conn| working(conn, organization)).await?;
    Ok(client_of(app, &record))
}

/// An organization's connection to Lever, if it works.
pub(super) fn working(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<ConnectionRecord> {
    let found = connections::find(conn, organization, ConnectionKind::Lever)?;
    match found {
        Some(record) if record.standing == Standing::Connected => Ok(record),
        Some(record) if record.standing == Standing::NeedsAttention => {
            let message = "Lever no longer accepts our access; log in to Lever again";
            Err(Error::conflict("needs_attention", message))
        }
        _ => {
            let message = "Lever is not connected; log in to Lever first";
            Err(Error::conflict("not_connected", message))
        }
    }
}

/// A client under the connection's own grant.
pub(super) fn client_of(app: &App, record: &ConnectionRecord) -> lever::Client {
    let tokens = GrantTokens::of(app, record.organization, record.id);
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

/// Our application at Lever.
///
/// # Errors
/// [`Error::Conflict`] where no client id is set.
pub(super) fn application(app: &App) -> Result<&oauth::App> {
    app.config().lever.oauth.as_ref().ok_or_else(|| {
        let message = "Lever cannot be connected here: the operator has to set `lever.client_id` and `lever.client_secret`";
        Error::conflict("no_client_id", message)
    })
}

/// What a refusal of Lever's means to whoever asked us for something.
pub(super) fn refusal(doing: &str, error: &lever::Error) -> Error {
    if error.is_auth_lost() {
        let message = "Lever no longer accepts our access; log in to Lever again";
        return Error::conflict("needs_attention", message);
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
