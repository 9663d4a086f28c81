//! A database of a test's own: empty, with today's schema, gone afterwards.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{
    Connection, PgConnection, QueryResult, QueryableByName, RunQueryDsl, SqliteConnection,
    sql_query,
};
use storage::{DatabaseUrl, Db, migrate};

/// The database of one test. Dropping it deletes it.
#[derive(Debug)]
pub struct Database {
    url: DatabaseUrl,
    keeper: Keeper,
}

/// What has to be cleaned up.
#[derive(Debug)]
enum Keeper {
    /// The file is in here.
    Folder { _folder: tempfile::TempDir },
    /// The database has this name on the test server.
    Name { name: String },
    /// Nothing: it is somebody else's.
    Nobody,
}

impl Database {
    /// A file, brought up to date.
    ///
    /// # Panics
    /// Where no file can be made.
    pub fn sqlite() -> Self {
        let database = Self::bare_sqlite();
        migrate(&database.url).expect("a new file can be brought up to date");
        database
    }

    /// A database on the server that `BATON_TEST_POSTGRES` names, a copy of one that was brought up to date once.
    ///
    /// # Panics
    /// Where there is no such server.
    pub fn postgres() -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let name = fresh_name();
            ask_server(&format!("CREATE DATABASE {name}"));
            migrate(&on_server(&name)).expect("a new database can be brought up to date");
            name
        });
        Self::create(&format!("TEMPLATE {template}"))
    }

    /// A file that holds nothing, not even a schema.
    ///
    /// # Panics
    /// Where no folder can be made.
    pub fn bare_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files can be made");
        Self {
            url: DatabaseUrl::Sqlite(folder.path().join("baton.db")),
            keeper: Keeper::Folder { _folder: folder },
        }
    }

    /// A database on the test server that holds nothing, not even a schema.
    ///
    /// # Panics
    /// Where there is no such server.
    pub fn bare_postgres() -> Self {
        Self::create("")
    }

    fn create(options: &str) -> Self {
        let name = fresh_name();
        ask_server(&format!("CREATE DATABASE {name} {options}"));
        Self {
            url: on_server(&name),
            keeper: Keeper::Name { name },
        }
    }

    /// One that somebody else made and cleans up.
    pub fn of_another(url: DatabaseUrl) -> Self {
        let keeper = Keeper::Nobody;
        Self { url, keeper }
    }

    /// Where it is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Opens it, with four connections on PostgreSQL.
    ///
    /// # Panics
    /// Where it cannot be reached.
    pub fn open(&self) -> Db {
        Db::open(&self.url, 4).expect("a test's own database can be reached")
    }

    /// Runs SQL on a connection apart from the storage crate's: to look behind it, or to harm it.
    ///
    /// # Panics
    /// Where the database refuses it.
    pub fn run_sql(&self, sql: &str) {
        match &self.url {
            DatabaseUrl::Sqlite(path) => open_file(path).batch_execute(sql),
            DatabaseUrl::Postgres(url) => connect(url).batch_execute(sql),
        }
        .expect("the database runs a test's own SQL");
    }

    /// The one number that `sql` asks for.
    ///
    /// # Panics
    /// Where the database refuses it.
    pub fn count(&self, sql: &str) -> i64 {
        let query = sql_query(format!("SELECT ({sql}) AS count"));
        let count: QueryResult<Count> = match &self.url {
            DatabaseUrl::Sqlite(path) => query.get_result(&mut open_file(path)),
            DatabaseUrl::Postgres(url) => query.get_result(&mut connect(url)),
        };
        count.expect("the database answers a test's own SQL").count
    }

    /// The texts that `sql` asks for under the name `text`, one for each row.
    ///
    /// # Panics
    /// Where the database refuses it.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let rows: QueryResult<Vec<Line>> = match &self.url {
            DatabaseUrl::Sqlite(path) => sql_query(sql).get_results(&mut open_file(path)),
            DatabaseUrl::Postgres(url) => sql_query(sql).get_results(&mut connect(url)),
        };
        let rows = rows.expect("the database answers a test's own SQL");
        rows.into_iter().map(|row| row.text).collect()
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Keeper::Name { name } = &self.keeper {
            // Best effort: the server itself is thrown away after the tests.
            if let Ok(mut conn) = PgConnection::establish(&server()) {
                let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
    }
}

/// The administrator's URL of the test server.
fn server() -> String {
    std::env::var("BATON_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "BATON_TEST_POSTGRES names no PostgreSQL server: run scripts/test, which starts one, or start one yourself \
             with `export BATON_TEST_POSTGRES=$(scripts/postgres start FOLDER)`"
        )
    })
}

/// The URL of the database `name` on the test server.
fn on_server(name: &str) -> DatabaseUrl {
    let server = server();
    let (place, _) = server
        .rsplit_once('/')
        .expect("BATON_TEST_POSTGRES looks like postgres://user@host/postgres");
    DatabaseUrl::Postgres(format!("{place}/{name}"))
}

fn ask_server(sql: &str) {
    connect(&server())
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("the test server refuses {sql}: {error}"));
}

/// The file may be in use: whoever writes is waited for.
fn open_file(path: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())
        .expect("a test's own database can be reached");
    conn.batch_execute("PRAGMA busy_timeout = 10000")
        .expect("SQLite knows how to wait");
    conn
}

fn connect(url: &str) -> PgConnection {
    storage::keep_openssl_to_the_end();
    // The error may show the URL, and with it the password: it is the throw-away server's.
    PgConnection::establish(url).expect("the server that BATON_TEST_POSTGRES names answers")
}

/// A name that no other test of this or another process uses.
fn fresh_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    format!("baton_test_{}_{number}", std::process::id())
}
