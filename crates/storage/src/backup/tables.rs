//! The tables of a database as it describes itself, parents before children.

use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::rows;
use crate::Result;

/// One table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// One column, of one of the forms that mean the same on both databases.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Bytes,
    Text,
    Number,
    Flag,
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Parent {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

// Not taken along: what migrations make on each database by themselves, what tells of running processes, and what a backup
// says of itself.
const OURS: &str = "t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT IN \
     ('__diesel_schema_migrations', 'schema_floor', 'write_probes', 'workers', 'schedules', 'baton_backup')";

/// Whoever works with Baton has a row in one of these.
const SIGNS_OF_USE: [&str; 2] = ["organizations", "users"];

/// The tables of a file, each after those its rows refer to.
pub(super) fn of(file: &mut SqliteConnection) -> Result<Vec<Table>> {
    let columns: Vec<Described> = sql_query(format!(
        "SELECT t.name AS table_name, c.name AS column_name, upper(c.type) AS kind \
         FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE {OURS} ORDER BY t.name, c.cid"
    ))
    .load(file)?;
    let parents: Vec<Parent> = sql_query(format!(
        "SELECT t.name AS child, k.\"table\" AS parent \
         FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE {OURS}"
    ))
    .load(file)?;
    Ok(in_order(described(columns), &parents))
}

fn described(columns: Vec<Described>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for found in columns {
        let column = Column {
            name: found.column_name,
            form: form(&found.kind),
        };
        match tables
            .last_mut()
            .filter(|table| table.name == found.table_name)
        {
            Some(table) => table.columns.push(column),
            None => tables.push(Table {
                name: found.table_name,
                columns: vec![column],
            }),
        }
    }
    tables
}

fn form(kind: &str) -> Form {
    match kind {
        "BLOB" => Form::Bytes,
        "BIGINT" | "INTEGER" => Form::Number,
        "BOOLEAN" => Form::Flag,
        _ => Form::Text,
    }
}

fn in_order(mut tables: Vec<Table>, parents: &[Parent]) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &Table| {
            parents.iter().any(|pair| {
                pair.child == table.name
                    && pair.parent != table.name
                    && tables.iter().any(|other| other.name == pair.parent)
            })
        };
        let next = tables.iter().position(|table| !waits(table));
        // Tables that refer to each other in a ring have no order; there are none.
        ordered.push(tables.remove(next.unwrap_or(0)));
    }
    ordered
}

/// Is a file in use: does it hold a customer, or somebody who signs in?
pub(super) fn filled(file: &mut SqliteConnection) -> Result<bool> {
    for table in of(file)? {
        if SIGNS_OF_USE.contains(&table.name.as_str()) && rows::count(file, &table)? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Is a server's database in use?
pub(super) fn filled_on(conn: &mut PgConnection) -> Result<bool> {
    let tables: Vec<Named> = sql_query(
        "SELECT table_name::text AS name FROM information_schema.tables \
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    )
    .load(conn)?;
    for Named { name } in tables {
        let columns = Vec::new();
        let used = SIGNS_OF_USE.contains(&name.as_str());
        if used && rows::any_on(conn, &Table { name, columns })? {
            return Ok(true);
        }
    }
    Ok(false)
}
