//! What a backup says of itself.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use domain::OrganizationId;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::value::{from_json, to_json};
use crate::{AnyConnection, Result, audit};

/// When, by what and of what a backup was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When.
    pub made_at: DateTime<Utc>,
    /// The release that made it.
    pub release: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The ends of the audit log's chains: organization, number of entries, last hash in hexadecimal digits.
    pub audit_chains: Vec<(OrganizationId, i64, String)>,
}

/// How many rows a table of a backup has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableCount {
    /// Its name.
    pub table: String,
    /// How many.
    pub rows: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// The one text that `sql` answers.
pub(super) fn text(file: &mut SqliteConnection, sql: &str) -> Result<String> {
    let found: Found = sql_query(sql).get_result(file)?;
    Ok(found.text.unwrap_or_default())
}

pub(super) fn chains(conn: &mut AnyConnection) -> Result<Vec<(OrganizationId, i64, String)>> {
    let hex = |hash: &[u8]| hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let ends = audit::ends(conn)?;
    Ok(ends
        .into_iter()
        .map(|end| (end.organization, end.number, hex(&end.hash)))
        .collect())
}

pub(super) fn write(file: &mut SqliteConnection, facts: &Facts) -> Result<()> {
    sql_query("CREATE TABLE baton_backup (facts TEXT NOT NULL)").execute(file)?;
    sql_query("INSERT INTO baton_backup VALUES (?)")
        .bind::<Text, _>(to_json(facts)?)
        .execute(file)?;
    Ok(())
}

pub(super) fn read(file: &mut SqliteConnection) -> Result<Facts> {
    let found = text(file, "SELECT facts AS text FROM baton_backup")
        .map_err(|_| refused("the file is no backup made by `baton-admin backup`"))?;
    from_json(&found, "baton_backup", "facts")
}

pub(super) fn forget(file: &mut SqliteConnection) -> Result<()> {
    sql_query("DROP TABLE baton_backup").execute(file)?;
    Ok(())
}
