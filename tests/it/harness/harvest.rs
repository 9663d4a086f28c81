//! An employer in the sandbox's Greenhouse whose Site Admin may let Baton into Harvest.

use serde_json::{Value, json};
use url::Url;

use super::TestApp;
use super::calls::text;
use super::test_app::read;

/// Our application there. Greenhouse's ids end in a number.
pub(crate) const CLIENT_ID: &str = "baton-in-tests-7";
/// And its secret.
pub(crate) const CLIENT_SECRET: &str = "the-secret-of-baton-in-tests";

/// The settings that lead Baton to the sandbox's Harvest.
pub(crate) fn harvest_settings(sandbox: &Url) -> Vec<(&'static str, String)> {
    let at = |path: &str| sandbox.join(path).expect("a path").to_string();
    vec![
        ("GREENHOUSE__API_BASE_URL", at("greenhouse/harvest")),
        ("GREENHOUSE__AUTH_BASE_URL", at("greenhouse/auth")),
        ("GREENHOUSE__CLIENT_ID", CLIENT_ID.to_owned()),
        ("GREENHOUSE__CLIENT_SECRET", CLIENT_SECRET.to_owned()),
    ]
}

/// The employer.
#[derive(Debug)]
pub(crate) struct HarvestOffice<'a> {
    pub(crate) app: &'a TestApp,
    /// The organization's id at Greenhouse.
    pub(crate) id: u64,
}

#[allow(
    dead_code,
    reason = "tests take of an employer's doings what they need"
)]
impl<'a> HarvestOffice<'a> {
    /// Makes one, in a Greenhouse that knows our application, with no limit on calls.
    pub(crate) async fn create(app: &'a TestApp, name: &str) -> Self {
        Self::create_with(app, name, json!({})).await
    }

    /// The same with these settings (`docs/sandbox-harvest.md`).
    pub(crate) async fn create_with(app: &'a TestApp, name: &str, settings: Value) -> Self {
        let new = Some(json!({ "name": name }));
        let made = app.control("POST", "greenhouse/organizations", new).await;
        let id = made["id"].as_u64().expect("an id");
        Self::open(app, id, settings).await
    }

    /// The Harvest half of an organization that is there already.
    pub(crate) async fn of(app: &'a TestApp, id: u64) -> Self {
        Self::open(app, id, json!({})).await
    }

    /// Greenhouse knows our application, and limits nothing unless `settings` say so.
    async fn open(app: &'a TestApp, id: u64, settings: Value) -> Self {
        let ours = json!({
            "name": "Baton",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [format!("{}/oauth/greenhouse/callback", app.url)],
        });
        app.control("POST", "greenhouse/harvest/apps", Some(ours))
            .await;
        let office = Self { app, id };
        let mut all = json!({ "calls_per_window": 0, "token_calls_per_minute": 0 });
        for (name, value) in settings.as_object().expect("an object") {
            all[name] = value.clone();
        }
        office.control("PATCH", "", Some(all)).await;
        office
    }

    /// Calls the control API below this employer's Harvest.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let path = format!("greenhouse/harvest/organizations/{}/{path}", self.id);
        let path = path.trim_end_matches('/');
        self.app.control(method, path, body).await
    }

    /// What a browser comes back with once the first Site Admin decided (`more`: `decision`, `service_account`, `user_id`).
    pub(crate) async fn decide(&self, authorize_url: &str, more: Value) -> String {
        let mut order = json!({ "url": authorize_url, "organization_id": self.id });
        for (name, value) in more.as_object().expect("an object") {
            order[name] = value.clone();
        }
        let path = "greenhouse/harvest/authorize";
        let decided = self.app.control("POST", path, Some(order)).await;
        text(&decided["redirect_to"])
    }

    /// A way that the key opened, gone to its end; status and page.
    pub(crate) async fn come_back_for(&self, key: &str, more: Value) -> (u16, String) {
        let path = "connections/greenhouse_harvest/authorize";
        let (status, asked) = self.app.v1_as(key, "POST", path, None).await;
        assert_eq!(status, 200, "{asked}");
        let back = self.decide(&text(&asked["authorize_url"]), more).await;
        let answer = self.app.http.get(back).send().await.expect("an answer");
        let (status, page) = read(answer).await;
        (status, text(&page))
    }

    /// Connects the test's organization by a service account.
    pub(crate) async fn connect(&self) {
        let key = self.app.platform_key.clone();
        self.connect_for(&key).await;
    }

    /// Connects another organization, whose platform key this is.
    pub(crate) async fn connect_for(&self, key: &str) {
        let by = json!({ "service_account": true });
        let (status, page) = self.come_back_for(key, by).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("is connected"), "{page}");
    }

    /// The grants there.
    pub(crate) async fn grants(&self) -> Vec<Value> {
        let all = self.control("GET", "grants", None).await;
        all["grants"].as_array().expect("grants").clone()
    }

    /// A colleague; their id.
    pub(crate) async fn user(&self, name: &str, email: &str) -> u64 {
        let new = json!({ "name": name, "emails": [email] });
        let made = self.control("POST", "users", Some(new)).await;
        made["id"].as_u64().expect("an id")
    }

    /// An open job with one live post and these stages after "Application review", as it was made.
    pub(crate) async fn job(&self, name: &str, content: &str, stages: &[&str]) -> Value {
        let posts = [json!({ "title": name, "content": content })];
        let new = json!({ "name": name, "stages": stages, "posts": posts });
        self.control("POST", "jobs", Some(new)).await
    }

    /// Somebody who applied for a job, as the partner's half shows them: with `application_id` and `person_id`.
    pub(crate) async fn applicant(&self, job_id: u64, first_name: &str, email: &str) -> Value {
        let new = json!({ "job_id": job_id, "first_name": first_name, "last_name": "Nowak", "email": email });
        self.app
            .control("POST", "greenhouse/applications", Some(new))
            .await
    }

    /// Everybody with applications and notes, as a recruiter sees them.
    pub(crate) async fn candidates(&self) -> Vec<Value> {
        let all = self.control("GET", "candidates", None).await;
        all["candidates"].as_array().expect("candidates").clone()
    }

    /// A web hook made in the Dev Center, which was pinged.
    pub(crate) async fn hook(&self, event: &str, url: &str, secret_key: &str) -> Value {
        let new = json!({ "event": event, "url": url, "secret_key": secret_key });
        self.control("POST", "webhooks", Some(new)).await
    }

    /// A recruiter's move, of which web hooks hear.
    pub(crate) async fn moves(&self, application_id: u64, stage_id: u64) {
        let path = format!("greenhouse/applications/{application_id}/move");
        let to = json!({ "stage_id": stage_id });
        self.app.control("POST", &path, Some(to)).await;
    }

    /// Deliveries of an event, oldest first.
    pub(crate) async fn deliveries(&self, event: &str) -> Vec<Value> {
        let all = self.control("GET", "deliveries", None).await;
        let all = all["deliveries"].as_array().expect("deliveries").clone();
        all.into_iter().filter(|it| it["event"] == event).collect()
    }

    /// Moves the sandbox's own clock forward.
    pub(crate) async fn greenhouses_clock(&self, seconds: u64) {
        let by = json!({ "advance_seconds": seconds });
        self.app.control("POST", "clock", Some(by)).await;
    }
}
