//! One type per section of the settings, with its defaults.

mod ats;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::{SecretBox, SecretString};

pub use ats::{Greenhouse, Lever, OAuth, PatchCredential};

use crate::reader::{Parsed, Reader};
use crate::{Settings, parse};

/// The listeners.
#[derive(Debug, Clone)]
pub struct Http {
    /// The public listener.
    pub listen: SocketAddr,
    /// Metrics and health, for the operator's own network.
    pub metrics_listen: SocketAddr,
    /// Whose `X-Forwarded-For` and `Forwarded` count.
    pub trusted_proxies: Vec<IpNet>,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// Which database.
    pub url: DatabaseUrl,
    /// Database threads on PostgreSQL, two or more.
    pub connections: usize,
    /// Is the schema brought up to date at start?
    pub migrate: bool,
}

/// Which database.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// SQLite in this file.
    Sqlite(PathBuf),
    /// PostgreSQL at this URL, which may hold a password.
    Postgres(SecretString),
}

/// What stored secrets are encrypted with.
#[derive(Debug)]
pub struct Secrets {
    /// Ids and keys, the first one encrypts; empty where none was set, see [`keys_or_key_file`](crate::keys_or_key_file).
    pub keys: Vec<(String, SecretBox<[u8; 32]>)>,
}

/// The vendor's own staff.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Bearer token of the operator API, 32 characters or more.
    pub token: Option<SecretString>,
    /// Where set-up requests and dying connections are mailed.
    pub notify_email: Option<String>,
}

/// Background work.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Does `baton-api` run the worker too?
    pub embedded: bool,
}

/// Mail to candidates and users.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The relay: `smtps://…`, or `smtp://…` with STARTTLS; may hold a password. None: mail waits in the outbox.
    pub smtp_url: Option<SecretString>,
    /// The sender: an address, or `Name <address>`. May be missing where the relay is on loopback.
    pub from: Option<String>,
    /// Opens the bounce webhook.
    pub bounce_token: Option<SecretString>,
    /// How many mails one organization may send in a day (UTC); 0: as many as it likes.
    pub daily_limit: u32,
}

/// How the vendor appears.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The vendor's name, as candidates and notes show it.
    pub name: String,
}

/// What a vendor's webhook URL may name.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Ports, with https.
    pub allowed_ports: Vec<u16>,
}

/// How much one key may ask.
#[derive(Debug, Clone)]
pub struct Limits {
    /// A bucket that holds the whole minute, counted per process.
    pub requests_per_minute: u32,
}

/// What a machine for development may do.
#[derive(Debug, Clone)]
pub struct Network {
    /// May ATS, callback, catalogue and webhook URLs be plain http on loopback?
    pub allow_loopback_http: bool,
}

/// How the log looks.
#[derive(Debug, Clone)]
pub struct Log {
    /// Its form; none was set: see [`Log::format_for`].
    pub format: Option<LogFormat>,
    /// Which events: a level or `target=level` pairs, as the environment variable `RUST_LOG` of other programs.
    pub filter: String,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Log {
    /// The form that was set, else what suits where the log goes.
    pub fn format_for(&self, is_terminal: bool) -> LogFormat {
        self.format.unwrap_or(if is_terminal {
            LogFormat::Pretty
        } else {
            LogFormat::Json
        })
    }
}

/// Reads every section; what is wrong is noted in `reader`, and the default stands in.
pub(crate) fn read(reader: &mut Reader) -> Settings {
    let public_url = "http://127.0.0.1:8080".to_owned();
    let public_url = reader.one("public_url", public_url, parse::public_url);
    let http = Http::read(reader);
    let database = Database::read(reader);
    let secrets = Secrets {
        keys: reader.list("secrets.keys", Vec::new, parse::encryption_key),
    };
    let operator = Operator {
        token: reader.maybe("operator.token", parse::operator_token),
        notify_email: reader.maybe("operator.notify_email", parse::address),
    };
    let worker = Worker {
        embedded: reader.one("worker.embedded", false, parse::flag),
    };
    let mail = Mail::read(reader);
    let platform = Platform {
        name: reader.one("platform.name", "Baton".to_owned(), parse::name),
    };
    let network = Network {
        allow_loopback_http: reader.one("network.allow_loopback_http", false, parse::flag),
    };
    Settings {
        public_url,
        http,
        database,
        secrets,
        operator,
        worker,
        mail,
        platform,
        greenhouse: Greenhouse::read(reader, &network),
        lever: Lever::read(reader, &network),
        webhooks: Webhooks {
            allowed_ports: reader.list("webhooks.allowed_ports", || vec![443], parse::port),
        },
        limits: Limits {
            requests_per_minute: reader.one("limits.requests_per_minute", 3000, parse::positive),
        },
        network,
        log: Log::read(reader),
    }
}

impl Http {
    fn read(reader: &mut Reader) -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let metrics_listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 9464));
        Self {
            listen: reader.one("http.listen", listen, parse::listener),
            metrics_listen: reader.one("http.metrics_listen", metrics_listen, parse::listener),
            trusted_proxies: reader.list("http.trusted_proxies", Vec::new, parse::network),
        }
    }
}

impl Database {
    fn read(reader: &mut Reader) -> Self {
        let url = DatabaseUrl::Sqlite("data/baton.db".into());
        Self {
            url: reader.one("database.url", url, parse::database),
            connections: reader.one("database.connections", 8, parse::connections),
            migrate: reader.one("database.migrate", true, parse::flag),
        }
    }
}

impl Mail {
    fn read(reader: &mut Reader) -> Self {
        Self {
            smtp_url: reader.maybe("mail.smtp_url", parse::relay),
            from: reader.maybe("mail.from", parse::mailbox),
            bounce_token: reader.maybe("mail.bounce_token", parse::path_token),
            daily_limit: reader.one("mail.daily_limit", 10_000, parse::count),
        }
    }
}

impl Log {
    fn read(reader: &mut Reader) -> Self {
        Self {
            format: reader.maybe("log.format", log_format),
            filter: reader.one("log.filter", "info".to_owned(), parse::plain),
        }
    }
}

fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("`{text}` has to be pretty or json")),
    }
}
