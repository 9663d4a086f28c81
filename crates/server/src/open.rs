//! From settings to use cases: the schema, the keys, the database threads.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::connections::{HarvestConfig, LeverConfig};
use app::{App, Config, Parts};
use ats::greenhouse::partner::Rules;
use ats_http::{ClientConfig, HostList, reqwest};
use domain::{Clock, Entropy, SystemClock};
use greenhouse_harvest::oauth as harvest_oauth;
use lever::oauth;
use settings::Settings;
use storage::secrets::{self, Field};
use storage::{AnyConnection, Db, SchemaState};
use url::Url;
use vault::{Keyring, OsRandom, Random};

/// Why Baton cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error("{0}")]
    Database(#[from] storage::Error),
    /// The schema lacks migrations, and `database.migrate` is off.
    #[error(
        "the database's schema lacks {0} migrations; run `baton-admin migrate`, or set `database.migrate` to true"
    )]
    SchemaBehind(usize),
    /// A later release has taken away what this one needs.
    #[error(
        "the database's schema is too new for this release, which does not know migration {0}; run a later release"
    )]
    SchemaAhead(String),
    /// The keys that encrypt secrets.
    #[error("{0}")]
    Keys(String),
    /// A setting that passed its own checks and still cannot be used.
    #[error("{0}")]
    Setting(String),
}

/// Opens what `settings` name: brings the schema up to date, reads the keys, starts the database threads.
///
/// # Errors
/// [`OpenError`], in words for the operator.
pub fn open(settings: &Settings) -> Result<App, OpenError> {
    open_at(settings, Arc::new(SystemClock))
}

/// As [`open`], by another clock: for tests that move it.
///
/// # Errors
/// [`OpenError`], in words for the operator.
pub fn open_at(settings: &Settings, clock: Arc<dyn Clock>) -> Result<App, OpenError> {
    let url = database_url(settings);
    heed_objections(&url)?;
    if settings.database.migrate {
        let done = migrate(settings)?;
        if !done.is_empty() {
            tracing::info!(migrations = done.len(), "brought the schema up to date");
        }
    }
    let keyring = keyring(settings)?;
    Db::look(&url, fits)??;
    Db::look(&url, |conn| keys_are_there(conn, |id| keyring.holds(id)))??;
    let db = Db::open(&url, settings.database.connections)?;
    Ok(App::new(Parts {
        db,
        clock,
        ids: Arc::new(Entropy),
        random: Arc::new(OsRandom),
        keyring,
        http: http()?,
        config: config(settings)?,
    }))
}

/// As [`open`], and changes nothing: neither schema nor files are made, not even a key file.
///
/// # Errors
/// [`OpenError`], in words for the operator.
pub fn open_as_it_is(settings: &Settings) -> Result<App, OpenError> {
    let url = database_url(settings);
    if let storage::DatabaseUrl::Sqlite(path) = &url
        && !path.exists()
    {
        let missing = format!("there is no database at {}", path.display());
        return Err(OpenError::Database(storage::Error::Unfit(missing)));
    }
    assemble(settings, &url, keys_as_they_are(settings)?)
}

/// As [`open`], on a database other than the settings name: a copy that is to become it. Its schema is up to date.
///
/// # Errors
/// [`OpenError`], in words for the operator.
pub fn open_copy(settings: &Settings, url: &storage::DatabaseUrl) -> Result<App, OpenError> {
    assemble(settings, url, keyring(settings)?)
}

fn assemble(
    settings: &Settings,
    url: &storage::DatabaseUrl,
    keyring: Keyring,
) -> Result<App, OpenError> {
    Ok(App::new(Parts {
        db: Db::open(url, settings.database.connections)?,
        clock: Arc::new(SystemClock),
        ids: Arc::new(Entropy),
        random: Arc::new(OsRandom),
        keyring,
        http: http()?,
        config: config(settings)?,
    }))
}

/// Brings the schema up to date; answers the names of the migrations that were run.
///
/// # Errors
/// [`OpenError::Database`].
pub fn migrate(settings: &Settings) -> Result<Vec<String>, OpenError> {
    Ok(storage::migrate(&database_url(settings))?)
}

/// The database that `settings` name, in storage's words.
pub fn database_url(settings: &Settings) -> storage::DatabaseUrl {
    match &settings.database.url {
        settings::DatabaseUrl::Sqlite(path) => storage::DatabaseUrl::Sqlite(path.clone()),
        settings::DatabaseUrl::Postgres(url) => {
            storage::DatabaseUrl::Postgres(secrecy::ExposeSecret::expose_secret(url).to_owned())
        }
    }
}

fn keyring(settings: &Settings) -> Result<Keyring, OpenError> {
    ring(settings::keys_or_key_file(settings, |bytes| {
        OsRandom.fill(bytes);
    }))
}

fn keys_as_they_are(settings: &Settings) -> Result<Keyring, OpenError> {
    ring(settings::keys_as_they_are(settings))
}

fn ring(keys: Result<settings::EncryptionKeys, settings::Fault>) -> Result<Keyring, OpenError> {
    let keys = keys.map_err(|fault| OpenError::Keys(fault.to_string()))?;
    Keyring::new(keys).map_err(|error| OpenError::Keys(format!("`secrets.keys`: {error}")))
}

fn config(settings: &Settings) -> Result<Config, OpenError> {
    let unusable = |what: &str, error: &dyn std::fmt::Display| {
        OpenError::Setting(format!("`{what}`: {error}"))
    };
    let public_url =
        Url::parse(&settings.public_url).map_err(|error| unusable("public_url", &error))?;
    let callback_hosts = HostList::new(&settings.greenhouse.callback_hosts)
        .map_err(|error| unusable("greenhouse.callback_hosts", &error))?
        .allow_loopback_http(settings.network.allow_loopback_http);
    let harvest = harvest(settings, &public_url, &callback_hosts)?;
    let lever = lever(settings, &public_url)?;
    Ok(Config {
        public_url,
        platform_name: settings.platform.name.clone(),
        mail_configured: settings.mail.smtp_url.is_some(),
        mail_daily_limit: settings.mail.daily_limit,
        bounce_token: settings.mail.bounce_token.clone(),
        operator_email: settings.operator.notify_email.clone(),
        operator_token: settings.operator.token.clone(),
        allow_loopback_http: settings.network.allow_loopback_http,
        harvest,
        greenhouse: Rules { callback_hosts },
        lever,
    })
}

/// Greenhouse's Harvest, and our application there where one is named. A data call's redirect may lead where Greenhouse's own
/// addresses are, or to another place of the API's own host.
fn harvest(
    settings: &Settings,
    public_url: &Url,
    greenhouse: &HostList,
) -> Result<HarvestConfig, OpenError> {
    let ours = &settings.greenhouse;
    let application = ours
        .oauth
        .client_id
        .clone()
        .zip(ours.oauth.client_secret.clone());
    let base = public_url.as_str().trim_end_matches('/');
    let at = |base: &Url, path: &str| {
        let text = format!("{}{path}", base.as_str().trim_end_matches('/'));
        Url::parse(&text)
            .map_err(|error| OpenError::Setting(format!("`greenhouse.api_base_url`: {error}")))
    };
    Ok(HarvestConfig {
        api_base_url: at(&ours.api_base_url, "/v3")?,
        redirect_hosts: greenhouse.clone(),
        oauth: application.map(|(client_id, client_secret)| {
            let redirect_uri = format!("{base}/oauth/greenhouse/callback");
            let mut partner = harvest_oauth::App::partner(client_id, client_secret, redirect_uri);
            partner.auth_base = ours.auth_base_url.clone();
            partner.scopes.clone_from(&ours.oauth.scopes);
            partner
        }),
        pkce: ours.oauth.pkce,
        keep_alive: ours.keep_alive,
        reconcile: ours.reconcile,
    })
}

/// Lever, and our application there where one is named.
fn lever(settings: &Settings, public_url: &Url) -> Result<LeverConfig, OpenError> {
    let ours = &settings.lever;
    let redirect_hosts = HostList::new(&ours.redirect_hosts)
        .map_err(|error| OpenError::Setting(format!("`lever.redirect_hosts`: {error}")))?
        .allow_loopback_http(settings.network.allow_loopback_http);
    let application = ours
        .oauth
        .client_id
        .clone()
        .zip(ours.oauth.client_secret.clone());
    let base = public_url.as_str().trim_end_matches('/');
    Ok(LeverConfig {
        api_base_url: ours.api_base_url.clone(),
        redirect_hosts,
        oauth: application.map(|(client_id, client_secret)| oauth::App {
            client_id,
            client_secret,
            auth_base: ours.auth_base_url.clone(),
            audience: ours.audience.clone(),
            redirect_uri: format!("{base}/oauth/lever/callback"),
            scopes: ours.oauth.scopes.clone(),
            prompt: None,
        }),
        pkce: ours.oauth.pkce,
        keep_alive: ours.keep_alive,
        reconcile: ours.reconcile,
    })
}

/// What calls ATSs.
fn http() -> Result<reqwest::Client, OpenError> {
    let agent = concat!("Baton/", env!("CARGO_PKG_VERSION"));
    ats_http::client(ClientConfig::new(agent))
        .map_err(|error| OpenError::Setting(error.to_string()))
}

/// Says what speaks against the database as it is set up, and refuses it where that would break what is promised.
fn heed_objections(url: &storage::DatabaseUrl) -> Result<(), OpenError> {
    let found = storage::examine(url, &SystemClock)?;
    let (forbidding, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| it.forbids);
    for objection in rest {
        tracing::warn!("{objection}");
    }
    if forbidding.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = forbidding.iter().map(ToString::to_string).collect();
    Err(OpenError::Database(storage::Error::Unsuitable(
        all.join("; "),
    )))
}

/// Can this release run on the schema?
pub(crate) fn fits(conn: &mut AnyConnection) -> storage::Result<Result<(), OpenError>> {
    Ok(match storage::schema_state(conn)? {
        SchemaState::Fits => Ok(()),
        SchemaState::Behind(lacking) => Err(OpenError::SchemaBehind(lacking.len())),
        SchemaState::Ahead(version) => Err(OpenError::SchemaAhead(version)),
    })
}

/// Can every stored secret be read?
pub(crate) fn keys_are_there(
    conn: &mut AnyConnection,
    holds: impl Fn(&str) -> bool,
) -> storage::Result<Result<(), OpenError>> {
    let mut lost: BTreeMap<String, i64> = BTreeMap::new();
    for field in Field::ALL {
        for used in secrets::key_ids_in(conn, field)? {
            if !used.key_id.is_empty() && !holds(&used.key_id) {
                *lost.entry(used.key_id).or_default() += used.rows;
            }
        }
    }
    if lost.is_empty() {
        return Ok(Ok(()));
    }
    let lost: Vec<String> = lost
        .iter()
        .map(|(id, many)| format!("`{id}` ({many} values)"))
        .collect();
    Ok(Err(OpenError::Keys(format!(
        "`secrets.keys` lacks keys with which stored secrets are encrypted: {}; put them back behind the first one, until \
         `baton-admin rotate-keys` says that nothing needs them",
        lost.join(", ")
    ))))
}
