//! What is encrypted at rest, seen from outside: in which columns, and with which keys.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::connection::native;
use crate::{AnyConnection, Result};

/// Every column that holds encrypted values, by its table. A new secret is a new line here, or its key may be taken away
/// while it is still needed.
pub const COLUMNS: [(&str, &str); 4] = [
    ("organizations", "link_key"),
    ("organizations", "signing_secret"),
    ("api_keys", "encrypted_key"),
    ("idempotency_keys", "answer"),
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// How many values are encrypted with each key, by its id.
///
/// # Errors
/// Those of the database.
pub fn values_by_key(conn: &mut AnyConnection) -> Result<BTreeMap<String, u64>> {
    // `v1.<key id>.<the rest>`
    let id: fn(&str) -> String = match conn {
        AnyConnection::Postgres(_) => |column| format!("split_part({column}, '.', 2)"),
        AnyConnection::Sqlite(_) => {
            |column| format!("substr({column}, 4, instr(substr({column}, 4), '.') - 1)")
        }
    };
    let each = COLUMNS.map(|(table, column)| {
        let key = id(column);
        format!("SELECT {key} AS key, count(*) AS many FROM {table} WHERE {column} LIKE 'v1.%' GROUP BY 1")
    });
    let all = each.join(" UNION ALL ");
    let rows: Vec<Row> = native!(conn, c => sql_query(all).load(c))?;
    let mut found = BTreeMap::new();
    for row in rows {
        *found.entry(row.key).or_default() += u64::try_from(row.many).unwrap_or_default();
    }
    Ok(found)
}
