//! Organizations and their connection to a vendor.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use url::Url;

use super::{required, set, set_text};
use crate::greenhouse::organization::{
    Dialect, DialectChoice, Endpoints, NextKey, Organization, PatchAuth, Polling,
};
use crate::greenhouse::validator::is_private;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::world::World;

/// Greenhouse takes keys shorter than 171 characters.
const LONGEST_KEY: usize = 170;

/// Members given are changed, the others stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OrganizationChange {
    pub(crate) name: Option<String>,
    pub(crate) partner_name: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) endpoints: Option<Endpoints>,
    pub(crate) key: Option<Secret>,
    pub(crate) patch_auth: Option<PatchAuth>,
    pub(crate) partner_username: Option<String>,
    pub(crate) partner_password: Option<Secret>,
    pub(crate) dialect: Option<DialectChoice>,
    pub(crate) polling: Option<Polling>,
    pub(crate) strict: Option<bool>,
    pub(crate) notify_failures: Option<bool>,
    pub(crate) read_before_answer: Option<bool>,
    pub(crate) reread_complete: Option<bool>,
    pub(crate) accept_private_results: Option<bool>,
}

/// Makes an organization.
///
/// # Errors
/// No name, or a URL or key at fault.
pub(crate) fn create_organization(
    world: &mut World,
    change: OrganizationChange,
) -> Result<u64, Refusal> {
    let name = required("name", change.name.as_deref().unwrap_or_default())?;
    let mut organization = Organization::named(world.draw_id(), name);
    apply(&mut organization, change)?;
    let id = organization.id;
    world.organizations.insert(id, organization);
    Ok(id)
}

/// Changes an organization.
///
/// # Errors
/// It is unknown, or a URL or key is at fault; then nothing is changed.
pub(crate) fn change_organization(
    world: &mut World,
    id: u64,
    change: OrganizationChange,
) -> Result<(), Refusal> {
    let mut organization = world.organization(id)?.clone();
    apply(&mut organization, change)?;
    world.organizations.insert(id, organization);
    Ok(())
}

fn apply(organization: &mut Organization, change: OrganizationChange) -> Result<(), Refusal> {
    if let Some(name) = change.name {
        organization.name = required("name", &name)?;
    }
    if let Some(name) = change.partner_name {
        organization.partner_name = required("partner_name", &name)?;
    }
    if let Some(text) = change.base_url {
        organization.endpoints = Some(Endpoints::below(&vendor_url("base_url", &text)?));
        organization.base_url = Some(text.trim().to_owned());
    }
    if let Some(endpoints) = change.endpoints {
        check_endpoints(&endpoints)?;
        organization.endpoints = Some(endpoints);
        organization.base_url = None;
    }
    if let Some(key) = change.key {
        organization.key = Some(checked_key(&key)?);
        organization.next_key = None;
    }
    apply_switches(
        organization,
        change.dialect,
        change.polling,
        change.patch_auth,
    );
    set_text(&mut organization.partner_username, change.partner_username);
    if let Some(password) = change.partner_password {
        organization.partner_password = Some(password).filter(|password| !password.0.is_empty());
    }
    set(&mut organization.strict, change.strict);
    set(&mut organization.notify_failures, change.notify_failures);
    set(
        &mut organization.read_before_answer,
        change.read_before_answer,
    );
    set(&mut organization.reread_complete, change.reread_complete);
    if change.accept_private_results.is_some() {
        organization.accept_private_results = change.accept_private_results;
    }
    Ok(())
}

fn apply_switches(
    organization: &mut Organization,
    dialect: Option<DialectChoice>,
    polling: Option<Polling>,
    patch_auth: Option<PatchAuth>,
) {
    set(&mut organization.dialect, dialect.map(Dialect::from));
    set(&mut organization.polling, polling);
    set(&mut organization.patch_auth, patch_auth);
}

/// Greenhouse calls over https only; a host of one's own is let off, or nobody could try anything.
fn vendor_url(field: &'static str, text: &str) -> Result<Url, Refusal> {
    let refuse = |message: &str| Err(Refusal::field(field, message));
    let Ok(url) = Url::parse(text.trim()) else {
        return refuse(
            "That is no URL: enter one like https://app.vendor.example/api/greenhouse/.",
        );
    };
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            refuse("A URL must hold no user name or password: the key is sent in a header.")
        }
        "https" => Ok(url),
        "http" if is_private(&url) => Ok(url),
        "http" => refuse("Greenhouse calls over https only: use https here."),
        _ => refuse("The URL must begin with https:// (or http:// on your own machine)."),
    }
}

fn check_endpoints(endpoints: &Endpoints) -> Result<(), Refusal> {
    for url in [
        &endpoints.list_tests,
        &endpoints.send_test,
        &endpoints.test_status,
        &endpoints.response_error,
    ] {
        vendor_url("endpoints", url.as_str())?;
    }
    Ok(())
}

fn checked_key(key: &Secret) -> Result<Secret, Refusal> {
    let text = key.0.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Refusal::field(
            "key",
            "The key is missing: the partner gives it to you.",
        ));
    }
    if length > LONGEST_KEY {
        let message = format!("The key has {length} characters: Greenhouse takes 170 at most.");
        return Err(Refusal::field("key", message));
    }
    if text.contains(':') {
        let message = "The key holds a colon, which ends a user name in HTTP Basic: ask the partner for another.";
        return Err(Refusal::field("key", message));
    }
    Ok(Secret(text.to_owned()))
}

/// Greenhouse's staff enter a new key after `delay_seconds`; until then calls carry the old one.
///
/// # Errors
/// The organization is unknown or the key is at fault.
pub(crate) fn rotate_key(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    key: &Secret,
    delay_seconds: u32,
) -> Result<(), Refusal> {
    let key = checked_key(key)?;
    let mut organization = world.organization(organization_id)?.clone();
    organization.key = organization.key_at(now).cloned();
    organization.next_key = Some(NextKey {
        key,
        from: now + TimeDelta::seconds(delay_seconds.into()),
    });
    world.organizations.insert(organization_id, organization);
    Ok(())
}
