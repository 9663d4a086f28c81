//! An app as its maker registered it with Lever.

use serde::{Deserialize, Serialize};

use crate::lever::world::Lever;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// Which of Lever's two worlds an app was registered in. Tokens of one are no use in the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Environment {
    /// The one that the sandbox plays.
    #[default]
    Production,
    /// The other one.
    Sandbox,
}

/// A registered app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    /// Compared byte for byte.
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) environment: Environment,
}

/// What is entered to register one. Id and secret are drawn where they are not given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApp {
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
    #[serde(default)]
    pub(crate) environment: Environment,
}

/// Registers an app, or replaces the one with the same client id.
///
/// # Errors
/// No name, or a redirect URI that is none.
pub(crate) fn register(lever: &mut Lever, new: NewApp) -> Result<App, Refusal> {
    if new.name.trim().is_empty() {
        return Err(Refusal::field("name", "The name is missing: enter one."));
    }
    let is_url = |text: &String| url::Url::parse(text).is_ok();
    if new.redirect_uris.is_empty() || !new.redirect_uris.iter().all(is_url) {
        let message =
            "The app needs a redirect URI like https://app.vendor.example/oauth/lever/callback.";
        return Err(Refusal::field("redirect_uris", message));
    }
    let drawn = || Secret::draw(16).0;
    let app = App {
        name: new.name.trim().to_owned(),
        client_id: new
            .client_id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(drawn),
        client_secret: new.client_secret.unwrap_or_else(|| Secret::draw(32)),
        redirect_uris: new.redirect_uris,
        environment: new.environment,
    };
    lever.apps.insert(app.client_id.clone(), app.clone());
    Ok(app)
}
