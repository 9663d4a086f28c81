//! An account in the sandbox's Lever, and somebody there who may let Baton in.

use serde_json::{Value, json};

use super::{TestApp, eventually, read};

/// Our application there.
pub(crate) const CLIENT_ID: &str = "baton-in-tests";
/// And its secret.
pub(crate) const CLIENT_SECRET: &str = "the-secret-of-baton-in-tests";

/// One account.
#[derive(Debug)]
pub(crate) struct LeverAccount<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) id: String,
}

impl<'a> LeverAccount<'a> {
    /// Makes one, in a Lever that knows our application.
    pub(crate) async fn create(app: &'a TestApp, name: &str) -> Self {
        Self::create_with(app, json!({ "name": name })).await
    }

    /// The same, with more settings (`docs/sandbox-lever.md`).
    pub(crate) async fn create_with(app: &'a TestApp, settings: Value) -> Self {
        let ours = json!({
            "name": "Baton",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [format!("{}/oauth/lever/callback", app.url)],
        });
        app.control("POST", "lever/apps", Some(ours)).await;
        let made = app.control("POST", "lever/accounts", Some(settings)).await;
        let id = made["id"].as_str().expect("an id").to_owned();
        Self { app, id }
    }

    /// Calls the control API below this account.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let path = format!("lever/accounts/{}/{path}", self.id);
        self.app.control(method, &path, body).await
    }

    /// What its Super Admin's browser comes back with: the address of the callback.
    pub(crate) async fn decide(&self, authorize_url: &str, decision: &str) -> String {
        let order = json!({ "url": authorize_url, "account_id": self.id, "decision": decision });
        let decided = self
            .app
            .control("POST", "lever/authorize", Some(order))
            .await;
        decided["redirect_to"]
            .as_str()
            .expect("an address")
            .to_owned()
    }

    /// A way that a key opened, gone to its end with the organization's platform key; status and page.
    pub(crate) async fn come_back(&self, decision: &str) -> (u16, String) {
        let key = self.app.platform_key.clone();
        self.come_back_for(&key, decision).await
    }

    /// The same with another organization's key.
    pub(crate) async fn come_back_for(&self, key: &str, decision: &str) -> (u16, String) {
        let back = self
            .decide(&authorize_url(self.app, key).await, decision)
            .await;
        let answer = self.app.http.get(back).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a page"))
    }

    /// Connects the test's organization, and waits until our webhook is there.
    pub(crate) async fn connect(&self) {
        let (status, page) = self.come_back("accept").await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("is connected"), "{page}");
        let url = self.app.connection("lever").await["webhook"]["url"].clone();
        if url.is_null() {
            eventually("our webhook is there", async || {
                let webhook = self.app.connection("lever").await["webhook"].clone();
                webhook["url"].is_string().then_some(())
            })
            .await;
        }
    }

    /// The webhooks there.
    pub(crate) async fn webhooks(&self) -> Vec<Value> {
        let all = self.control("GET", "webhooks", None).await;
        all["webhooks"].as_array().expect("webhooks").clone()
    }

    /// The id of a stage by its name.
    pub(crate) async fn stage(&self, name: &str) -> String {
        let account = self
            .app
            .control("GET", &format!("lever/accounts/{}", self.id), None)
            .await;
        let stages = account["stages"].as_array().expect("stages").clone();
        let found = stages.iter().find(|stage| stage["text"] == name);
        let stage = found.unwrap_or_else(|| panic!("no stage {name}: {account}"));
        stage["id"].as_str().expect("an id").to_owned()
    }
}

/// Where a key's holder sends a browser.
pub(crate) async fn authorize_url(app: &TestApp, key: &str) -> String {
    let path = "connections/lever/authorize";
    let (status, answer) = app.v1_as(key, "POST", path, None).await;
    assert_eq!(status, 200, "{answer}");
    answer["authorize_url"].as_str().expect("a URL").to_owned()
}

impl TestApp {
    /// One of the organization's connections.
    pub(crate) async fn connection(&self, kind: &str) -> Value {
        let (status, all) = self.v1("GET", "connections", None).await;
        assert_eq!(status, 200, "{all}");
        let all = all["data"].as_array().expect("a list").clone();
        let found = all.into_iter().find(|one| one["kind"] == kind);
        found.unwrap_or_else(|| panic!("no connection {kind}"))
    }

    /// Waits until a connection is in this state; the connection.
    pub(crate) async fn connection_becomes(&self, kind: &str, state: &str) -> Value {
        eventually(&format!("{kind} is {state}"), async || {
            let connection = self.connection(kind).await;
            (connection["state"] == state).then_some(connection)
        })
        .await
    }

    /// Another organization's platform key.
    pub(crate) async fn another_organization(&self, name: &str) -> (String, String) {
        let operator = super::OPERATOR;
        let made = self
            .v1_as(
                operator,
                "POST",
                "organizations",
                Some(json!({ "name": name })),
            )
            .await
            .1;
        let id = made["id"].as_str().expect("an id").to_owned();
        let body = json!({ "kind": "platform", "name": "Test" });
        let path = format!("organizations/{id}/api-keys");
        let key = self.v1_as(operator, "POST", &path, Some(body)).await.1;
        (id, key["key"].as_str().expect("a key").to_owned())
    }

    /// Posts a form; status and page.
    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let call = self.http.post(format!("{}{path}", self.url)).form(form);
        read(call.send().await.expect("an answer")).await
    }
}
