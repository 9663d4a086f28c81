//! The authorization request: what an app asks a Super Admin for, and what comes of their decision.

use serde::Deserialize;
use url::Url;

use super::app::App;
use super::grant::{CODE_LIFE, Challenge, Code};
use super::scopes::{self, OFFLINE_ACCESS};
use crate::lever::world::Lever;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// The audience of the real Lever; with the slash at its end.
pub(crate) const LEVERS_AUDIENCE: &str = "https://api.lever.co/v1/";

/// The parameters of the authorise URL.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) state: String,
    pub(crate) audience: String,
    pub(crate) scope: String,
    pub(crate) prompt: String,
    pub(crate) code_challenge: String,
    pub(crate) code_challenge_method: String,
}

/// A request that can be shown to someone.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) app: App,
    /// What would be granted.
    pub(crate) scopes: Vec<String>,
}

/// Why a request is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turned {
    /// The app cannot be told: the browser stays here.
    Away(String),
    /// The app is told, by sending the browser here.
    Back(String),
}

impl AuthorizationRequest {
    /// Reads an authorise URL's query.
    pub(crate) fn of_query(query: &str) -> Self {
        let mut request = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "client_id" => &mut request.client_id,
                "redirect_uri" => &mut request.redirect_uri,
                "response_type" => &mut request.response_type,
                "state" => &mut request.state,
                "audience" => &mut request.audience,
                "scope" => &mut request.scope,
                "prompt" => &mut request.prompt,
                "code_challenge" => &mut request.code_challenge,
                "code_challenge_method" => &mut request.code_challenge_method,
                _ => continue,
            };
            *place = value.into_owned();
        }
        request
    }

    /// The parameters again, for a form's hidden fields.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", &self.response_type),
            ("state", &self.state),
            ("audience", &self.audience),
            ("scope", &self.scope),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ]
    }

    /// Checks the request; `own_audience` is the sandbox's Data API with the slash at its end.
    ///
    /// # Errors
    /// App or redirect URI are not registered so; or something else is missing, which the app is told.
    pub(crate) fn check(&self, lever: &Lever, own_audience: &str) -> Result<Asked, Turned> {
        let Some(app) = lever.apps.get(&self.client_id) else {
            let why = "No app is registered with this client_id: register it under Apps first.";
            return Err(Turned::Away(why.to_owned()));
        };
        if !app.redirect_uris.contains(&self.redirect_uri) {
            let registered = app.redirect_uris.join(" or ");
            return Err(Turned::Away(format!(
                "The redirect_uri is not, byte for byte, one that {} registered: {registered}.",
                app.name
            )));
        }
        if self.response_type != "code" {
            let why = "The response_type has to be code.";
            return Err(Turned::Back(self.error("unsupported_response_type", why)));
        }
        if self.state.is_empty() {
            let why = "The state is missing.";
            return Err(Turned::Back(self.error("invalid_request", why)));
        }
        Ok(Asked {
            app: app.clone(),
            scopes: self.granted_scopes(own_audience),
        })
    }

    /// Known scopes of the request; without the right audience only `offline_access`.
    fn granted_scopes(&self, own_audience: &str) -> Vec<String> {
        let audience_fits = self.audience == LEVERS_AUDIENCE || self.audience == own_audience;
        let asked = self.scope.split_ascii_whitespace();
        let mut granted: Vec<String> = Vec::new();
        for scope in asked.filter(|scope| scopes::is_known(scope)) {
            let may = audience_fits || scope == OFFLINE_ACCESS;
            if may && !granted.iter().any(|known| known == scope) {
                granted.push(scope.to_owned());
            }
        }
        granted
    }

    /// The Super Admin accepts: where the browser goes, with a code.
    ///
    /// # Errors
    /// The account is unknown, or the user is no active Super Admin of it.
    pub(crate) fn accept(
        &self,
        lever: &mut Lever,
        now: i64,
        asked: &Asked,
        account_id: &str,
        user_id: Option<&str>,
    ) -> Result<String, Refusal> {
        let account = lever.account(account_id)?;
        let user = match user_id {
            Some(id) => Some(account.user(id)?),
            None => account.super_admin(),
        };
        let user = user.filter(|user| user.may_authorise()).ok_or_else(|| {
            let name = &account.name;
            Refusal::Conflict(format!(
                "Only an active Super Admin of {name} can authorise an app."
            ))
        })?;
        let code = Code {
            client_id: asked.app.client_id.clone(),
            account_id: account_id.to_owned(),
            user_id: user.id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scopes: asked.scopes.clone(),
            challenge: self.challenge(),
            expires_at: now + CODE_LIFE,
        };
        let key = Secret::draw(24).0;
        lever.codes.retain(|_, code| code.expires_at > now);
        lever.codes.insert(key.clone(), code);
        Ok(self.back(&[("code", &key)]))
    }

    /// The Super Admin denies: where the browser goes.
    pub(crate) fn deny(&self) -> String {
        self.error("access_denied", "User did not authorize the request")
    }

    fn challenge(&self) -> Option<Challenge> {
        (!self.code_challenge.is_empty()).then(|| Challenge {
            challenge: self.code_challenge.clone(),
            hashed: self.code_challenge_method == "S256",
        })
    }

    fn error(&self, error: &str, description: &str) -> String {
        self.back(&[("error", error), ("error_description", description)])
    }

    fn back(&self, parameters: &[(&str, &str)]) -> String {
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return self.redirect_uri.clone();
        };
        url.query_pairs_mut().extend_pairs(parameters);
        if !self.state.is_empty() {
            url.query_pairs_mut().append_pair("state", &self.state);
        }
        url.into()
    }
}
