//! An organization's API keys: made, shown once, replaced, ended.

use chrono::TimeDelta;
use domain::{ApiKeyId, ApiKeyKind, ApiKeyScope, OrganizationId};
use secrecy::{ExposeSecret, SecretString};
use storage::api_keys as keys;
use storage::secrets::Place;
use vault::ApiKey;

use serde_json::json;

use crate::audit::{self, Action};
use crate::texts::required;
use crate::{AnyConnection, App, Error, Page, Result, secrets};

pub use storage::api_keys::ApiKeyRecord;

/// The longest a replaced key may go on working.
const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(30);

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Which door it opens.
    pub kind: ApiKeyKind,
    /// What people call it; 1 to 200 characters.
    pub name: String,
    /// What it may do; all that its kind can, where nothing is said.
    pub scopes: Option<Vec<ApiKeyScope>>,
}

/// A key just made, with the text that is shown this once.
#[derive(Debug)]
pub struct ShownKey {
    /// What is kept of it.
    pub record: ApiKeyRecord,
    /// What its holder will present.
    pub text: SecretString,
}

/// Makes a key for an organization.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization, [`Error::Unprocessable`] for a name or scopes at fault.
pub fn create(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    new: &NewKey,
) -> Result<ShownKey> {
    storage::organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let name = required("name", &new.name, 200)?;
    let scopes = checked_scopes(new)?;
    let made = make(app, conn, organization, new.kind, name, scopes)?;
    note(app, conn, Action::ApiKeyMade, &made.record)?;
    Ok(made)
}

/// One page of an organization's keys, newest first, ended ones too.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<ApiKeyRecord>> {
    Ok(keys::list(conn, organization, page)?)
}

/// Makes the successor of a key; the old one works on for `overlap_seconds` (0: it stops at once).
///
/// # Errors
/// [`Error::NotFound`] for an unknown key, [`Error::Conflict`] for one that has ended, [`Error::Unprocessable`] for an
/// overlap of more than 30 days.
pub fn rotate(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
    overlap_seconds: i64,
) -> Result<ShownKey> {
    let old = keys::find(conn, organization, key)?.ok_or(Error::NotFound("API key"))?;
    let now = app.now();
    if !old.is_active(now) {
        let message = "this key has ended and cannot be replaced; make a new one instead";
        return Err(Error::conflict("key_ended", message));
    }
    let overlap = checked_overlap(overlap_seconds)?;
    let new = make(app, conn, organization, old.kind, old.name, old.scopes)?;
    keys::end(conn, organization, key, now + overlap)?;
    note(app, conn, Action::ApiKeyRotated, &new.record)?;
    Ok(new)
}

/// Ends a key now, in every process: nobody remembers keys. Of one that has ended, nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for an unknown key.
pub fn revoke(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
) -> Result<()> {
    let found = keys::find(conn, organization, key)?.ok_or(Error::NotFound("API key"))?;
    keys::end(conn, organization, key, app.now())?;
    note(app, conn, Action::ApiKeyRevoked, &found)
}

fn note(app: &App, conn: &mut AnyConnection, action: Action, key: &ApiKeyRecord) -> Result<()> {
    let object = format!("api_key:{}", key.id);
    let detail = json!({ "kind": key.kind, "public_id": key.public_id });
    audit::note(app, conn, Some(key.organization), action, object, detail)
}

fn make(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ApiKeyKind,
    name: String,
    scopes: Vec<ApiKeyScope>,
) -> Result<ShownKey> {
    let minted = ApiKey::mint(kind, app.random());
    let id: ApiKeyId = app.draw();
    let record = ApiKeyRecord {
        id,
        organization,
        kind,
        name,
        scopes,
        public_id: minted.public_id,
        secret_hash: minted.secret_hash.to_vec(),
        encrypted_key: kept_whole(app, organization, id, kind, &minted.text),
        created_at: app.now(),
        ends_at: None,
        last_used_at: None,
    };
    keys::insert(conn, &record)?;
    Ok(ShownKey {
        record,
        text: minted.text,
    })
}

/// The worker has to present a Greenhouse key itself, with the PATCH that tells Greenhouse of completion.
fn kept_whole(
    app: &App,
    organization: OrganizationId,
    key: ApiKeyId,
    kind: ApiKeyKind,
    text: &SecretString,
) -> Option<String> {
    let place = Place::ApiKey(organization, key);
    let plain = text.expose_secret().as_bytes();
    (kind == ApiKeyKind::GreenhouseAssessment).then(|| secrets::seal(app, &place, plain))
}

fn checked_scopes(new: &NewKey) -> Result<Vec<ApiKeyScope>> {
    let all = ApiKeyScope::all_of(new.kind);
    let Some(wanted) = &new.scopes else {
        return Ok(all.to_vec());
    };
    let kept: Vec<_> = all
        .into_iter()
        .filter(|scope| wanted.contains(scope))
        .collect();
    if wanted.iter().any(|scope| !all.contains(scope)) {
        let names = all.map(ApiKeyScope::as_str).join(", ");
        let problem = format!("may hold {names} for a key of this kind, and nothing else");
        return Err(Error::fault("scopes", problem));
    }
    // A Greenhouse key that may mail but not assess would open nothing.
    if !kept.contains(&all[0]) && !kept.contains(&ApiKeyScope::Write) {
        let problem = format!("has to hold {} at least", all[0].as_str());
        return Err(Error::fault("scopes", problem));
    }
    Ok(kept)
}

fn checked_overlap(seconds: i64) -> Result<TimeDelta> {
    let overlap = TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX);
    if overlap < TimeDelta::zero() || overlap > LONGEST_OVERLAP {
        let problem = "has to lie between 0 and 2592000 (30 days)";
        return Err(Error::fault("overlap_seconds", problem));
    }
    Ok(overlap)
}
