//! Where the database is, and how a connection to it is made.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::{AnyConnection, Error, Result};

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(std::path::PathBuf),
    /// `postgres://…`; may hold a password.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

/// What a connection is for. What only reads is kept from writing by the database itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

// The time-out comes first: entering WAL mode may itself have to wait for another process.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;";

// A group of new invites touches pages all over the indexes. With SQLite's own figures (2 MB of pages, a checkpoint each 4 MB of
// log) it would read them again and again, and copy each into the file, with two more fsyncs, every few groups.
const SQLITE_WRITER_SETTINGS: &str =
    "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4096;";

// Committed means on disk, whatever the server's default. A unit of work is short, so a long statement is a fault; so is a
// long wait for somebody else's lock, and a thread that waits serves nobody.
const POSTGRES_SETTINGS: &str = "SET synchronous_commit = on; SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = warning;";

/// What a connection to PostgreSQL is made with where the URL does not say otherwise. A server that has gone away without a
/// word is noticed within 15 seconds, and a standby is passed over: of several hosts, the one that takes writes is meant.
const POSTGRES_PARAMETERS: [(&str, &str); 7] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
    ("target_session_attrs", "read-write"),
    ("fallback_application_name", "baton"),
];

impl DatabaseUrl {
    /// Opens one connection and gives it our settings.
    pub(crate) fn connect(&self, purpose: Purpose) -> Result<AnyConnection> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(SQLITE_SETTINGS)?;
                settings_hold(&mut conn)?;
                conn.batch_execute(match purpose {
                    Purpose::Read => "PRAGMA query_only = ON",
                    Purpose::Write => SQLITE_WRITER_SETTINGS,
                })?;
                Ok(AnyConnection::Sqlite(conn))
            }
            Self::Postgres(url) => {
                keep_openssl_to_the_end();
                let mut conn = PgConnection::establish(&with_parameters(url))?;
                conn.batch_execute(POSTGRES_SETTINGS)?;
                if purpose == Purpose::Read {
                    conn.batch_execute("SET default_transaction_read_only = on")?;
                }
                Ok(AnyConnection::Postgres(conn))
            }
        }
    }

    /// Makes the folder that the file is to lie in, where there is none yet.
    pub(crate) fn make_folder(&self) -> Result<()> {
        if let Self::Sqlite(path) = self
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Unavailable(format!("{}: {error}", folder.display())))?;
        }
        Ok(())
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// OpenSSL clears itself away when the program ends, under threads that still speak to a server, which then crash. Told by this
/// call, it leaves that to the operating system. It has to be the first: whoever makes connections of their own calls it before.
pub fn keep_openssl_to_the_end() {
    #[cfg(feature = "postgres-tls")]
    openssl_sys::init();
}

#[derive(QueryableByName)]
struct Pragmas {
    #[diesel(sql_type = Text)]
    journal_mode: String,
    #[diesel(sql_type = BigInt)]
    synchronous: i64,
    #[diesel(sql_type = BigInt)]
    foreign_keys: i64,
}

/// SQLite passes over what it cannot or will not do, such as WAL on some file systems: so it is asked.
fn settings_hold(conn: &mut SqliteConnection) -> Result<()> {
    let held: Pragmas = sql_query(
        "SELECT journal_mode, synchronous, foreign_keys \
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys",
    )
    .get_result(conn)?;
    if held.journal_mode == "wal" && held.synchronous == 2 && held.foreign_keys == 1 {
        return Ok(());
    }
    Err(Error::Unsuitable(format!(
        "SQLite keeps this file with journal_mode={}, synchronous={}, foreign_keys={} and does not take wal, 2 and 1; put it on a \
         local disk that this process may write to",
        held.journal_mode, held.synchronous, held.foreign_keys
    )))
}

/// The URL with what we add to it. What stands there already was meant so.
fn with_parameters(url: &str) -> String {
    let (place, given) = url.split_once('?').unwrap_or((url, ""));
    let given: Vec<(&str, &str)> = given
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let is_given = |name: &str| given.iter().any(|(known, _)| *known == name);
    let elsewhere = cfg!(feature = "postgres-tls") && is_elsewhere(place, &given);
    let verified = [("sslmode", "verify-full"), ("sslrootcert", roots())];
    let added = verified
        .iter()
        .filter(|_| elsewhere && !is_given("sslmode"));
    let added = POSTGRES_PARAMETERS.iter().chain(added);
    let all: Vec<String> = given
        .iter()
        .chain(added.filter(|(name, _)| !is_given(name)))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{place}?{}", all.join("&"))
}

/// Is the server on another machine? Then it is also asked who it is: with less than that anybody in between may answer.
fn is_elsewhere(place: &str, given: &[(&str, &str)]) -> bool {
    let named = given
        .iter()
        .find(|(name, _)| *name == "host" || *name == "hostaddr");
    let host = named.map_or_else(|| host_of(place), |(_, host)| host);
    let is_socket = host.is_empty() || host.starts_with('/') || host.starts_with("%2F");
    !is_socket && !["localhost", "127.0.0.1", "[::1]", "::1"].contains(&host)
}

/// The certificates that the system trusts: an OpenSSL that was built along does not know where they are.
fn roots() -> &'static str {
    const FILES: [&str; 4] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];
    let there = FILES
        .iter()
        .find(|file| std::path::Path::new(file).exists());
    there.copied().unwrap_or("system")
}

/// The host of `postgres://user:password@host:port/name`; empty for a socket.
fn host_of(place: &str) -> &str {
    let authority = place.split_once("://").map_or(place, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[').and_then(|rest| rest.find(']')) {
        Some(end) => &host[..end + 2],
        None => host.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_is_kept_and_the_rest_is_added() {
        let made = with_parameters(
            "postgres://u:p@127.0.0.1:5432/baton?connect_timeout=30&sslmode=disable",
        );
        assert!(
            made.starts_with(
                "postgres://u:p@127.0.0.1:5432/baton?connect_timeout=30&sslmode=disable&"
            ),
            "{made}"
        );
        assert!(!made.contains("connect_timeout=5"), "{made}");
        assert!(made.contains("&target_session_attrs=read-write"), "{made}");
        assert!(with_parameters("postgres://h/baton").contains("/baton?"));
    }

    #[test]
    fn a_server_on_another_machine_is_told_from_one_on_this() {
        let elsewhere = |url: &str| {
            let (place, given) = url.split_once('?').unwrap_or((url, ""));
            let given: Vec<_> = given
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .collect();
            is_elsewhere(place, &given)
        };
        assert!(elsewhere("postgres://u@db.example/baton"));
        assert!(elsewhere(
            "postgres://one.example:5432,two.example:5432/baton"
        ));
        assert!(elsewhere("postgres:///baton?host=db.example"));
        for here in [
            "postgres://u@localhost/baton",
            "postgres:///baton",
            "postgres:///baton?host=/run/postgresql",
            "postgres://[::1]:5432/baton",
        ] {
            assert!(!elsewhere(here), "{here}");
        }
    }

    #[test]
    fn the_host_of_a_url_is_found() {
        for (url, host) in [
            ("postgres://u:p%40@db.example:5432/baton", "db.example"),
            ("postgres://db.example/baton", "db.example"),
            ("postgres:///baton", ""),
            ("postgres://u@[::1]:5432/baton", "[::1]"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
