//! Rows on their way from one database to the other, as JSON arrays: bytes in hexadecimal digits, flags as 0 and 1.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::tables::{Column, Form, Table};
use crate::Result;

/// How many rows travel together.
const SLICE: usize = 200;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    row: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn list(table: &Table, of: impl Fn((usize, &Column)) -> String) -> String {
    let parts: Vec<String> = table.columns.iter().enumerate().map(of).collect();
    parts.join(", ")
}

fn names(table: &Table) -> String {
    list(table, |(_, column)| column.name.clone())
}

fn array(rows: &[Row]) -> String {
    let rows: Vec<&str> = rows.iter().map(|row| row.row.as_str()).collect();
    format!("[{}]", rows.join(","))
}

/// Copies a table's rows from a server, within the caller's transaction; answers how many there were.
pub(super) fn from_postgres(
    from: &mut PgConnection,
    to: &mut SqliteConnection,
    table: &Table,
) -> Result<i64> {
    let read = list(table, |(_, Column { name, form })| match form {
        Form::Bytes => format!("encode({name}, 'hex')"),
        Form::Flag => format!("{name}::int"),
        Form::Text | Form::Number => name.clone(),
    });
    let write = list(table, |(at, Column { form, .. })| match form {
        Form::Bytes => format!("unhex(value ->> {at})"),
        _ => format!("value ->> {at}"),
    });
    let (name, names) = (&table.name, names(table));
    let insert = format!("INSERT INTO {name} ({names}) SELECT {write} FROM json_each(?)");
    from.batch_execute(&format!(
        "DECLARE rows NO SCROLL CURSOR FOR SELECT 0::bigint AS place, json_build_array({read})::text AS row FROM {name}"
    ))?;
    let mut many = 0;
    loop {
        let rows: Vec<Row> = sql_query(format!("FETCH {SLICE} FROM rows")).load(from)?;
        if rows.is_empty() {
            break;
        }
        many += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        sql_query(&insert)
            .bind::<Text, _>(array(&rows))
            .execute(to)?;
    }
    from.batch_execute("CLOSE rows")?;
    Ok(many)
}

/// Copies a table's rows to a server, within the caller's transaction; answers how many there were.
pub(super) fn to_postgres(
    from: &mut SqliteConnection,
    to: &mut PgConnection,
    table: &Table,
) -> Result<i64> {
    let read = list(table, |(_, Column { name, form })| match form {
        Form::Bytes => format!("CASE WHEN {name} IS NULL THEN NULL ELSE hex({name}) END"),
        _ => name.clone(),
    });
    let write = list(table, |(at, Column { form, .. })| match form {
        Form::Bytes => format!("decode(e ->> {at}, 'hex')"),
        Form::Text => format!("e ->> {at}"),
        Form::Number => format!("(e ->> {at})::bigint"),
        Form::Flag => format!("(e ->> {at})::int::boolean"),
    });
    let (name, names) = (&table.name, names(table));
    let select = format!(
        "SELECT rowid AS place, json_array({read}) AS row FROM {name} WHERE rowid > ? ORDER BY rowid LIMIT {SLICE}"
    );
    let insert = format!(
        "INSERT INTO {name} ({names}) SELECT {write} FROM json_array_elements($1::json) AS e"
    );
    let (mut many, mut after) = (0, i64::MIN);
    loop {
        let rows: Vec<Row> = sql_query(&select).bind::<BigInt, _>(after).load(from)?;
        let Some(last) = rows.last() else {
            return Ok(many);
        };
        after = last.place;
        many += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        sql_query(&insert)
            .bind::<Text, _>(array(&rows))
            .execute(to)?;
    }
}

pub(super) fn count(file: &mut SqliteConnection, table: &Table) -> Result<i64> {
    let sql = format!("SELECT count(*) AS number FROM {}", table.name);
    let found: Number = sql_query(sql).get_result(file)?;
    Ok(found.number)
}

pub(super) fn count_on(conn: &mut PgConnection, table: &Table) -> Result<i64> {
    number_on(
        conn,
        &format!("SELECT count(*) AS number FROM {}", table.name),
    )
}

pub(super) fn any_on(conn: &mut PgConnection, table: &Table) -> Result<bool> {
    let one = format!(
        "SELECT count(*) AS number FROM (SELECT 1 FROM {} LIMIT 1) AS one",
        table.name
    );
    Ok(number_on(conn, &one)? > 0)
}

pub(super) fn number_on(conn: &mut PgConnection, sql: &str) -> Result<i64> {
    let found: Number = sql_query(sql).get_result(conn)?;
    Ok(found.number)
}
