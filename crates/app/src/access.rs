//! Who is calling: the operator, an organization's own programs, or Greenhouse.
//!
//! A key costs one look-up by its public id. Mistyped, unknown, dead and foreign keys are refused alike, and take as
//! long as a good one.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ApiKeyId, ApiKeyKind, ApiKeyScope, OrganizationId};
use secrecy::ExposeSecret;
use storage::api_keys::{self, ApiKeyRecord};
use vault::{ApiKey, PresentedKey, same_secret};

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

/// A key with which Greenhouse calls: of the right form, and not yet known to be anybody's.
#[derive(Debug, Clone)]
pub struct GreenhouseKey(PresentedKey);

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
    let presented = ApiKey::parse(text).map_err(|_| Error::Unauthorized)?;
    let found = api_keys::by_public_ids(conn, &[presented.public_id.as_str()])?;
    let (key, _) = recognize(&presented, found.first(), app.now())?;
    if key.kind != ApiKeyKind::Platform {
        return Err(Error::Unauthorized);
    }
    Ok(PlatformCaller {
        organization: key.organization,
        key: key.id,
        scopes: key.scopes.clone(),
        last_used_at: key.last_used_at,
    })
}

/// Reads the key with which Greenhouse calls. Whose it is, the unit of work that carries out the call finds out:
/// one look-up for all the calls that are made at the same moment.
///
/// # Errors
/// [`Error::Unauthorized`] for a text that can be no Greenhouse key.
pub fn greenhouse(text: &str) -> Result<GreenhouseKey> {
    let presented = ApiKey::parse(text).map_err(|_| Error::Unauthorized)?;
    if presented.kind != ApiKeyKind::GreenhouseAssessment {
        return Err(Error::Unauthorized);
    }
    Ok(GreenhouseKey(presented))
}

/// For whom does Greenhouse call with `key`?
///
/// # Errors
/// [`Error::Unauthorized`] for everything but an active Greenhouse key that may send tests.
pub fn greenhouse_caller(
    app: &App,
    conn: &mut AnyConnection,
    key: &GreenhouseKey,
) -> Result<GreenhouseCaller> {
    GreenhouseKeys::load(app, conn, [key])?.admit(key)
}

/// What is known of the keys that come with a group of calls.
#[derive(Debug)]
pub(crate) struct GreenhouseKeys {
    now: DateTime<Utc>,
    found: HashMap<String, (ApiKeyRecord, bool)>,
}

impl GreenhouseKeys {
    /// Looks `keys` up.
    pub(crate) fn load<'k>(
        app: &App,
        conn: &mut AnyConnection,
        keys: impl IntoIterator<Item = &'k GreenhouseKey>,
    ) -> storage::Result<Self> {
        let mut public_ids: Vec<&str> = keys
            .into_iter()
            .map(|key| key.0.public_id.as_str())
            .collect();
        public_ids.sort_unstable();
        public_ids.dedup();
        let found = api_keys::by_public_ids(conn, &public_ids)?
            .into_iter()
            .map(|found| (found.0.public_id.clone(), found))
            .collect();
        Ok(Self {
            now: app.now(),
            found,
        })
    }

    /// For whom does Greenhouse call with `key`? Only the first caller with a key hears that its use is to be written down,
    /// or that something waits for it: once is enough for a group.
    pub(crate) fn admit(&mut self, key: &GreenhouseKey) -> Result<GreenhouseCaller> {
        let caller = self.judge(key)?;
        if let Some((record, blocked)) = self.found.get_mut(&key.0.public_id) {
            record.last_used_at = Some(self.now);
            *blocked = false;
        }
        Ok(caller)
    }

    /// The organization that `key` is good for, if any.
    pub(crate) fn organization(&self, key: &GreenhouseKey) -> Option<OrganizationId> {
        self.judge(key).ok().map(|caller| caller.organization)
    }

    fn judge(&self, key: &GreenhouseKey) -> Result<GreenhouseCaller> {
        let found = self.found.get(&key.0.public_id);
        let (record, blocked) = recognize(&key.0, found, self.now)?;
        if !record.scopes.contains(&ApiKeyScope::Assess) {
            return Err(Error::Unauthorized);
        }
        Ok(GreenhouseCaller {
            organization: record.organization,
            key: record.id,
            mails: record.scopes.contains(&ApiKeyScope::Mail),
            blocked: *blocked,
            last_used_at: record.last_used_at,
        })
    }
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

/// Writes down that Greenhouse calls with a key that has ended, once a minute at most, so that its organization can see why
/// nothing comes through. To be called once a call was refused; for any other key nothing is written.
pub async fn note_dead_call(app: &App, key: &GreenhouseKey) {
    let presented = key.0.clone();
    let noted = app.read(move |app, conn| {
        let found = api_keys::by_public_ids(conn, &[presented.public_id.as_str()])?;
        let now = app.now();
        let ended = found.into_iter().map(|(key, _)| key).find(|key| {
            let since = |at: &DateTime<Utc>| key.ends_at.is_some_and(|end| *at >= end);
            presented.matches(&key.secret_hash)
                && key.kind == presented.kind
                && !key.is_active(now)
                && !is_recent(key.last_used_at.filter(since), now)
        });
        Ok(ended.map(|key| (key.organization, key.id)))
    });
    let noted = match noted.await {
        Ok(Some((organization, key))) => {
            app.write(move |app, conn| Ok(api_keys::touch(conn, organization, key, app.now())?))
                .await
        }
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = noted {
        tracing::warn!(%error, "a call with a key that has ended could not be written down");
    }
}

/// Lets what waits for a key that Greenhouse knows go on: it has just called with one. To be called once a caller is known.
pub async fn unblock(app: &App, caller: &GreenhouseCaller) {
    if !caller.blocked {
        return;
    }
    let organization = caller.organization;
    loop {
        let woken = app.write(move |app, conn| wake_blocked(app, conn, organization));
        match woken.await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                return tracing::warn!(%error, "blocked write-backs could not be woken");
            }
        }
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

/// The key that was found under the public id of what somebody presents, if it is that key and active.
fn recognize<'f>(
    presented: &PresentedKey,
    found: Option<&'f (ApiKeyRecord, bool)>,
    now: DateTime<Utc>,
) -> Result<&'f (ApiKeyRecord, bool)> {
    let genuine = match found {
        Some((key, _)) => presented.matches(&key.secret_hash),
        None => presented.matches_nothing(),
    };
    found
        .filter(|(key, _)| genuine && key.kind == presented.kind && key.is_active(now))
        .ok_or(Error::Unauthorized)
}
