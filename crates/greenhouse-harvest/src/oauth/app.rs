//! A client that Greenhouse knows, and what it asks the authorization server.

use std::fmt;
use std::time::{Duration, SystemTime};

use ats_http::reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use ats_http::reqwest::{Client, RequestBuilder, Response};
use ats_http::{is_secure, sent_at};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use super::{AUTH_BASE, Grant, Introspection, OAuthError};
use crate::{UserId, scope};

/// Answers of an authorization server are a few kilobytes.
const BODY_LENGTH_MAX: usize = 256 * 1024;

/// What an answer without any end is taken for: short, since a refused token is renewed anyway.
const LIFE_UNSAID: Duration = Duration::from_secs(5 * 60);

/// A client of the authorization server: a partner's app, or an organization's own credential. `Debug` shows no secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct App {
    /// From Greenhouse; a partner's ends with a number.
    pub client_id: String,
    /// From Greenhouse, shown once.
    pub client_secret: SecretString,
    /// Where the authorization server is; `/authorize`, `/token` and `/introspect` are appended.
    pub auth_base: Url,
    /// Where the browser comes back to, letter by letter as registered; blank for an organization's own program.
    pub redirect_uri: String,
    /// What a partner asks for: see [`scope`](crate::scope). An own credential has its scopes from Greenhouse's pages.
    pub scopes: Vec<String>,
    /// Where the parameters of a token request stand. Greenhouse shows the query, its clients use the body; both work.
    pub parameters: Parameters,
    /// Whether the redirect URI goes along with a code. Some clients send it, some don't.
    pub send_redirect_uri: bool,
    /// How long an access token is taken to live where the answer does not say; five minutes at first.
    pub life_unsaid: Duration,
    /// Where tokens can be given back. Greenhouse documents no such place: `None` at first.
    pub revoke_url: Option<Url>,
}

/// Where the parameters of a token request stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Parameters {
    /// In a form.
    Body,
    /// In the address, where logs on the way may keep them.
    Query,
}

impl App {
    /// A partner's app in production that asks for what assessments need.
    pub fn partner(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            auth_base: Url::parse(AUTH_BASE).expect("the constant is an address"),
            redirect_uri: redirect_uri.into(),
            scopes: scope::ASSESSMENT.map(String::from).to_vec(),
            parameters: Parameters::Body,
            send_redirect_uri: true,
            life_unsaid: LIFE_UNSAID,
            revoke_url: None,
        }
    }

    /// An organization's own credential, of type "Harvest V3 (OAuth)". Partners can't have one.
    pub fn own(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self {
            scopes: Vec::new(),
            ..Self::partner(client_id, client_secret, "")
        }
    }

    /// Where to send the browser of a Site Admin, who there may also choose that a service account acts rather than they.
    ///
    /// `state` has to be beyond guessing, good for one use, and bound to the browser's session and to whom the grant is for.
    /// With a `verifier` (43 to 128 letters, digits, `-`, `.`, `_`, `~`) the code is bound to it (PKCE, S256), which
    /// Greenhouse does not document: hand the same one to [`exchange`](Self::exchange).
    ///
    /// ```
    /// use greenhouse_harvest::oauth::App;
    ///
    /// let app = App::partner("client-17", "secret", "https://vendor.example/oauth/greenhouse/callback");
    /// let url = app.authorize_url("8f1c…", None);
    /// assert!(url.as_str().starts_with("https://auth.greenhouse.io/authorize?response_type=code&client_id=client-17&"));
    /// ```
    pub fn authorize_url(&self, state: &str, verifier: Option<&SecretString>) -> Url {
        let mut url = self.at("authorize");
        let scopes = self.scopes.join(" ");
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &scopes)
            .append_pair("state", state);
        if let Some(verifier) = verifier {
            query
                .append_pair("code_challenge", &challenge(verifier))
                .append_pair("code_challenge_method", "S256");
        }
        drop(query);
        url
    }

    /// Gives a code, which is good for a minute and one use, for a grant. `http` comes from [`ats_http::client`]: redirects
    /// are not followed.
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
        let mut members = vec![("grant_type", "authorization_code"), ("code", code)];
        if self.send_redirect_uri {
            members.push(("redirect_uri", &self.redirect_uri));
        }
        members.extend(verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        self.grant(http, &members).await
    }

    /// A fresh grant for the refresh token of the last one, which is used up by this.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]; only [`is_invalid_grant`](OAuthError::is_invalid_grant) means that a person has to connect again, and
    /// only if nobody else has refreshed it meanwhile. After any other error keep the token and try again later; where the new
    /// one was issued and lost on the way, that next try is refused.
    pub async fn refresh(
        &self,
        http: &Client,
        refresh_token: &SecretString,
    ) -> Result<Grant, OAuthError> {
        let token = refresh_token.expose_secret();
        let members = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.grant(http, &members).await
    }

    /// An access token of an [own](Self::own) credential, in the name of a user, or of the credential's own service user. It
    /// has no refresh token: ask again.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]
    pub async fn client_credentials(
        &self,
        http: &Client,
        user: Option<UserId>,
    ) -> Result<Grant, OAuthError> {
        let user = user.map(|user| user.to_string());
        let mut members = vec![("grant_type", "client_credentials")];
        members.extend(user.as_deref().map(|user| ("sub", user)));
        self.grant(http, &members).await
    }

    /// Whose an access token is, and what it may do. The only known way to learn which organization was connected.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]; a token that is no longer good is no error but not [active](Introspection::active).
    pub async fn introspect(
        &self,
        http: &Client,
        access_token: &SecretString,
    ) -> Result<Introspection, OAuthError> {
        let token = access_token.expose_secret();
        let form = form(&[("token", token), ("token_type_hint", "access_token")]);
        let request = http.post(self.at("introspect"));
        let (_, body) = self.send(with_form(request, form)).await?;
        Introspection::read(&body)
    }

    /// Gives a grant back at [`revoke_url`](Self::revoke_url), where one is set; says whether anything was sent. Take an
    /// error lightly: Greenhouse documents nothing of the kind, and its admins remove an app on Greenhouse's own pages.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]
    pub async fn revoke(
        &self,
        http: &Client,
        refresh_token: &SecretString,
    ) -> Result<bool, OAuthError> {
        let Some(url) = &self.revoke_url else {
            return Ok(false);
        };
        let form = form(&[("token", refresh_token.expose_secret())]);
        let request = with_form(http.post(url.clone()), form);
        self.send(request).await.map(|_| true)
    }

    async fn grant(&self, http: &Client, members: &[(&str, &str)]) -> Result<Grant, OAuthError> {
        let mut url = self.at("token");
        let request = match self.parameters {
            Parameters::Body => with_form(http.post(url), form(members)),
            Parameters::Query => {
                url.query_pairs_mut().extend_pairs(members);
                http.post(url)
            }
        };
        let (sent_at, body) = self.send(request).await?;
        Grant::read(&body, sent_at, self)
    }

    /// The body of a 2xx, and when it was sent.
    async fn send(&self, request: RequestBuilder) -> Result<(SystemTime, Vec<u8>), OAuthError> {
        let (http, request) = request
            .header(AUTHORIZATION, self.authorization()?)
            .header(ACCEPT, "application/json")
            .build_split();
        let request = request.map_err(|_| OAuthError::Unusable("the request can't be written"))?;
        if !is_secure(request.url()) {
            let why = "the authorization server's address has to be https, or loopback";
            return Err(OAuthError::Unusable(why));
        }
        let response = http.execute(request).await;
        let mut response = response.map_err(|error| OAuthError::of(&error))?;
        let body = bytes(&mut response).await?;
        if response.status().is_success() {
            let now = sent_at(&response).unwrap_or_else(SystemTime::now);
            Ok((now, body))
        } else {
            Err(OAuthError::refusal(&response, &body, &self.client_id))
        }
    }

    /// HTTP Basic, whose user name ends at the first colon.
    fn authorization(&self) -> Result<HeaderValue, OAuthError> {
        if self.client_id.is_empty() || self.client_id.contains(':') {
            let why = "the client id is blank or has a colon in it";
            return Err(OAuthError::Unusable(why));
        }
        let secret = self.client_secret.expose_secret();
        let pair = STANDARD.encode(format!("{}:{secret}", self.client_id));
        let mut value =
            HeaderValue::try_from(format!("Basic {pair}")).expect("base64 is a header's value");
        value.set_sensitive(true);
        Ok(value)
    }

    /// The base's path is kept, whether or not it ends with a slash.
    fn at(&self, path: &str) -> Url {
        let mut url = self.auth_base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(path);
        }
        url
    }
}

fn form(members: &[(&str, &str)]) -> String {
    Serializer::new(String::new())
        .extend_pairs(members)
        .finish()
}

fn with_form(request: RequestBuilder, form: String) -> RequestBuilder {
    request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form)
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
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
