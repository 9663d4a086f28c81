//! Backups: one SQLite file with the rows of either database, in today's schema. Ids, times and documents have one form on
//! both databases, so a backup of the one can be restored into the other.
//!
//! A backup holds no key: secrets are in it as they are stored, encrypted. Everything else is in clear.

mod facts;
mod file;
mod rows;
mod tables;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{PgConnection, RunQueryDsl, SqliteConnection};

pub use facts::{Facts, TableCount};

use self::file::{Unfinished, open_file};
use crate::address::Purpose;
use crate::{AnyConnection, DatabaseUrl, Error, Result, SchemaState};

/// How often a server is asked who else is connected: it takes a moment to notice that somebody has gone.
const LOOKS: u32 = 20;

/// Writes a backup of the database at `url` to the new file `to`, readable by its owner alone, while everything else goes on.
/// It shows one moment: on SQLite that of `VACUUM INTO`, on PostgreSQL that of one snapshot. `made_at` and `release` are
/// written into it. Answers what it says of itself and what is in it, after it was opened and checked again.
///
/// # Errors
/// [`Error::Unfit`], with the reason: there is a file already, the schema is not this release's, the disk is full, or
/// what was written does not stand the check. Nothing is left behind then.
pub fn make(
    url: &DatabaseUrl,
    to: &Path,
    made_at: DateTime<Utc>,
    release: &str,
) -> Result<(Facts, Vec<TableCount>)> {
    file::refuse_taken(to)?;
    let unfinished = Unfinished::beside(to)?;
    match url {
        DatabaseUrl::Sqlite(path) => copy_file(path, unfinished.path())?,
        DatabaseUrl::Postgres(_) => copy_rows(url, unfinished.path())?,
    }
    let mut conn = AnyConnection::Sqlite(open_file(unfinished.path())?);
    let facts = Facts {
        made_at,
        release: release.to_owned(),
        engine: engine(url).to_owned(),
        audit_chains: facts::chains(&mut conn)?,
    };
    drop(conn);
    let mut file = open_file(unfinished.path())?;
    facts::write(&mut file, &facts)?;
    let counts = check(&mut file)?;
    drop(file);
    unfinished.finish()?;
    Ok((facts, counts))
}

fn engine(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
    }
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Err(refused(format!(
            "there is no database at {}",
            from.display()
        )));
    }
    let mut conn = DatabaseUrl::Sqlite(from.to_owned()).connect(Purpose::Write)?;
    let AnyConnection::Sqlite(c) = &mut conn else {
        return Err(refused("a file is no PostgreSQL"));
    };
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(to.to_string_lossy().as_ref())
        .execute(c)?;
    Ok(())
}

/// Rows of one snapshot, table by table, into a file with the same schema.
fn copy_rows(url: &DatabaseUrl, to: &Path) -> Result<()> {
    let mut conn = url.connect(Purpose::Read)?;
    if crate::schema_state(&mut conn)? != SchemaState::Fits {
        return Err(refused(
            "the database's schema is not this release's; run `baton-admin migrate` first",
        ));
    }
    let AnyConnection::Postgres(from) = &mut conn else {
        return Err(refused("a server is no file"));
    };
    crate::migrate(&DatabaseUrl::Sqlite(to.to_owned()))?;
    let mut file = open_file(to)?;
    file.batch_execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    from.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    for table in tables::of(&mut file)? {
        let read = rows::from_postgres(from, &mut file, &table)?;
        let written = rows::count(&mut file, &table)?;
        if read != written {
            return Err(refused(format!(
                "of {read} rows of {} only {written} were written",
                table.name
            )));
        }
    }
    from.batch_execute("COMMIT")?;
    Ok(())
}

/// What is in a backup, once it has stood every check.
///
/// # Errors
/// [`Error::Unfit`] for a file that is damaged.
pub(crate) fn check(file: &mut SqliteConnection) -> Result<Vec<TableCount>> {
    let found = facts::text(
        file,
        "SELECT integrity_check AS text FROM pragma_integrity_check LIMIT 1",
    )?;
    if found != "ok" {
        return Err(refused(format!("the file is damaged: {found}")));
    }
    let mut counts = Vec::new();
    for table in tables::of(file)? {
        let rows = rows::count(file, &table)?;
        counts.push(TableCount {
            table: table.name,
            rows,
        });
    }
    Ok(counts)
}

/// A copy of a backup, beside the place it is restored to: what is changed on the way is changed here.
#[derive(Debug)]
pub struct Copy {
    unfinished: Unfinished,
}

impl Copy {
    /// Copies the backup `file` to beside `place`, checks it, and brings its schema up to date; answers what it says of itself
    /// and what is in it.
    ///
    /// # Errors
    /// [`Error::Unfit`], with the reason: no backup of Baton, damaged, or made by a later release.
    pub fn of(file: &Path, place: &Path) -> Result<(Self, Facts, Vec<TableCount>)> {
        let unfinished = Unfinished::beside(place)?;
        std::fs::copy(file, unfinished.path())
            .map_err(|error| refused(format!("{}: {error}", file.display())))?;
        let mut conn = open_file(unfinished.path())?;
        let facts = facts::read(&mut conn)?;
        let counts = check(&mut conn)?;
        refuse_later(conn)?;
        let copy = DatabaseUrl::Sqlite(unfinished.path().to_owned());
        crate::migrate(&copy)?;
        Ok((Self { unfinished }, facts, counts))
    }

    /// Where it is, to be opened like any database.
    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.unfinished.path().to_owned())
    }

    /// Makes it the database at `url`. What is there goes away with `replace`: a file is moved aside, a server's rows are
    /// deleted in the same transaction.
    ///
    /// # Errors
    /// [`Error::Unfit`], with the reason: the place is not empty, or somebody is at work there. Nothing is changed then.
    pub fn become_database(self, url: &DatabaseUrl, replace: bool) -> Result<()> {
        let mut conn = open_file(self.unfinished.path())?;
        facts::forget(&mut conn)?;
        match url {
            DatabaseUrl::Sqlite(place) => {
                drop(conn);
                file::make_room(place, replace)?;
                self.unfinished.finish()
            }
            DatabaseUrl::Postgres(_) => fill(url, &mut conn, replace),
        }
    }
}

/// May something be restored to `url`? Looks only.
///
/// # Errors
/// [`Error::Unfit`] where the place is not empty and `replace` is false, or where somebody is at work there.
pub fn check_room(url: &DatabaseUrl, replace: bool) -> Result<()> {
    match url {
        DatabaseUrl::Sqlite(place) => file::check_room(place, replace),
        DatabaseUrl::Postgres(_) => {
            let mut conn = url.connect(Purpose::Write)?;
            let AnyConnection::Postgres(c) = &mut conn else {
                return Err(refused("a server is no file"));
            };
            refuse_company(c)?;
            if !replace && tables::filled_on(c)? {
                return Err(not_empty());
            }
            Ok(())
        }
    }
}

fn fill(url: &DatabaseUrl, file: &mut SqliteConnection, replace: bool) -> Result<()> {
    crate::migrate(url)?;
    let mut conn = url.connect(Purpose::Write)?;
    let tables = tables::of(file)?;
    if let AnyConnection::Postgres(c) = &mut conn {
        refuse_company(c)?;
    }
    conn.in_transaction(|conn| {
        let AnyConnection::Postgres(to) = conn else {
            return Err(refused("a server is no file"));
        };
        to.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'")?;
        if !replace && tables::filled_on(to)? {
            return Err(not_empty());
        }
        for table in &tables {
            to.batch_execute(&format!("TRUNCATE {} CASCADE", table.name))?;
        }
        for table in &tables {
            let sent = rows::to_postgres(file, to, table)?;
            let there = rows::count_on(to, table)?;
            if sent != there {
                return Err(refused(format!(
                    "of {sent} rows of {} only {there} arrived",
                    table.name
                )));
            }
        }
        Ok(())
    })
}

fn refuse_later(file: SqliteConnection) -> Result<()> {
    match crate::schema_state(&mut AnyConnection::Sqlite(file))? {
        SchemaState::Ahead(version) => Err(refused(format!(
            "it was made by a later release, whose migration {version} is not known here; restore it with that release"
        ))),
        SchemaState::Fits | SchemaState::Behind(_) => Ok(()),
    }
}

/// Nobody else may be connected: what they wrote would be lost, or mixed with what comes.
fn refuse_company(conn: &mut PgConnection) -> Result<()> {
    let mut others = 0;
    for _ in 0..LOOKS {
        others = rows::number_on(
            conn,
            "SELECT count(*) AS number FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )?;
        if others == 0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(refused(format!(
        "{others} other connections to the database are open; stop baton-api and every baton-worker first"
    )))
}

fn not_empty() -> Error {
    refused("the database is not empty; give --replace to put the backup in its place")
}

fn refused(why: impl Into<String>) -> Error {
    Error::Unfit(why.into())
}
