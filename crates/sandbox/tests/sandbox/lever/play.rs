//! A sandbox with one account at Lever and one registered app.

use ats_http::ClientConfig;
use reqwest::{Client, Method, Response};
use sandbox::{RunningSandbox, Sandbox};
use serde_json::{Value, json};
use url::Url;

use crate::play::config;

pub(crate) const REDIRECT: &str = "https://app.vendor.example/oauth/lever/callback";

/// What assessment partners are told to ask for.
pub(crate) const SCOPES: &str = "offline_access opportunities:write:admin notes:write:admin \
    stages:read:admin tags:read:admin webhooks:write:admin";

pub(crate) struct LeverPlay {
    pub(crate) sandbox: RunningSandbox,
    pub(crate) http: Client,
    pub(crate) account: Value,
    pub(crate) app: Value,
    pub(crate) token: String,
}

impl LeverPlay {
    /// Without a bucket: its clock stands still, so nothing would ever come into it.
    pub(crate) async fn start() -> Self {
        Self::with(json!({"calls_per_second": 0})).await
    }

    /// With these settings, and an access token for the usual scopes.
    pub(crate) async fn with(settings: Value) -> Self {
        Self::on(Sandbox::start(config()).unwrap(), settings).await
    }

    /// The same on a sandbox that runs already.
    pub(crate) async fn on(sandbox: RunningSandbox, settings: Value) -> Self {
        let mut play = Self {
            sandbox,
            http: ats_http::client(ClientConfig::new("sandbox-test/1")).unwrap(),
            account: Value::Null,
            app: Value::Null,
            token: String::new(),
        };
        let mut account = settings;
        account["name"] = "Acme".into();
        play.account = play.post("accounts", account).await;
        let app = json!({"name": "Talent Works", "redirect_uris": [REDIRECT]});
        play.app = play.post("apps", app).await;
        play.token = play.connect(SCOPES).await["access_token"]
            .as_str()
            .unwrap()
            .to_owned();
        play
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.sandbox.url().join(path).unwrap().into()
    }

    pub(crate) fn account_id(&self) -> &str {
        self.account["id"].as_str().unwrap()
    }

    /// A path of the control API below the account.
    pub(crate) fn of_account(&self, path: &str) -> String {
        format!("accounts/{}/{path}", self.account_id())
    }

    /// The account's stage called so.
    pub(crate) fn stage(&self, text: &str) -> String {
        let stages = self.account["stages"].as_array().unwrap();
        let stage = stages.iter().find(|stage| stage["text"] == text).unwrap();
        stage["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn user(&self, at: usize) -> &str {
        self.account["users"][at]["id"].as_str().unwrap()
    }

    /// A call of the control API below `/control/lever/`: status and answer.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = self.url(&format!("/control/lever/{path}"));
        let call = self.http.request(method, url).json(&body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// A POST that has to go well.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.control(Method::POST, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await.1
    }

    pub(crate) async fn set(&self, settings: Value) {
        let path = format!("accounts/{}", self.account_id());
        let (status, answer) = self.control(Method::PATCH, &path, settings).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        let url = self.url("/control/clock");
        let body = json!({"advance_seconds": seconds});
        self.http.post(url).json(&body).send().await.unwrap();
    }

    /// The authorise URL with the usual parameters and these on top; an empty one is left out.
    pub(crate) fn authorize_url(&self, scope: &str, more: &[(&str, &str)]) -> Url {
        let audience = self.url("/lever/v1/");
        let mut parameters = vec![
            ("client_id", self.app["client_id"].as_str().unwrap()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("state", "st4te"),
            ("audience", &audience),
            ("scope", scope),
        ];
        for (name, value) in more {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        let base = self.url("/lever/auth/authorize");
        Url::parse_with_params(&base, parameters).unwrap()
    }

    /// Where a Super Admin's decision leads.
    pub(crate) async fn decide(&self, url: &Url, decision: &str) -> Url {
        let body = json!({"url": url, "account_id": self.account_id(), "decision": decision});
        let answer = self.post("authorize", body).await;
        Url::parse(answer["redirect_to"].as_str().unwrap()).unwrap()
    }

    /// A code for these scopes.
    pub(crate) async fn code(&self, scope: &str) -> String {
        let to = self.decide(&self.authorize_url(scope, &[]), "accept").await;
        parameter(&to, "code").unwrap()
    }

    /// Connects, and the token endpoint's answer.
    pub(crate) async fn connect(&self, scope: &str) -> Value {
        let code = self.code(scope).await;
        let (status, answer) = self.exchange(&code, REDIRECT).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn exchange(&self, code: &str, redirect_uri: &str) -> (u16, Value) {
        let grant = ("grant_type", "authorization_code");
        self.token(&[grant, ("code", code), ("redirect_uri", redirect_uri)])
            .await
    }

    pub(crate) async fn refresh(&self, token: &str) -> (u16, Value) {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// A call of the token endpoint with the app's id and secret.
    pub(crate) async fn token(&self, more: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("client_id", self.app["client_id"].as_str().unwrap()),
            ("client_secret", self.app["client_secret"].as_str().unwrap()),
        ];
        form.retain(|(name, _)| !more.iter().any(|(given, _)| given == name));
        form.extend(more);
        let url = self.url("/lever/auth/oauth/token");
        let answer = self.http.post(url).form(&form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// A call of the Data API with the access token.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Response, reqwest::Error> {
        let url = self.url(&format!("/lever/v1{path}"));
        let mut call = self.http.request(method, url).bearer_auth(&self.token);
        if !body.is_null() {
            call = call.json(&body);
        }
        call.send().await
    }

    /// The same: status and answer, null where there is no body.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let answer = self.send(method, path, body).await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let value = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap(),
        };
        (status, value)
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, answer) = self.api(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Connects again for these scopes, and calls with the new token.
    pub(crate) async fn use_scopes(&mut self, scope: &str) {
        let answer = self.connect(scope).await;
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    /// A candidate called so, as the control API shows them.
    pub(crate) async fn candidate(&self, fields: Value) -> String {
        let made = self.post(&self.of_account("opportunities"), fields).await;
        made["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn kim(&self) -> String {
        let kim = json!({"name": "Kim Park", "emails": ["kim@candidate.example"]});
        self.candidate(kim).await
    }

    pub(crate) async fn move_to(&self, id: &str, stage: &str) {
        let body = json!({"stage_id": self.stage(stage)});
        self.post(&format!("opportunities/{id}/move"), body).await;
    }

    /// Looks again and again, after each change, until `done` finds what it waits for.
    pub(crate) async fn until<T>(&self, path: &str, done: impl Fn(&Value) -> Option<T>) -> T {
        let mut seen = 0;
        for _ in 0..200 {
            let url = self.url(&format!("/control/version?after={seen}"));
            let version = self.http.get(url).send().await.unwrap();
            let version: Value = version.json().await.unwrap();
            seen = version["version"].as_u64().unwrap();
            if let Some(found) = done(&self.get(path).await) {
                return found;
            }
        }
        panic!("{path} never became what was waited for");
    }
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
