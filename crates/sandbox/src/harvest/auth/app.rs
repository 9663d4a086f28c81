//! A client that Greenhouse issued.

use serde::{Deserialize, Serialize};

use super::scopes;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::world::World;

/// A client: a partner's app, or an organization's own credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    /// Compared byte for byte; none for an own credential.
    pub(crate) redirect_uris: Vec<String>,
    /// What it may ask for; empty: everything.
    pub(crate) scopes: Vec<String>,
    /// Whose own credential it is.
    pub(crate) organization_id: Option<u64>,
}

/// What is entered to make one. Id and secret are drawn where they are not given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApp {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) organization_id: Option<u64>,
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
}

/// Makes a client, or replaces the one with the same id.
///
/// # Errors
/// No name, a redirect URI that is none, an unknown scope, an unknown organization, or neither redirect URI nor organization.
pub(crate) fn register(world: &mut World, new: NewApp) -> Result<App, Refusal> {
    if new.name.trim().is_empty() {
        return Err(Refusal::field("name", "The name is missing: enter one."));
    }
    if let Some(id) = new.organization_id {
        world.organization(id)?;
    }
    let is_url = |text: &String| url::Url::parse(text).is_ok();
    let missing = new.redirect_uris.is_empty() && new.organization_id.is_none();
    if missing || !new.redirect_uris.iter().all(is_url) {
        let message = "A partner's app needs a redirect URI like https://app.vendor.example/oauth/greenhouse/callback.";
        return Err(Refusal::field("redirect_uris", message));
    }
    if let Some(scope) = new.scopes.iter().find(|scope| !scopes::is_known(scope)) {
        let message = format!("There is no scope {scope}: they are like harvest:jobs:list.");
        return Err(Refusal::field("scopes", message));
    }
    let client_id = new.client_id.filter(|id| !id.is_empty());
    let number = world.draw_id();
    let app = App {
        name: new.name.trim().to_owned(),
        client_id: client_id.unwrap_or_else(|| format!("{}-{number}", Secret::draw(8).0)),
        client_secret: new.client_secret.unwrap_or_else(|| Secret::draw(32)),
        redirect_uris: new.redirect_uris,
        scopes: new.scopes,
        organization_id: new.organization_id,
    };
    let apps = &mut world.harvest.apps;
    apps.insert(app.client_id.clone(), app.clone());
    Ok(app)
}

impl App {
    /// Live ids end in a number.
    pub(crate) fn has_suffix(client_id: &str) -> bool {
        let suffix = client_id.rsplit_once('-').map(|(_, suffix)| suffix);
        suffix.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether it may ask for a scope.
    pub(crate) fn may_ask_for(&self, scope: &str) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|known| known == scope)
    }
}
