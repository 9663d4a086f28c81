//! An app that is registered with Lever, and what it asks the authorization server.

use std::fmt;

use ats_http::is_secure;
use ats_http::reqwest::header::{ACCEPT, CONTENT_TYPE};
use ats_http::reqwest::{Client, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use super::{AUDIENCE, AUTH_BASE, Grant, OAuthError};
use crate::scope;

/// Answers of an authorization server are a few kilobytes.
const BODY_LENGTH_MAX: usize = 256 * 1024;

/// An app that is registered with Lever. Production and sandbox are two registrations. `Debug` shows no secret.
#[derive(Clone)]
pub struct App {
    /// From the registration.
    pub client_id: String,
    /// From the registration.
    pub client_secret: SecretString,
    /// Where the authorization server is; `/authorize`, `/oauth/token` and `/oauth/revoke` are appended.
    pub auth_base: Url,
    /// What the tokens are for. Production's ends with a slash; without it Lever grants nothing but a refresh token.
    pub audience: String,
    /// Where the browser comes back to, letter by letter as registered.
    pub redirect_uri: String,
    /// What to ask for: see [`scope`](crate::scope).
    pub scopes: Vec<String>,
    /// `consent` shows the list of permissions each time. Leave it out: it locks out some who sign in elsewhere.
    pub prompt: Option<String>,
}

impl App {
    /// An app in production that asks for what assessments need.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            auth_base: Url::parse(AUTH_BASE).expect("the constant is an address"),
            audience: AUDIENCE.into(),
            redirect_uri: redirect_uri.into(),
            scopes: scope::ASSESSMENT.map(String::from).to_vec(),
            prompt: None,
        }
    }

    /// Where to send the browser of a Super Admin.
    ///
    /// `state` has to be beyond guessing, good for one use, and bound to the browser's session and to whom the grant is for.
    /// With a `verifier` (43 to 128 letters, digits, `-`, `.`, `_`, `~`) the code is bound to it (PKCE, S256), which Lever
    /// does not document: hand the same one to [`exchange`](Self::exchange).
    ///
    /// ```
    /// use lever::oauth::App;
    ///
    /// let app = App::new("client", "secret", "https://vendor.example/oauth/lever/callback");
    /// let url = app.authorize_url("8f1c…", None);
    /// assert!(url.as_str().starts_with("https://auth.lever.co/authorize?client_id=client&"));
    /// ```
    pub fn authorize_url(&self, state: &str, verifier: Option<&SecretString>) -> Url {
        let mut url = self.at(&["authorize"]);
        let scopes = self.scopes.join(" ");
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("state", state)
            .append_pair("audience", &self.audience)
            .append_pair("scope", &scopes);
        if let Some(prompt) = &self.prompt {
            query.append_pair("prompt", prompt);
        }
        if let Some(verifier) = verifier {
            query
                .append_pair("code_challenge", &challenge(verifier))
                .append_pair("code_challenge_method", "S256");
        }
        drop(query);
        url
    }

    /// Gives a code, which is good for one use, for a grant. `http` comes from [`ats_http::client`]: redirects are not
    /// followed.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]; [`is_invalid_grant`](OAuthError::is_invalid_grant) for a code that is used up, too old or made up.
    pub async fn exchange(
        &self,
        http: &Client,
        code: &str,
        verifier: Option<&SecretString>,
    ) -> Result<Grant, OAuthError> {
        let mut members = vec![("code", code), ("redirect_uri", &self.redirect_uri)];
        members.extend(verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        self.grant(http, "authorization_code", &members).await
    }

    /// A fresh grant for the refresh token of the last one. Where it has none of its own the old one stays good: see
    /// [`Grant::refresh_token_or`].
    ///
    /// # Errors
    ///
    /// [`OAuthError`]; only [`is_invalid_grant`](OAuthError::is_invalid_grant) means that a person has to connect again, and
    /// only if nobody else has refreshed it meanwhile. After any other error the new token may have been issued and lost: try
    /// once more at once, then wait.
    pub async fn refresh(
        &self,
        http: &Client,
        refresh_token: &SecretString,
    ) -> Result<Grant, OAuthError> {
        let members = [("refresh_token", refresh_token.expose_secret())];
        self.grant(http, "refresh_token", &members).await
    }

    /// Gives a grant back. Lever does not document it, its authorization server does: take an error lightly.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]
    pub async fn revoke(
        &self,
        http: &Client,
        refresh_token: &SecretString,
    ) -> Result<(), OAuthError> {
        let form = self.form(&[("token", refresh_token.expose_secret())]);
        let url = self.at(&["oauth", "revoke"]);
        self.post(http, url, form).await.map(drop)
    }

    async fn grant(
        &self,
        http: &Client,
        grant_type: &str,
        members: &[(&str, &str)],
    ) -> Result<Grant, OAuthError> {
        let form = self.form(&[&[("grant_type", grant_type)], members].concat());
        let url = self.at(&["oauth", "token"]);
        let body = self.post(http, url, form).await?;
        Grant::read(&body, &self.scopes)
    }

    fn form(&self, members: &[(&str, &str)]) -> String {
        let secret = self.client_secret.expose_secret();
        Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", secret)
            .extend_pairs(members)
            .finish()
    }

    async fn post(&self, http: &Client, url: Url, form: String) -> Result<Vec<u8>, OAuthError> {
        if !is_secure(&url) {
            return Err(OAuthError::NotSent);
        }
        let response = http
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(form)
            .send()
            .await;
        let mut response = response.map_err(|error| OAuthError::of(&error))?;
        let body = bytes(&mut response).await?;
        if response.status().is_success() {
            Ok(body)
        } else {
            Err(OAuthError::refusal(&response, &body))
        }
    }

    /// The base's path is kept, whether or not it ends with a slash.
    fn at(&self, path: &[&str]) -> Url {
        let mut url = self.auth_base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

async fn bytes(response: &mut Response) -> Result<Vec<u8>, OAuthError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| OAuthError::NoAnswer)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > BODY_LENGTH_MAX {
            return Err(OAuthError::Unreadable);
        }
    }
    Ok(bytes)
}

fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret()))
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("auth_base", &self.auth_base.as_str())
            .field("audience", &self.audience)
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
