//! Tokens and the allowance as several processes use them, against an authorization server that kills a family of tokens at the
//! first reuse.

mod allowance;
mod server;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use ats_http::HostList;
use chrono::{DateTime, Utc};
use domain::{ConnectionKind, Entropy, FixedClock, OrganizationId};
use lever::oauth;
use secrecy::SecretString;
use storage::connections::{self as store, ConnectionRecord};
use storage::grants::{self, GrantRecord};
use test_support::Database;
use vault::{Keyring, OsRandom};

use super::application::Given;
use super::take::{Taken, take};
use super::tokens::{GrantTokens, sealed};
use crate::{App, Config, Parts, Result, organizations};
use server::Server;

/// Two processes of one Baton, and Lever's authorization server.
struct House {
    clock: Arc<FixedClock>,
    one: App,
    other: App,
    server: Server,
    organization: OrganizationId,
    connection: ConnectionRecord,
    database: Database,
}

impl House {
    /// An organization whose connection to Lever has just been made.
    async fn connected(database: Database) -> Self {
        let server = Server::start().await;
        let start: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().expect("a time");
        let clock = Arc::new(FixedClock::at(start));
        let process = || app(&database, &clock, &server);
        let (one, other) = (process(), process());
        let given = server.first_grant().await;
        let (organization, connection) = one
            .write(move |app, conn| {
                let made = organizations::create(app, conn, "Acme")?;
                let id = made.organization.id;
                let mut record = store::hold(conn, id, ConnectionKind::Lever, app.draw())?;
                let grant = record_of(app, &record, &given)?;
                take(app, conn, &mut record, &grant, (Taken::New, false))?;
                Ok((id, record))
            })
            .await
            .expect("a connection");
        Self {
            clock,
            one,
            other,
            server,
            organization,
            connection,
            database,
        }
    }

    fn tokens(&self, app: &App) -> GrantTokens {
        GrantTokens::of(
            app,
            self.organization,
            self.connection.id,
            ConnectionKind::Lever,
        )
    }

    async fn grant(&self) -> GrantRecord {
        let (organization, connection) = (self.organization, self.connection.id);
        let found = self
            .one
            .read(move |_, conn| Ok(grants::in_use(conn, organization, connection)?))
            .await;
        found.expect("the database answers").expect("a grant")
    }

    async fn connection(&self) -> ConnectionRecord {
        let organization = self.organization;
        let found = self
            .one
            .read(move |_, conn| Ok(store::find(conn, organization, ConnectionKind::Lever)?))
            .await;
        found.expect("the database answers").expect("a connection")
    }
}

fn record_of(app: &App, record: &ConnectionRecord, given: &Given) -> Result<GrantRecord> {
    let (id, now) = (app.draw(), app.now());
    let tokens = sealed(app, (record.organization, id), given, None, now);
    Ok(GrantRecord {
        id,
        organization: record.organization,
        connection: record.id,
        kind: record.kind,
        held: None,
        lost_at: None,
        account_id: Some("account-1".into()),
        account_name: None,
        granted_at: now,
        granted_at_there: Some(now),
        tokens: tokens.expect("a refresh token"),
        version: 1,
        lease: None,
        failing: None,
        told_ending: false,
    })
}

fn app(database: &Database, clock: &Arc<FixedClock>, server: &Server) -> App {
    let http = ats_http::client(ats_http::ClientConfig::new("tests")).expect("a client");
    App::new(Parts {
        db: database.open(),
        clock: Arc::<FixedClock>::clone(clock),
        ids: Arc::new(Entropy),
        random: Arc::new(OsRandom),
        keyring: Keyring::new(vec![("k1".into(), [7; 32])]).expect("one key"),
        http,
        config: config(server),
    })
}

fn config(server: &Server) -> Config {
    Config {
        public_url: "https://baton.example".parse().expect("a URL"),
        platform_name: "Baton".into(),
        mail_configured: true,
        mail_daily_limit: 0,
        bounce_token: None,
        operator_email: Some("operator@vendor.example".into()),
        operator_token: None,
        allow_loopback_http: true,
        greenhouse: ats::greenhouse::partner::Rules {
            callback_hosts: HostList::new(["greenhouse.io"]).expect("a host"),
        },
        harvest: super::HarvestConfig {
            api_base_url: server.url("greenhouse/harvest/v3"),
            redirect_hosts: HostList::new(["127.0.0.1"]).expect("a host"),
            oauth: None,
            pkce: false,
            keep_alive: Duration::from_secs(6 * 60 * 60),
            reconcile: Duration::from_secs(900),
        },
        lever: super::LeverConfig {
            api_base_url: server.url("lever/v1"),
            redirect_hosts: HostList::new(["127.0.0.1"]).expect("a host"),
            oauth: Some(application(server)),
            pkce: false,
            keep_alive: Duration::from_secs(7 * 24 * 60 * 60),
            reconcile: Duration::from_secs(600),
        },
    }
}

fn application(server: &Server) -> oauth::App {
    oauth::App {
        client_id: "client".into(),
        client_secret: SecretString::from("secret"),
        auth_base: server.url("lever/auth"),
        audience: "https://api.lever.co/v1/".into(),
        redirect_uri: "https://baton.example/oauth/lever/callback".into(),
        scopes: vec!["offline_access".into(), "stages:read:admin".into()],
        prompt: None,
    }
}
