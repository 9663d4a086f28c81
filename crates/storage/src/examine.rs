//! Whether the database is set up so that it keeps what it says it keeps: looked at when a program starts.

use std::path::Path;

use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use domain::Clock;

use crate::address::Purpose;
use crate::{AnyConnection, DatabaseUrl, Result};

/// Clocks that are further apart are not used: links would end early or late, and jobs run out of their turn.
const CLOCKS_APART_SECONDS: i64 = 30;
/// SQLite from here on; earlier ones, since 3.7.0, could lose a write-ahead log that was reset at the wrong moment.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);
const POSTGRES_AT_LEAST: i32 = 140_000;
/// File systems of other machines, by the names that Linux gives them.
const NETWORK: [&str; 12] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "lustre",
    "afs",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.s3fs",
];

/// Something that speaks against using the database as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Does it keep programs from starting? Otherwise it is worth a warning.
    pub forbids: bool,
    /// What is wrong, for the operator.
    pub what: String,
    /// What to do.
    pub advice: &'static str,
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.what, self.advice)
    }
}

impl Objection {
    fn refusal(what: impl Into<String>, advice: &'static str) -> Self {
        Self {
            forbids: true,
            what: what.into(),
            advice,
        }
    }

    fn warning(what: impl Into<String>, advice: &'static str) -> Self {
        Self {
            forbids: false,
            ..Self::refusal(what, advice)
        }
    }
}

/// All that speaks against using the database at `url`, by a connection of its own. `clock` is this machine's.
///
/// # Errors
/// Those of the database.
pub fn examine(url: &DatabaseUrl, clock: &dyn Clock) -> Result<Vec<Objection>> {
    url.make_folder()?;
    match (url, url.connect(Purpose::Read)?) {
        (_, AnyConnection::Postgres(mut conn)) => postgres(&mut conn, clock),
        (DatabaseUrl::Sqlite(path), AnyConnection::Sqlite(mut conn)) => sqlite(&mut conn, path),
        _ => Ok(Vec::new()),
    }
}

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Bool)]
    fsync: bool,
    #[diesel(sql_type = Bool)]
    full_page_writes: bool,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    encoding: String,
    #[diesel(sql_type = BigInt)]
    now: i64,
}

// A compatible engine may not know the first two: then they do not speak against it.
const ABOUT_THE_SERVER: &str = "SELECT coalesce(current_setting('fsync', true), 'on') = 'on' AS fsync, \
     coalesce(current_setting('full_page_writes', true), 'on') = 'on' AS full_page_writes, \
     current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding, \
     (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";

fn postgres(conn: &mut PgConnection, clock: &dyn Clock) -> Result<Vec<Objection>> {
    let before = clock.now().timestamp_micros();
    let server: Server = sql_query(ABOUT_THE_SERVER).get_result(conn)?;
    let after = clock.now().timestamp_micros();
    let mut found = Vec::new();
    if !server.fsync {
        found.push(Objection::refusal(
            "PostgreSQL runs with fsync=off and loses what it has acknowledged when its machine stops",
            "run `ALTER SYSTEM SET fsync = on` and `SELECT pg_reload_conf()`",
        ));
    }
    if !server.full_page_writes {
        found.push(Objection::warning(
            "PostgreSQL runs with full_page_writes=off: a page torn by a power cut cannot be mended unless the file system writes whole \
             pages",
            "run `ALTER SYSTEM SET full_page_writes = on` and `SELECT pg_reload_conf()` if you are not sure that yours does",
        ));
    }
    if server.version < POSTGRES_AT_LEAST {
        found.push(Objection::refusal(
            "PostgreSQL is older than 14",
            "use 14 or later",
        ));
    }
    if server.encoding != "UTF8" {
        found.push(Objection::refusal(
            format!("the database keeps text as {}", server.encoding),
            "make one with `ENCODING 'UTF8'`",
        ));
    }
    found.extend(clocks_apart(server.now, before, after));
    Ok(found)
}

/// The server read its clock at some time between ours `before` and `after`.
fn clocks_apart(server: i64, before: i64, after: i64) -> Option<Objection> {
    let (word, apart) = if server > after {
        ("behind", server - after)
    } else {
        ("ahead of", before - server)
    };
    let seconds = apart / 1_000_000;
    (seconds > CLOCKS_APART_SECONDS).then(|| {
        Objection::refusal(
            format!(
                "this machine's clock is {seconds} seconds {word} the database's, and more than {CLOCKS_APART_SECONDS} are not borne"
            ),
            "set both by NTP",
        )
    })
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

fn sqlite(conn: &mut SqliteConnection, path: &Path) -> Result<Vec<Objection>> {
    let Version { version } = sql_query("SELECT sqlite_version() AS version").get_result(conn)?;
    let mut found = Vec::new();
    if numbers(&version) < SQLITE_AT_LEAST {
        found.push(Objection::refusal(
            format!("SQLite {version} can lose its write-ahead log"),
            "use a build with 3.51.3 or later",
        ));
    }
    if let Some(kind) = network_file_system(path) {
        found.push(Objection::warning(
            format!(
                "the SQLite file lies on a network file system ({kind}), whose locks cannot be relied on"
            ),
            "move it to a local disk, or use PostgreSQL",
        ));
    }
    Ok(found)
}

fn numbers(version: &str) -> (u32, u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

/// The kind of network file system that holds `path`, where the operating system tells (Linux does).
fn network_file_system(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = kind_of_mount(&mounts, &path)?;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

/// A line of mountinfo: `36 35 98:0 / /where rw … - kind device options`. The longest place above the path holds it; of
/// several at one place, the last.
fn kind_of_mount<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let place_and_kind = |line: &'a str| {
        let (mount, system) = line.split_once(" - ")?;
        Some((mount.split(' ').nth(4)?, system.split(' ').next()?))
    };
    mounts
        .lines()
        .filter_map(place_and_kind)
        .filter(|(place, _)| path.starts_with(place))
        .max_by_key(|(place, _)| place.len())
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_apart_are_told_with_their_distance_and_direction() {
        let seconds = |number: i64| number * 1_000_000;
        assert_eq!(clocks_apart(seconds(100), seconds(70), seconds(71)), None);
        assert_eq!(clocks_apart(seconds(100), seconds(99), seconds(130)), None);
        let ahead = clocks_apart(seconds(100), seconds(147), seconds(148)).expect("too far");
        assert!(
            ahead.forbids && ahead.what.contains("47 seconds ahead of"),
            "{ahead:?}"
        );
        let behind = clocks_apart(seconds(100), seconds(20), seconds(21)).expect("too far");
        assert!(behind.what.contains("79 seconds behind"), "{behind:?}");
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(numbers("3.51.2") < SQLITE_AT_LEAST);
        assert!(numbers("3.6.23.1") < SQLITE_AT_LEAST);
        assert!(numbers("3.53.0") > SQLITE_AT_LEAST);
    }

    #[test]
    fn the_nearest_mount_tells_the_kind_of_file_system() {
        let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 22 0:40 / /srv rw shared:1 - nfs4 nas:/srv rw\n";
        assert_eq!(
            kind_of_mount(mounts, Path::new("/srv/baton.db")),
            Some("nfs4")
        );
        assert_eq!(
            kind_of_mount(mounts, Path::new("/srvx/baton.db")),
            Some("ext4")
        );
    }
}
