//! Everything in this process, on free ports: what is shipped, wired by the same code.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use app::api_keys::NewKey;
use app::{App, api_keys, organizations, sign_in};
use chrono::TimeDelta;
use domain::{ApiKeyKind, Clock, FixedClock, OrganizationId, Role, SystemClock};
use mail::catcher::Catcher;
use sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use server::Running;
use server::settings::Settings;
use storage::DatabaseUrl;
use test_support::Database;

use super::employer::lever_settings;
use super::harvest::harvest_settings;

/// The operator's token in every test.
pub(crate) const OPERATOR: &str = "the-operator-of-this-test-has-a-long-token";

/// Baton, a Greenhouse and a mail server.
#[derive(Debug)]
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) app: App,
    pub(crate) sandbox: RunningSandbox,
    pub(crate) mail: Catcher,
    pub(crate) organization: OrganizationId,
    /// A platform key of the organization.
    pub(crate) platform_key: String,
    /// A Greenhouse key of the organization.
    pub(crate) greenhouse_key: String,
    pub(crate) http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// The same clock, where the test moves it.
    still: Option<Arc<FixedClock>>,
    running: Running,
    // Goes last: it deletes what the others still use.
    pub(crate) database: Database,
}

impl TestApp {
    /// One api with a worker beside it; on PostgreSQL with two.
    pub(crate) async fn start(database: Database) -> Self {
        Self::start_at(database, Arc::new(SystemClock), &[]).await
    }

    /// By a clock that stands still until [`advance`](Self::advance) moves it, and with more settings.
    pub(crate) async fn start_still(database: Database, more: &[(&str, &str)]) -> Self {
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        Self::start_with(database, clock, more).await
    }

    /// By this clock, which stands still until [`advance`](Self::advance) moves it, and with more settings.
    pub(crate) async fn start_with(
        database: Database,
        clock: Arc<FixedClock>,
        more: &[(&str, &str)],
    ) -> Self {
        let mut app = Self::start_at(database, clock.clone(), more).await;
        app.still = Some(clock);
        app
    }

    /// By another clock and with more settings (`("LIMITS__REQUESTS_PER_MINUTE", "5")`).
    pub(crate) async fn start_at(
        database: Database,
        clock: Arc<dyn Clock>,
        more: &[(&str, &str)],
    ) -> Self {
        server::install_tls();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let mail = Catcher::start(any, any).expect("a mail catcher");
        let sandbox = Sandbox::start(SandboxConfig::on(any)).expect("a sandbox");
        let settings = settings(&url, &database, (&mail, &sandbox), more);
        let (app, running) = run(&settings, listener, clock.clone());
        let (organization, platform_key, greenhouse_key) = customer(&app).await;
        Self {
            url,
            app,
            sandbox,
            mail,
            organization,
            platform_key,
            greenhouse_key,
            http: client(),
            clock,
            still: None,
            running,
            database,
        }
    }

    /// Stops it and starts it again on the same database and address, with these further settings.
    pub(crate) async fn restart(mut self, more: &[(&str, &str)]) -> Self {
        self.running.stop().await.expect("it ends in order");
        let address = self.url.trim_start_matches("http://");
        let listener = TcpListener::bind(address).expect("its port is free again");
        let around = (&self.mail, &self.sandbox);
        let settings = settings(&self.url, &self.database, around, more);
        (self.app, self.running) = run(&settings, listener, self.clock.clone());
        self
    }

    /// What another process needs to work on the same database, by the same clock.
    pub(crate) fn for_another_process(&self) -> (Settings, Arc<dyn Clock>) {
        let around = (&self.mail, &self.sandbox);
        let settings = settings(&self.url, &self.database, around, &[]);
        (settings, self.clock.clone())
    }

    /// Moves a clock that stands still, and has the worker look at once.
    pub(crate) fn advance(&self, by: TimeDelta) {
        let clock = self.still.as_ref().expect("started with `start_still`");
        clock.advance(by);
        self.app.db().wake().notify();
    }

    /// Calls `/v1` with the organization's platform key; status and body.
    pub(crate) async fn v1(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.v1_as(&self.platform_key, method, path, body).await
    }

    /// Calls `/v1` with another token.
    pub(crate) async fn v1_as(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let mut call = self
            .http
            .request(method, format!("{}/v1/{path}", self.url))
            .bearer_auth(token);
        if let Some(body) = body {
            call = call.json(&body);
        }
        read(call.send().await.expect("an answer")).await
    }

    /// What `/readyz` answers.
    pub(crate) async fn readyz(&self) -> (u16, Value) {
        let answer = self.http.get(format!("{}/readyz", self.url)).send().await;
        read(answer.expect("an answer")).await
    }

    /// Makes and publishes an assessment; its id.
    pub(crate) async fn publish(&self, assessment: Value) -> String {
        let (status, made) = self.v1("POST", "assessments", Some(assessment)).await;
        assert_eq!(status, 201, "{made}");
        let id = made["id"].as_str().expect("an id").to_owned();
        let (status, answer) = self
            .v1("POST", &format!("assessments/{id}/publish"), None)
            .await;
        assert_eq!(status, 200, "{answer}");
        id
    }

    /// Calls the sandbox's control API; its body. Panics where it refuses.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let method = method.parse().expect("a method");
        let url = self
            .sandbox
            .url()
            .join("control/")
            .and_then(|base| base.join(path));
        let mut call = self.http.request(method, url.expect("a path"));
        if let Some(body) = body {
            call = call.json(&body);
        }
        let (status, body) = read(call.send().await.expect("an answer")).await;
        assert!(status < 300, "the sandbox answers {status}: {body}");
        body
    }

    /// Adds a person who signs in; the setup link.
    pub(crate) async fn setup_link(&self, email: &str, role: Role) -> String {
        self.new_person(Some(self.organization), email, role).await
    }

    /// Adds an operator who signs in; the setup link.
    pub(crate) async fn operators_setup_link(&self, email: &str) -> String {
        self.new_person(None, email, Role::Operator).await
    }

    async fn new_person(
        &self,
        organization: Option<OrganizationId>,
        email: &str,
        role: Role,
    ) -> String {
        let email = email.to_owned();
        self.app
            .write(move |app, conn| sign_in::create(app, conn, organization, &email, role))
            .await
            .expect("a new person")
            .setup_url
    }

    /// Stops it, as SIGTERM would.
    pub(crate) async fn stop(self) {
        self.running.stop().await.expect("it ends in order");
        self.sandbox.stop().await;
    }
}

/// Opens what `settings` name and serves it: one api with a worker beside it, on PostgreSQL with two, unless workers are kept out.
fn run(settings: &Settings, listener: TcpListener, clock: Arc<dyn Clock>) -> (App, Running) {
    let app = server::open_at(settings, clock).expect("the settings can be opened");
    let mut running = Running::start(settings, &app, listener).expect("it starts");
    if settings.worker.embedded && !app.db().is_sqlite() {
        running.add_worker(settings, &app).expect("a second worker");
    }
    (app, running)
}

fn settings(
    url: &str,
    database: &Database,
    (mail, sandbox): (&Catcher, &RunningSandbox),
    more: &[(&str, &str)],
) -> Settings {
    let database = database_url(database);
    let smtp = mail.smtp_url();
    let lever = lever_settings(sandbox.url());
    let mut pairs = vec![
        ("PUBLIC_URL", url),
        ("DATABASE__URL", &database),
        ("DATABASE__CONNECTIONS", "4"),
        (
            "SECRETS__KEYS",
            "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
        ("OPERATOR__TOKEN", OPERATOR),
        ("WORKER__EMBEDDED", "true"),
        ("MAIL__SMTP_URL", &smtp),
        ("MAIL__FROM", "invitations@vendor.example"),
        ("PLATFORM__NAME", "Vendor"),
        ("GREENHOUSE__CALLBACK_HOSTS", "greenhouse.io,127.0.0.1"),
        ("NETWORK__ALLOW_LOOPBACK_HTTP", "true"),
    ];
    let harvest = harvest_settings(sandbox.url());
    let ats = lever.iter().chain(&harvest);
    pairs.extend(ats.map(|(key, value)| (*key, value.as_str())));
    pairs.extend_from_slice(more);
    let env = pairs
        .into_iter()
        .map(|(key, value)| (format!("BATON__{key}"), value.to_owned()));
    Settings::load(None, env).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What belongs into `database.url`.
pub(crate) fn database_url(database: &Database) -> String {
    match database.url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

/// An organization with one key of each kind.
async fn customer(app: &App) -> (OrganizationId, String, String) {
    app.write(|app, conn| {
        let id = organizations::create(app, conn, "Acme")?.organization.id;
        let mut key = |kind| {
            let new = NewKey {
                kind,
                name: "Test".to_owned(),
                scopes: None,
            };
            let made = api_keys::create(app, conn, id, &new)?;
            Ok::<_, app::Error>(made.text.expose_secret().to_owned())
        };
        Ok((
            id,
            key(ApiKeyKind::Platform)?,
            key(ApiKeyKind::GreenhouseAssessment)?,
        ))
    })
    .await
    .expect("a customer")
}

/// It waits long: what a test waits for is its own business, and machines that run tests are busy.
pub(crate) fn client() -> reqwest::Client {
    let config = ats_http::ClientConfig {
        timeout: Duration::from_secs(120),
        ..ats_http::ClientConfig::new("baton-tests/1")
    };
    ats_http::client(config).expect("a client")
}

/// Status and body; a body that is not JSON as a JSON text.
pub(crate) async fn read(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
    (status, body)
}
