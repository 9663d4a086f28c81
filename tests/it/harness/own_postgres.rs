//! A PostgreSQL server of a test's own, for tests that stop it or change how it is set up.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use storage::DatabaseUrl;
use tempfile::TempDir;
use test_support::Database;
use tokio::process::Command;

/// The server; dropping it stops and deletes it.
#[derive(Debug)]
pub(crate) struct OwnPostgres {
    folder: PathBuf,
    server: Database,
    // Goes last: the server's folder is in it.
    _around: TempDir,
}

impl OwnPostgres {
    /// A new server that answers.
    pub(crate) async fn start() -> Self {
        // The server runs as a user of its own where the tests run as root.
        let mut around = tempfile::Builder::new();
        let around = around.permissions(Permissions::from_mode(0o755)).tempdir();
        let around = around.expect("a folder for the server");
        let folder = around.path().join("postgres");
        let started = script("start", &folder)
            .output()
            .await
            .expect("scripts/postgres runs");
        assert!(started.status.success(), "{started:?}");
        let url = String::from_utf8(started.stdout).expect("a URL");
        Self {
            folder,
            server: Database::of_another(DatabaseUrl::Postgres(url.trim().to_owned())),
            _around: around,
        }
    }

    /// A new database on it, which holds nothing yet.
    pub(crate) fn database(&self, name: &str) -> Database {
        self.run_sql(&format!("CREATE DATABASE {name}"));
        let DatabaseUrl::Postgres(server) = self.server.url() else {
            panic!("this is PostgreSQL")
        };
        let (place, _) = server.rsplit_once('/').expect("a URL with a name");
        Database::of_another(DatabaseUrl::Postgres(format!("{place}/{name}")))
    }

    /// Runs SQL on the server's own database.
    pub(crate) fn run_sql(&self, sql: &str) {
        self.server.run_sql(sql);
    }

    /// Has it encrypt what is asked for so, with a certificate of its own making; where that is.
    #[cfg(feature = "postgres-tls")]
    pub(crate) async fn speak_tls(&self) -> PathBuf {
        // The server's own user has to own its key.
        let made = "openssl req -x509 -days 1 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=postgres \
                    -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.crt";
        self.run_sql(&format!("COPY (SELECT '') TO PROGRAM '{made}'"));
        self.run_sql("ALTER SYSTEM SET ssl = on");
        self.run_sql("SELECT pg_reload_conf()");
        crate::harness::eventually("it speaks TLS", async || {
            (self.server.texts("SELECT current_setting('ssl') AS text") == ["on"]).then_some(())
        })
        .await;
        self.folder.join("data/server.crt")
    }

    /// Stops it as a crash would.
    pub(crate) async fn halt(&self) {
        self.run("halt").await;
    }

    /// Starts it again, and waits until it answers.
    pub(crate) async fn resume(&self) {
        self.run("resume").await;
    }

    async fn run(&self, what: &str) {
        let status = script(what, &self.folder).status().await;
        assert!(status.expect("scripts/postgres runs").success(), "{what}");
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        // Best effort: what is left is a throw-away server in a folder for temporary files.
        let _ = script("stop", &self.folder).as_std_mut().status();
    }
}

fn script(what: &str, folder: &PathBuf) -> Command {
    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/postgres"));
    script.arg(what).arg(folder).kill_on_drop(true);
    script
}
