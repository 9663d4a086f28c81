//! An employer in the sandbox's Lever whose account is connected to Baton: the recruiter's hands, and what Lever shows.

use serde_json::{Value, json};
use url::Url;

use super::calls::text;
use super::lever::{CLIENT_ID, CLIENT_SECRET};
use super::test_app::{client, read};
use super::{TestApp, eventually};

/// The settings that lead Baton to the sandbox's Lever.
pub(crate) fn lever_settings(sandbox: &Url) -> Vec<(&'static str, String)> {
    let at = |path: &str| sandbox.join(path).expect("a path").to_string();
    vec![
        ("LEVER__API_BASE_URL", at("lever/v1")),
        ("LEVER__AUTH_BASE_URL", at("lever/auth")),
        ("LEVER__AUDIENCE", at("lever/v1/")),
        ("LEVER__CLIENT_ID", CLIENT_ID.to_owned()),
        ("LEVER__CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ("LEVER__REDIRECT_HOSTS", "127.0.0.1".to_owned()),
    ]
}

/// The employer, connected, with its stage *Assessment* as a trigger stage.
#[derive(Debug, Clone)]
pub(crate) struct Employer {
    http: reqwest::Client,
    baton: String,
    key: String,
    control: Url,
    pub(crate) account: String,
    /// The trigger stage.
    pub(crate) stage: String,
}

impl Employer {
    /// Connects, and has the webhook's switch put on.
    pub(crate) async fn connect(app: &TestApp) -> Self {
        Self::connect_to(&app.url, &app.platform_key, app.sandbox.url()).await
    }

    /// The same for a Baton elsewhere.
    pub(crate) async fn connect_to(baton: &str, key: &str, sandbox: &Url) -> Self {
        let mut employer = Self {
            http: client(),
            baton: baton.to_owned(),
            key: key.to_owned(),
            control: sandbox.join("control/lever/").expect("a path"),
            account: String::new(),
            stage: String::new(),
        };
        let callback = format!("{baton}/oauth/lever/callback");
        let application = json!({ "name": "Baton", "redirect_uris": [callback],
            "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET });
        employer.control("POST", "apps", Some(application)).await;
        let account = employer
            .control("POST", "accounts", Some(json!({ "name": "Acme" })))
            .await;
        employer.account = text(&account["id"]);
        let stages = account["stages"].as_array().expect("stages");
        let stage = stages.iter().find(|stage| stage["text"] == "Assessment");
        employer.stage = text(&stage.expect("a stage for assessments")["id"]);
        employer.log_in().await;
        employer.switch_on().await;
        employer.add_trigger_stage(&employer.stage).await;
        employer
    }

    /// Presses **Log In to Lever**, and accepts.
    pub(crate) async fn log_in(&self) {
        let asked = self
            .v1("POST", "connections/lever/authorize", Some(json!({})))
            .await;
        let body = json!({ "url": asked["authorize_url"], "account_id": self.account });
        let sent = self.control("POST", "authorize", Some(body)).await;
        let back = self.http.get(text(&sent["redirect_to"])).send().await;
        let (status, page) = read(back.expect("an answer")).await;
        assert_eq!(status, 200, "{page}");
    }

    /// Waits for our webhook, and puts the switch of its events on.
    async fn switch_on(&self) {
        eventually("the webhook is made", async || {
            let path = format!("accounts/{}/webhooks", self.account);
            let there = self.control("GET", &path, None).await;
            (!there["webhooks"].as_array()?.is_empty()).then_some(())
        })
        .await;
        let on = json!({ "candidateStageChange": true });
        self.account_control("PATCH", "events", Some(on)).await;
    }

    /// Adds a trigger stage; what is moved there from now on counts.
    pub(crate) async fn add_trigger_stage(&self, stage: &str) {
        let body = json!({ "stage_id": stage });
        self.v1("POST", "lever/trigger-stages", Some(body)).await;
        // Only what is later than the second in which it was added counts.
        self.lever_s_clock(2).await;
    }

    /// Moves Lever's own clock forward.
    pub(crate) async fn lever_s_clock(&self, seconds: u64) {
        let body = json!({ "advance_seconds": seconds });
        self.control("POST", "../clock", Some(body)).await;
    }

    /// A candidate with these tags, not yet in the trigger stage; the opportunity.
    pub(crate) async fn candidate(&self, email: &str, tags: &[&str]) -> String {
        self.candidate_with(json!({ "name": "Zoë Nowak", "emails": [email], "tags": tags }))
            .await
    }

    /// A candidate of this body; the opportunity.
    pub(crate) async fn candidate_with(&self, body: Value) -> String {
        let made = self
            .account_control("POST", "opportunities", Some(body))
            .await;
        text(&made["id"])
    }

    /// Moves an opportunity into a stage.
    pub(crate) async fn move_to(&self, opportunity: &str, stage: &str) {
        let body = json!({ "stage_id": stage });
        self.on(opportunity, "POST", "/move", Some(body)).await;
    }

    /// Moves an opportunity into the trigger stage.
    pub(crate) async fn move_in(&self, opportunity: &str) {
        self.move_to(opportunity, &self.stage).await;
    }

    /// Moves it out of the trigger stage and in again.
    pub(crate) async fn move_out_and_in(&self, opportunity: &str) {
        self.move_to(opportunity, "offer").await;
        self.move_in(opportunity).await;
    }

    /// Changes tags by the recruiter's hand.
    pub(crate) async fn retag(&self, opportunity: &str, remove: &[&str], add: &[&str]) {
        for (verb, tags) in [("/remove-tags", remove), ("/add-tags", add)] {
            if !tags.is_empty() {
                let body = json!({ "tags": tags });
                self.on(opportunity, "POST", verb, Some(body)).await;
            }
        }
    }

    /// What Lever shows of an opportunity.
    pub(crate) async fn opportunity(&self, opportunity: &str) -> Value {
        self.on(opportunity, "GET", "", None).await
    }

    /// A control call about one opportunity.
    pub(crate) async fn on(
        &self,
        opportunity: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Value {
        let path = format!("opportunities/{opportunity}{path}");
        self.control(method, &path, body).await
    }

    /// A control call about the account.
    pub(crate) async fn account_control(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Value {
        let path = format!("accounts/{}/{path}", self.account);
        self.control(method, path.trim_end_matches('/'), body).await
    }

    /// Calls the sandbox's control API of Lever; its body. Panics where it refuses.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = self.control.join(path).expect("a path");
        let mut call = self.http.request(method.parse().expect("a method"), url);
        if let Some(body) = body {
            call = call.json(&body);
        }
        let answer = match call.try_clone().expect("no stream").send().await {
            // On a busy machine a connection that was quiet may end just now. A look can be taken again.
            Err(_) if method == "GET" => call.send().await,
            other => other,
        };
        let (status, body) = read(answer.expect("an answer")).await;
        assert!(
            status < 300,
            "the sandbox answers {method} {path} with {status}: {body}"
        );
        body
    }

    /// Calls Baton's `/v1` for the employer; the body of an answer that is no refusal.
    pub(crate) async fn v1(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/v1/{path}", self.baton);
        let method = method.parse().expect("a method");
        let mut call = self.http.request(method, url).bearer_auth(&self.key);
        if let Some(body) = body {
            call = call.json(&body);
        }
        let (status, answer) = read(call.send().await.expect("an answer")).await;
        assert!(status < 300, "{path}: {status} {answer}");
        answer
    }

    /// What came in and was decided about an opportunity, newest first.
    pub(crate) async fn activity(&self, opportunity: &str) -> Vec<Value> {
        let listed = self
            .v1("GET", "connections/lever/activity?limit=100", None)
            .await;
        let all = listed["data"].as_array().expect("a list").clone();
        all.into_iter()
            .filter(|entry| entry["opportunity_id"] == opportunity)
            .collect()
    }

    /// Waits until an opportunity's activity says this decision; the entry.
    pub(crate) async fn decided(&self, opportunity: &str, decision: &str) -> Value {
        let what = format!("it is decided: {decision}");
        eventually(&what, async || {
            let entries = self.activity(opportunity).await;
            entries
                .into_iter()
                .find(|entry| entry["decision"] == decision)
        })
        .await
    }

    /// Waits until Lever shows this tag on an opportunity; what it shows then.
    pub(crate) async fn shows_tag(&self, opportunity: &str, tag: &str) -> Value {
        eventually(&format!("Lever shows {tag}"), async || {
            let shown = self.opportunity(opportunity).await;
            tags(&shown).contains(&tag.to_owned()).then_some(shown)
        })
        .await
    }

    /// Waits until Baton's write-back to this place is in this state; the receipt.
    pub(crate) async fn receipt(&self, invite: &str, target: &str, state: &str) -> Value {
        eventually(&format!("{target} of {invite} is {state}"), async || {
            let shown = self.v1("GET", &format!("invites/{invite}"), None).await;
            let all = shown["writebacks"].as_array().expect("a list").clone();
            all.into_iter()
                .find(|it| it["target"] == target && it["state"] == state)
        })
        .await
    }

    /// The deliveries to our webhook about an opportunity.
    pub(crate) async fn deliveries(&self, opportunity: &str) -> Vec<Value> {
        let path = format!("deliveries?opportunity_id={opportunity}");
        let listed = self.account_control("GET", &path, None).await;
        listed["deliveries"].as_array().expect("a list").clone()
    }

    /// Has Lever's API play these faults.
    pub(crate) async fn play(&self, faults: Value) {
        self.account_control("PUT", "faults", Some(faults)).await;
    }
}

/// The tags that Lever shows.
pub(crate) fn tags(opportunity: &Value) -> Vec<String> {
    let tags = opportunity["tags"].as_array().expect("tags");
    tags.iter().map(text).collect()
}

/// How often something was done to an opportunity through the API: `tag_added` with this value.
pub(crate) fn times(opportunity: &Value, what: &str, value: &str) -> usize {
    let history = opportunity["history"].as_array().expect("a history");
    let is_it =
        |entry: &&Value| entry["what"] == what && entry["value"] == value && entry["by"] == "api";
    history.iter().filter(is_it).count()
}

/// The texts of the notes that the API made and that are there.
pub(crate) fn notes(opportunity: &Value) -> Vec<String> {
    let notes = opportunity["notes"].as_array().expect("notes");
    let there = notes
        .iter()
        .filter(|note| note["made_by"] == "api" && note["deleted_at"].is_null());
    there.map(|note| text(&note["value"])).collect()
}
