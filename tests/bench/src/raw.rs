//! What SQLite itself can do: the rows of one `send_test`, again and again, by one thread with prepared statements and nothing
//! in between.
//!
//! The rows are those that Baton stored for one real ask, found by their rowids, so that tables, columns and sizes are always
//! the present release's. Each further ask has ids, names and hashes of its own, of the same length.
#![expect(unsafe_code, reason = "nothing may stand between the bench and SQLite")]

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_int};
use std::io;
use std::path::Path;
use std::ptr;
use std::time::{Duration, Instant};

use libsqlite3_sys as sqlite;
use uuid::Uuid;

use crate::client::Turn;

/// What the model's ask is called, in its address and URL; later ones have a number of this length.
pub(crate) const MARKER: &str = "ask-00000000000000";
/// How many asks are made ready at once, off the clock.
const READY: usize = 1024;

/// One connection.
struct Connection(*mut sqlite::sqlite3);

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: opened by `Raw::open`, closed once; its statements are finalized by then.
        unsafe { sqlite::sqlite3_close(self.0) };
    }
}

/// A prepared statement.
struct Statement(*mut sqlite::sqlite3_stmt);

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: prepared on a connection that is still open, finalized once.
        unsafe { sqlite::sqlite3_finalize(self.0) };
    }
}

#[derive(Debug, Clone)]
enum Value {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// The row that one table got for the model's ask, and the statement that stores another like it.
struct Insert {
    statement: Statement,
    model: Vec<Value>,
}

/// How many rows each table had.
pub(crate) type Ends = BTreeMap<String, i64>;

/// A database to write to, and what to write. Fields are dropped in this order.
pub(crate) struct Raw {
    inserts: Vec<Insert>,
    begin: Statement,
    commit: Statement,
    connection: Connection,
    /// Ids that stay as they are.
    kept: Vec<Vec<u8>>,
    asked: u64,
}

impl Raw {
    /// Opens a database as Baton opens it. `before` are its tables' ends from before the model's ask; `kept` are ids that
    /// were there before.
    pub(crate) fn open(path: &Path, before: &Ends, kept: &[Uuid]) -> io::Result<Self> {
        let connection = connect(path)?;
        let mut inserts = Vec::new();
        for (table, end) in before {
            let query = format!("SELECT * FROM \"{table}\" WHERE rowid > {end}");
            for (columns, model) in connection.rows(&query)? {
                let places = vec!["?"; columns.len()].join(", ");
                let columns = columns.join(", ");
                let text = format!("INSERT INTO \"{table}\" ({columns}) VALUES ({places})");
                let statement = connection.prepare(&text)?;
                inserts.push(Insert { statement, model });
            }
        }
        Ok(Self {
            inserts,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            connection,
            kept: kept.iter().map(|id| id.as_bytes().to_vec()).collect(),
            asked: 0,
        })
    }

    /// How many rows one ask is.
    pub(crate) fn rows(&self) -> usize {
        self.inserts.len()
    }

    /// Stores asks, `together` in each transaction, for as long as `lasting` says.
    pub(crate) fn take_turn(&mut self, together: usize, lasting: Duration) -> io::Result<Turn> {
        let mut turn = Turn::default();
        let mut spent = Duration::ZERO;
        while spent < lasting {
            let ready: Vec<_> = (0..READY).map(|_| self.next_ask()).collect();
            let begun = Instant::now();
            for group in ready.chunks(together) {
                self.step(&self.begin)?;
                for ask in group {
                    self.store(ask)?;
                }
                self.step(&self.commit)?;
            }
            spent += begun.elapsed();
            turn.answers += READY;
        }
        turn.seconds = spent.as_secs_f64();
        Ok(turn)
    }

    /// The rows of another ask.
    fn next_ask(&mut self) -> Vec<Vec<Value>> {
        self.asked += 1;
        let number = self.asked;
        let ids: Vec<Uuid> = self
            .inserts
            .iter()
            .flat_map(|insert| &insert.model)
            .filter_map(|value| match value {
                Value::Blob(bytes) if !self.kept.contains(bytes) => Uuid::from_slice(bytes).ok(),
                _ => None,
            })
            .collect();
        let marker = format!("ask-{number:014}");
        let other = |value: &Value| match value {
            Value::Blob(bytes) if !self.kept.contains(bytes) => Value::Blob(another(bytes, number)),
            Value::Text(text) => {
                Value::Text(ids.iter().fold(text.replace(MARKER, &marker), |text, id| {
                    let new = Uuid::from_slice(&another(id.as_bytes(), number)).unwrap_or_default();
                    text.replace(&id.to_string(), &new.to_string())
                }))
            }
            same => same.clone(),
        };
        self.inserts
            .iter()
            .map(|insert| insert.model.iter().map(other).collect())
            .collect()
    }

    fn store(&self, ask: &[Vec<Value>]) -> io::Result<()> {
        for (insert, row) in self.inserts.iter().zip(ask) {
            for (place, value) in (1..).zip(row) {
                insert.statement.bind(place, value)?;
            }
            self.step(&insert.statement)?;
        }
        Ok(())
    }

    fn step(&self, statement: &Statement) -> io::Result<()> {
        // SAFETY: the statement belongs to this open connection, and what is bound to it lives until it is reset.
        let outcome = unsafe {
            sqlite::sqlite3_step(statement.0);
            sqlite::sqlite3_reset(statement.0)
        };
        self.connection.check(outcome)
    }
}

/// Bytes of the same kind for ask `number`: an id of 16 bytes stays one that grows with time, a hash is another hash.
fn another(bytes: &[u8], number: u64) -> Vec<u8> {
    let mut chance = crate::chance::Chance::of(number ^ u64::from(bytes[bytes.len() - 1]) << 48);
    let mut new = Vec::with_capacity(bytes.len());
    if let (16, Ok(head)) = (bytes.len(), <[u8; 8]>::try_from(&bytes[..8])) {
        let later = u64::from_be_bytes(head).wrapping_add(number << 14);
        new.extend(later.to_be_bytes());
    }
    while new.len() < bytes.len() {
        new.extend(chance.next().to_be_bytes());
    }
    new.truncate(bytes.len());
    new
}

/// How far each table of the database goes.
///
/// # Errors
/// Those of SQLite.
pub(crate) fn ends(path: &Path) -> io::Result<Ends> {
    let connection = connect(path)?;
    let tables = connection.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let mut ends = Ends::new();
    for (_, row) in tables {
        let [Value::Text(table)] = &row[..] else {
            continue;
        };
        let query = format!("SELECT coalesce(max(rowid), 0) FROM \"{table}\"");
        // A table without rowids cannot be followed this way.
        if let Some((_, row)) = connection.rows(&query).ok().and_then(|mut rows| rows.pop())
            && let [Value::Integer(end)] = row[..]
        {
            ends.insert(table.clone(), end);
        }
    }
    Ok(ends)
}

fn connect(path: &Path) -> io::Result<Connection> {
    let name = CString::new(path.to_string_lossy().as_bytes()).map_err(io::Error::other)?;
    let mut handle = ptr::null_mut();
    // SAFETY: the name is a C string, and the handle is written before it is read.
    let outcome = unsafe { sqlite::sqlite3_open(name.as_ptr(), &raw mut handle) };
    let connection = Connection(handle);
    connection.check(outcome)?;
    // As crates/storage/src/address.rs has them.
    for setting in [
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA mmap_size = 0",
        "PRAGMA cache_size = -16384",
        "PRAGMA wal_autocheckpoint = 4096",
    ] {
        connection.rows(setting)?;
    }
    Ok(connection)
}

impl Connection {
    fn check(&self, outcome: c_int) -> io::Result<()> {
        if outcome == sqlite::SQLITE_OK {
            return Ok(());
        }
        // SAFETY: the connection is open, and the text is copied before another call.
        let text = unsafe { CStr::from_ptr(sqlite::sqlite3_errmsg(self.0)) };
        Err(io::Error::other(format!(
            "SQLite: {}",
            text.to_string_lossy()
        )))
    }

    fn prepare(&self, text: &str) -> io::Result<Statement> {
        let text = CString::new(text).map_err(io::Error::other)?;
        let mut handle = ptr::null_mut();
        // SAFETY: the text is a C string, and the handle is written before it is read.
        let outcome = unsafe {
            sqlite::sqlite3_prepare_v3(
                self.0,
                text.as_ptr(),
                -1,
                sqlite::SQLITE_PREPARE_PERSISTENT,
                &raw mut handle,
                ptr::null_mut(),
            )
        };
        self.check(outcome).map(|()| Statement(handle))
    }

    /// Every row of a query, with the columns' names.
    fn rows(&self, text: &str) -> io::Result<Vec<(Vec<String>, Vec<Value>)>> {
        let statement = self.prepare(text)?;
        let mut rows = Vec::new();
        // SAFETY: the statement belongs to this open connection.
        while unsafe { sqlite::sqlite3_step(statement.0) } == sqlite::SQLITE_ROW {
            rows.push(statement.row());
        }
        // SAFETY: as above.
        self.check(unsafe { sqlite::sqlite3_reset(statement.0) })?;
        Ok(rows)
    }
}

impl Statement {
    fn bind(&self, place: c_int, value: &Value) -> io::Result<()> {
        // SAFETY: the statement is not running, and the value lives until it is reset (no copy is made: SQLITE_STATIC).
        let outcome = unsafe {
            match value {
                Value::Null => sqlite::sqlite3_bind_null(self.0, place),
                Value::Integer(number) => sqlite::sqlite3_bind_int64(self.0, place, *number),
                Value::Text(text) => {
                    let length = c_int::try_from(text.len()).map_err(io::Error::other)?;
                    sqlite::sqlite3_bind_text(self.0, place, text.as_ptr().cast(), length, None)
                }
                Value::Blob(bytes) => {
                    let length = c_int::try_from(bytes.len()).map_err(io::Error::other)?;
                    sqlite::sqlite3_bind_blob(self.0, place, bytes.as_ptr().cast(), length, None)
                }
            }
        };
        match outcome {
            sqlite::SQLITE_OK => Ok(()),
            code => Err(io::Error::other(format!("SQLite: error {code} at bind"))),
        }
    }

    /// The row the statement stands on.
    fn row(&self) -> (Vec<String>, Vec<Value>) {
        // SAFETY: the statement stands on a row; texts and blobs are copied before it moves on.
        unsafe {
            (0..sqlite::sqlite3_column_count(self.0))
                .map(|at| {
                    let name = CStr::from_ptr(sqlite::sqlite3_column_name(self.0, at));
                    (name.to_string_lossy().into_owned(), self.value(at))
                })
                .unzip()
        }
    }

    /// # Safety
    /// The statement stands on a row that has this column.
    unsafe fn value(&self, at: c_int) -> Value {
        // SAFETY: promised by the caller; the pointer is valid for as many bytes as SQLite says.
        unsafe {
            let kind = sqlite::sqlite3_column_type(self.0, at);
            if kind == sqlite::SQLITE_INTEGER {
                return Value::Integer(sqlite::sqlite3_column_int64(self.0, at));
            }
            if kind != sqlite::SQLITE_TEXT && kind != sqlite::SQLITE_BLOB {
                return Value::Null;
            }
            let start: *const u8 = sqlite::sqlite3_column_blob(self.0, at).cast();
            let length = usize::try_from(sqlite::sqlite3_column_bytes(self.0, at)).unwrap_or(0);
            let bytes = match length {
                0 => Vec::new(),
                _ => std::slice::from_raw_parts(start, length).to_vec(),
            };
            match kind {
                sqlite::SQLITE_TEXT => Value::Text(String::from_utf8_lossy(&bytes).into_owned()),
                _ => Value::Blob(bytes),
            }
        }
    }
}
