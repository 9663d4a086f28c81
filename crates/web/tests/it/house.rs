//! A house to call at: the edge over a fresh database, and a clock that stands still.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App as Site;
use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::ServiceConfig;
use app::{App, Config, Parts};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Entropy, FixedClock};
use serde_json::{Value, json};
use test_support::Database;
use vault::{Keyring, OsRandom};
use web::Limits;

pub(crate) const OPERATOR: &str = "an operator token of forty characters, or";

pub(crate) const BOUNCES: &str = "where-bounces-come-in";

/// The edge, as a process has it.
pub(crate) struct House {
    mount: Box<dyn Fn(&mut ServiceConfig)>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) app: App,
    pub(crate) database: Database,
}

/// Somebody who calls at the house.
#[derive(Clone)]
pub(crate) struct Guest<'a> {
    house: &'a House,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    address: Option<SocketAddr>,
}

/// What the house answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with_limit(3000)
    }

    pub(crate) fn with_limit(requests_per_minute: u32) -> Self {
        let database = Database::sqlite();
        let start: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().expect("a time");
        let clock = Arc::new(FixedClock::at(start));
        let app = App::new(Parts {
            db: database.open(),
            clock: Arc::<FixedClock>::clone(&clock),
            ids: Arc::new(Entropy),
            random: Arc::new(OsRandom),
            keyring: Keyring::new(vec![("k1".into(), [7; 32])]).expect("one key"),
            http: ats_http::client(ats_http::ClientConfig::new("tests")).expect("a client"),
            config: config(),
        });
        let limits = Limits {
            requests_per_minute: NonZeroU32::new(requests_per_minute).expect("not 0"),
            ..Limits::default()
        };
        let mount = web::configure(&app, &limits);
        Self {
            mount: Box::new(move |config| mount.clone()(config)),
            clock,
            app,
            database,
        }
    }

    pub(crate) fn operator(&self) -> Guest<'_> {
        self.guest(OPERATOR)
    }

    pub(crate) fn nobody(&self) -> Guest<'_> {
        Guest {
            house: self,
            token: None,
            headers: Vec::new(),
            address: None,
        }
    }

    pub(crate) fn guest(&self, token: &str) -> Guest<'_> {
        Guest {
            token: Some(format!("Bearer {token}")),
            ..self.nobody()
        }
    }

    /// A new organization's own program.
    pub(crate) async fn organization(&self, name: &str) -> Guest<'_> {
        let key = self.key_of_new_organization(name).await;
        self.guest(&key)
    }

    pub(crate) async fn key_of_new_organization(&self, name: &str) -> String {
        let operator = self.operator();
        let made = operator.post("/v1/organizations", json!({"name": name}));
        let made = made.await.ok(201);
        let id = made["id"].as_str().expect("an id");
        let keys = format!("/v1/organizations/{id}/api-keys");
        let wanted = json!({"kind": "platform", "name": "server"});
        let made = operator.post(&keys, wanted).await.ok(201);
        made["key"].as_str().expect("a key").to_owned()
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

fn config() -> Config {
    Config {
        public_url: "https://baton.example".parse().expect("a URL"),
        platform_name: "Baton".into(),
        mail_configured: true,
        mail_daily_limit: 2000,
        bounce_token: Some(BOUNCES.to_owned().into()),
        operator_email: None,
        operator_token: Some(OPERATOR.to_owned().into()),
        allow_loopback_http: false,
        greenhouse: ats::greenhouse::partner::Rules {
            callback_hosts: ats_http::HostList::new(["greenhouse.io"]).expect("a host"),
        },
        harvest: app::connections::HarvestConfig {
            api_base_url: "https://harvest.greenhouse.io/v3".parse().expect("a URL"),
            redirect_hosts: ats_http::HostList::new(["greenhouse.io"]).expect("a host"),
            oauth: None,
            pkce: false,
            keep_alive: Duration::from_secs(21_600),
            reconcile: Duration::from_secs(900),
        },
        lever: app::connections::LeverConfig {
            api_base_url: "https://api.lever.co/v1".parse().expect("a URL"),
            redirect_hosts: ats_http::HostList::new(["lever.co"]).expect("a host"),
            oauth: None,
            pkce: false,
            keep_alive: Duration::from_secs(604_800),
            reconcile: Duration::from_secs(600),
        },
    }
}

impl Guest<'_> {
    /// The same, with one more header.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut more = self.clone();
        more.headers.push((name, value.to_owned()));
        more
    }

    /// The same, calling from there.
    pub(crate) fn from(&self, address: &str) -> Self {
        let address = Some((address.parse::<IpAddr>().expect("an address"), 4711).into());
        Self {
            address,
            ..self.clone()
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        let body = Some(body.to_string());
        self.call(Method::POST, path, body).await
    }

    /// POST without a body.
    pub(crate) async fn command(&self, path: &str) -> Reply {
        self.call(Method::POST, path, None).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        let body = Some(body.to_string());
        self.call(Method::PATCH, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        let body = Some(body.to_string());
        self.call(Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None).await
    }

    /// A call with a body of JSON, or of whatever `with("Content-Type", …)` says.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let site = Site::new()
            .configure(&self.house.mount)
            .wrap(from_fn(web::harden))
            .wrap(from_fn(telemetry::answer_request_id))
            .wrap(telemetry::log_requests());
        let site = init_service(site).await;
        let mut call = TestRequest::with_uri(path).method(method);
        if let Some(address) = self.address {
            call = call.peer_addr(address);
        }
        if let Some(token) = &self.token {
            call = call.append_header(("Authorization", token.as_str()));
        }
        let typed = self.headers.iter().any(|(name, _)| *name == "Content-Type");
        if body.is_some() && !typed {
            call = call.append_header(("Content-Type", "application/json"));
        }
        for (name, value) in &self.headers {
            call = call.append_header((*name, value.as_str()));
        }
        let call = call.set_payload(body.unwrap_or_default()).to_request();
        let answer = actix_web::test::call_service(&site, call).await;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body()).await.expect("a whole body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply {
            status,
            headers,
            text,
        }
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The body of an answer that has to be of this status.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// The body of a problem that has to be of this status and name.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.ok(status);
        assert_eq!(self.header("Content-Type"), "application/problem+json");
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], "about:blank");
        assert!(body["title"].is_string() && body["detail"].is_string());
        assert_eq!(body["request_id"], self.header("X-Request-Id"));
        assert_ne!(body["request_id"], "-");
        body
    }

    /// Field and problem of each member at fault.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let body = self.problem(422, "unprocessable");
        let errors = body["errors"].as_array().expect("errors").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        errors
            .iter()
            .map(|error| (text(&error["field"]), text(&error["problem"])))
            .collect()
    }

    /// The fields at fault.
    #[track_caller]
    pub(crate) fn faulty(&self) -> Vec<String> {
        self.faults().into_iter().map(|(field, _)| field).collect()
    }
}
