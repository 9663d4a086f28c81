//! A sandbox with one organization and one registered app of Harvest.

use ats_http::ClientConfig;
use reqwest::{Client, Method, Response};
use sandbox::{RunningSandbox, Sandbox};
use serde_json::{Value, json};
use url::Url;

use crate::play::config;

pub(crate) const REDIRECT: &str = "https://app.vendor.example/oauth/greenhouse/callback";

/// What a partner that imports jobs and writes notes asks for.
pub(crate) const SCOPES: &str = "harvest:users:list harvest:user_emails:list harvest:jobs:list \
    harvest:job_posts:list harvest:job_interview_stages:list harvest:candidates:list \
    harvest:candidates:create harvest:candidates:update harvest:applications:list \
    harvest:applications:create harvest:applications:update harvest:applications:move \
    harvest:application_stages:list harvest:notes:list harvest:notes:create harvest:sources:list \
    harvest:candidate_tags:list harvest:candidate_tags:create harvest:applied_candidate_tags:list \
    harvest:applied_candidate_tags:create harvest:applied_candidate_tags:destroy \
    harvest:attachments:list harvest:attachments:create harvest:attachments:destroy";

pub(crate) struct HarvestPlay {
    pub(crate) sandbox: RunningSandbox,
    pub(crate) http: Client,
    pub(crate) organization: u64,
    pub(crate) app: Value,
    /// The pair of the newest grant.
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl HarvestPlay {
    /// Without a limit: its clock stands still, so that no window would ever end.
    pub(crate) async fn start() -> Self {
        Self::with(json!({"calls_per_window": 0, "token_calls_per_minute": 0})).await
    }

    /// With these settings, connected as a service account.
    pub(crate) async fn with(settings: Value) -> Self {
        let mut play = Self {
            sandbox: Sandbox::start(config()).unwrap(),
            http: ats_http::client(ClientConfig::new("sandbox-test/1")).unwrap(),
            organization: 0,
            app: Value::Null,
            access: String::new(),
            refresh: String::new(),
        };
        let made = play.call(
            Method::POST,
            "/control/greenhouse/organizations",
            json!({"name": "Acme"}),
        );
        play.organization = made.await.1["id"].as_u64().unwrap();
        play.set(settings).await;
        let app = json!({"name": "Talent Works", "redirect_uris": [REDIRECT]});
        play.app = play.post("apps", app).await;
        play.connect(SCOPES, json!({"service_account": true})).await;
        play
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.sandbox.url().join(path).unwrap().into()
    }

    /// Status and answer.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let call = self.http.request(method, self.url(path)).json(&body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// A call of the control API below `/control/greenhouse/harvest/`.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let path = format!("/control/greenhouse/harvest/{path}");
        self.call(method, &path, body).await
    }

    /// A POST that has to go well.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.control(Method::POST, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// A path of the control API below the organization.
    pub(crate) fn of_organization(&self, path: &str) -> String {
        format!("organizations/{}{path}", self.organization)
    }

    pub(crate) async fn set(&self, settings: Value) {
        let path = self.of_organization("");
        let (status, answer) = self.control(Method::PATCH, &path, settings).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        let body = json!({"advance_seconds": seconds});
        self.call(Method::POST, "/control/clock", body).await;
    }

    pub(crate) fn authorize_url(&self, scope: &str) -> Url {
        let client_id = self.app["client_id"].as_str().unwrap();
        let parameters = [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "st4te"),
        ];
        let page = self.url("/greenhouse/auth/authorize");
        Url::parse_with_params(&page, parameters).unwrap()
    }

    /// What the consent page does: status, and where the browser goes.
    pub(crate) async fn decide(&self, url: &Url, more: Value) -> (u16, Value) {
        let mut order = json!({"url": url, "organization_id": self.organization});
        for (name, value) in more.as_object().unwrap() {
            order[name] = value.clone();
        }
        self.control(Method::POST, "authorize", order).await
    }

    /// From the consent to the pair.
    pub(crate) async fn connect(&mut self, scope: &str, consent: Value) -> Value {
        let url = self.authorize_url(scope);
        let (status, to) = self.decide(&url, consent).await;
        assert_eq!(status, 200, "{to}");
        let code = parameter(&to["redirect_to"], "code").unwrap();
        let form = [("grant_type", "authorization_code"), ("code", &code)];
        let (status, pair) = self.token(&form).await;
        assert_eq!(status, 200, "{pair}");
        self.keep(&pair);
        pair
    }

    pub(crate) fn keep(&mut self, pair: &Value) {
        pair["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.access);
        pair["refresh_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.refresh);
    }

    /// A request of the token endpoint with the app's own Basic header: status and answer.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let answer = self.auth("token", form).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn auth(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let (id, secret) = (&self.app["client_id"], &self.app["client_secret"]);
        let url = self.url(&format!("/greenhouse/auth/{path}"));
        let call = self
            .http
            .post(url)
            .basic_auth(id.as_str().unwrap(), secret.as_str());
        call.form(form).send().await.unwrap()
    }

    pub(crate) async fn refreshed(&self, token: &str) -> (u16, Value) {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// A call of the API with the access token.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let url = self.url(&format!("/greenhouse/harvest/v3/{path}"));
        let call = self.http.request(method, url).bearer_auth(&self.access);
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        call.send().await.unwrap()
    }

    /// A list that has to be given.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let answer = self.api(Method::GET, path, None).await;
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Status and body of a list that is refused.
    pub(crate) async fn refused(&self, path: &str) -> (u16, Value) {
        let answer = self.api(Method::GET, path, None).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// A write: status and answer, `null` for an empty one.
    pub(crate) async fn write(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let answer = self.api(method, path, Some(body)).await;
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}

/// A parameter of an address.
pub(crate) fn parameter(url: &Value, name: &str) -> Option<String> {
    let url = Url::parse(url.as_str().unwrap()).unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
