//! The authorization request: what an app asks a Site Admin for, and what comes of their decision.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::app::App;
use super::grant::Code;
use super::scopes;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::world::World;

/// The parameters of the authorization page.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) state: String,
    pub(crate) scope: String,
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

/// Who lets an app in, and who will act.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Consent {
    pub(crate) organization_id: u64,
    /// The first Site Admin unless named.
    pub(crate) user_id: Option<u64>,
    /// A service account acts rather than they.
    pub(crate) service_account: bool,
}

impl AuthorizationRequest {
    /// Reads the query of the authorization page.
    pub(crate) fn of_query(query: &str) -> Self {
        let mut request = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "client_id" => &mut request.client_id,
                "redirect_uri" => &mut request.redirect_uri,
                "response_type" => &mut request.response_type,
                "state" => &mut request.state,
                "scope" => &mut request.scope,
                _ => continue,
            };
            *place = value.into_owned();
        }
        request
    }

    /// The parameters again, for a form's hidden fields.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("client_id", self.client_id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("response_type", self.response_type.clone()),
            ("state", self.state.clone()),
            ("scope", self.scope.clone()),
        ]
    }

    /// Checks the request.
    ///
    /// # Errors
    /// App or redirect URI are not registered so; or something else is at fault, which the app is told.
    pub(crate) fn check(&self, world: &World) -> Result<Asked, Turned> {
        let Some(app) = world.harvest.apps.get(&self.client_id) else {
            let why =
                "No app is registered with this client_id: register it under Harvest apps first.";
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
        let scopes: Vec<String> = self.scope.split_whitespace().map(str::to_owned).collect();
        let bad = |scope: &&String| !scopes::is_known(scope) || !app.may_ask_for(scope);
        if scopes.is_empty() || scopes.iter().any(|scope| bad(&scope)) {
            let why = "A scope is missing, unknown, or not registered for this app.";
            return Err(Turned::Back(self.error("invalid_scope", why)));
        }
        Ok(Asked {
            app: app.clone(),
            scopes,
        })
    }

    /// Somebody accepts: where the browser goes, with a code.
    ///
    /// # Errors
    /// Organization or user are unknown, the user was switched off, or a service account is wanted by somebody who is no Site
    /// Admin.
    pub(crate) fn accept(
        &self,
        world: &mut World,
        now: DateTime<Utc>,
        asked: &Asked,
        consent: Consent,
    ) -> Result<String, Refusal> {
        world.sync_harvest(now);
        let id = consent.organization_id;
        let organization = world.organization(id)?.name.clone();
        let user = world.harvest.consenting(id, consent.user_id);
        let user = user.ok_or_else(|| {
            Refusal::Conflict(format!("Nobody of {organization} who may log in is that."))
        })?;
        let (user_id, site_admin) = (user.id, user.site_admin);
        if consent.service_account && !site_admin {
            let why = "A service account is offered to Site Admins only.";
            return Err(Refusal::Conflict(why.to_owned()));
        }
        let actor = if consent.service_account {
            world.add_user(
                id,
                &format!("{} (service account)", asked.app.name),
                "",
                true,
                now,
            )
        } else {
            user_id
        };
        let life = i64::from(world.harvest.settings_of(id).code_seconds);
        let code = Code {
            client_id: asked.app.client_id.clone(),
            organization_id: id,
            user_id: actor,
            redirect_uri: self.redirect_uri.clone(),
            scopes: asked.scopes.clone(),
            expires_at: now + TimeDelta::seconds(life),
        };
        let key = Secret::draw(24).0;
        let codes = &mut world.harvest.codes;
        codes.retain(|_, code| code.expires_at > now);
        codes.insert(key.clone(), code);
        Ok(self.back(&[("code", &key)]))
    }

    /// Somebody denies: where the browser goes.
    pub(crate) fn deny(&self) -> String {
        self.error("access_denied", "The user denied the request")
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
