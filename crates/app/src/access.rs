//! Who is calling: the operator, an organization's own programs, or Greenhouse.
//!
//! A key costs one look-up by its public id. Mistyped, unknown, dead and foreign keys are refused alike, and take as
//! long as a good one.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ApiKeyId, ApiKeyKind, ApiKeyScope, OrganizationId};
use secrecy::ExposeSecret;
use storage::api_keys::{self, ApiKeyRecord};
use vault::{ApiKey, same_secret};

use crate::jobs::wake_blocked;
use crate::{AnyConnection, App, Error, Result};

/// A key's use is written down this often at most: a busy key costs no write per call.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// An organization's own program, at `/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformCaller {
    /// Whose key it is.
    pub organization: OrganizationId,
    /// Which key.
    pub key: ApiKeyId,
    /// What the key may do.
    pub scopes: Vec<ApiKeyScope>,
    /// When it was last written down that the key is used; for [`note_use`].
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Greenhouse, calling for one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreenhouseCaller {
    /// Whose key it is.
    pub organization: OrganizationId,
    /// Which key.
    pub key: ApiKeyId,
    /// May candidates be mailed? Not with the keys of an ATS's reviewers.
    pub mails: bool,
    /// Do write-backs wait for a key that Greenhouse knows? See [`unblock`].
    pub blocked: bool,
    /// When it was last written down that the key is used; for [`note_use`].
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Is `token` the operator's?
///
/// # Errors
/// [`Error::Unauthorized`] where it is not, or where no operator token is set.
pub fn operator(app: &App, token: &str) -> Result<()> {
    let known = app.config().operator_token.as_ref();
    let same = known.is_some_and(|known| same_secret(known.expose_secret(), token));
    same.then_some(()).ok_or(Error::Unauthorized)
}

/// Whose platform key is `text`?
///
/// # Errors
/// [`Error::Unauthorized`] for everything but an active platform key.
pub fn platform(app: &App, conn: &mut AnyConnection, text: &str) -> Result<PlatformCaller> {
    let (key, _) = recognize(app, conn, ApiKeyKind::Platform, text)?;
    Ok(PlatformCaller {
        organization: key.organization,
        key: key.id,
        scopes: key.scopes,
        last_used_at: key.last_used_at,
    })
}

/// For whom does Greenhouse call with the key `text`?
///
/// # Errors
/// [`Error::Unauthorized`] for everything but an active Greenhouse key that may send tests.
pub fn greenhouse(app: &App, conn: &mut AnyConnection, text: &str) -> Result<GreenhouseCaller> {
    let (key, blocked) = recognize(app, conn, ApiKeyKind::GreenhouseAssessment, text)?;
    if !key.scopes.contains(&ApiKeyScope::Assess) {
        return Err(Error::Unauthorized);
    }
    Ok(GreenhouseCaller {
        organization: key.organization,
        key: key.id,
        mails: key.scopes.contains(&ApiKeyScope::Mail),
        blocked,
        last_used_at: key.last_used_at,
    })
}

/// Writes down that a key is used, unless that was done within the last minute. To be called once a caller is known;
/// a failure costs the call nothing and is only logged.
pub async fn note_use(
    app: &App,
    organization: OrganizationId,
    key: ApiKeyId,
    last_used_at: Option<DateTime<Utc>>,
) {
    let now = app.now();
    if is_recent(last_used_at, now) {
        return;
    }
    let noted = app.write(move |_, conn| Ok(note(conn, organization, key, now)?));
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the use of a key could not be written down");
    }
}

/// Lets what waits for a key that Greenhouse knows go on: it has just called with one. To be called once a caller is known.
pub async fn unblock(app: &App, caller: &GreenhouseCaller) {
    if !caller.blocked {
        return;
    }
    let organization = caller.organization;
    let woken = app.write(move |app, conn| wake_blocked(app, conn, organization));
    if let Err(error) = woken.await {
        tracing::warn!(%error, "blocked write-backs could not be woken");
    }
}

/// Of many calls that come at once, the first one's note is enough.
fn note(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
    now: DateTime<Utc>,
) -> storage::Result<()> {
    match api_keys::find(conn, organization, key)? {
        Some(found) if !is_recent(found.last_used_at, now) => {
            api_keys::touch(conn, organization, key, now)
        }
        _ => Ok(()),
    }
}

fn is_recent(last_used_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last_used_at.is_some_and(|at| at > now - NOTED_EVERY)
}

fn recognize(
    app: &App,
    conn: &mut AnyConnection,
    kind: ApiKeyKind,
    text: &str,
) -> Result<(ApiKeyRecord, bool)> {
    let presented = ApiKey::parse(text).map_err(|_| Error::Unauthorized)?;
    let found = api_keys::by_public_id(conn, &presented.public_id)?;
    let genuine = match &found {
        Some((key, _)) => presented.matches(&key.secret_hash),
        None => presented.matches_nothing(),
    };
    found
        .filter(|(key, _)| genuine && key.kind == kind && presented.kind == kind)
        .filter(|(key, _)| key.is_active(app.now()))
        .ok_or(Error::Unauthorized)
}
