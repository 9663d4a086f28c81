//! `schema.rs` and the two databases as their migrations make them say the same.

use std::collections::BTreeMap;

use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use storage::DatabaseUrl;
use test_support::{Database, each_database};

use crate::source::{Column, tables};

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    in_key: bool,
}

const POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS kind, \
     c.is_nullable = 'YES' AS nullable, EXISTS (SELECT 1 FROM information_schema.table_constraints k \
         JOIN information_schema.key_column_usage u USING (constraint_schema, constraint_name) \
         WHERE k.constraint_type = 'PRIMARY KEY' AND u.table_name = c.table_name AND u.column_name = c.column_name \
     ) AS in_key \
     FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position";

const SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind, \
     c.\"notnull\" = 0 AND c.pk = 0 AS nullable, c.pk > 0 AS in_key \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid";

fn found(database: &Database) -> Vec<Found> {
    match database.url() {
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url).expect("the database can be reached");
            sql_query(POSTGRES).load(&mut conn)
        }
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                .expect("the file can be opened");
            sql_query(SQLITE).load(&mut conn)
        }
    }
    .expect("the database describes itself")
}

/// diesel's name for a column's type.
fn kind(of: &str) -> &'static str {
    match of.to_ascii_lowercase().as_str() {
        "bytea" | "blob" => "Binary",
        "text" => "Text",
        "bigint" => "BigInt",
        "integer" => "Integer",
        "boolean" => "Bool",
        other => panic!("the type {other} has no form that means the same on both databases"),
    }
}

each_database! {
    async fn every_table_has_the_columns_that_the_schema_says(database: Database) {
        let mut there: BTreeMap<String, (Vec<Column>, Vec<String>)> = BTreeMap::new();
        let ours = found(&database).into_iter().filter(|it| it.table_name != "__diesel_schema_migrations");
        for it in ours {
            let (columns, key) = there.entry(it.table_name).or_default();
            if it.in_key {
                key.push(it.column_name.clone());
            }
            columns.push(Column { name: it.column_name, kind: kind(&it.kind).to_owned(), nullable: it.nullable });
        }
        let mut said: BTreeMap<_, _> = tables().into_iter().map(|(name, table)| (name, (table.columns, table.primary_key))).collect();
        for (columns, key) in there.values_mut().chain(said.values_mut()) {
            columns.sort_by(|one, other| one.name.cmp(&other.name));
            key.sort();
        }
        assert!(said.len() > 10, "the schema was not read");
        assert_eq!(there, said);
    }
}
