//! Candidates: one per organization and e-mail address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::{CandidateId, OrganizationId};

use crate::arrays::{insert_by_arrays, one_by_one, select_among};
use crate::schema::candidates as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Error, Result};

#[derive(Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    email_key: String,
    id: Id,
    created_at: At,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Known {
    organization_id: Id,
    email_key: String,
    id: Id,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        email_key,
        id,
        created_at
    },
    "INSERT INTO candidates",
    "ON CONFLICT DO NOTHING"
);
select_among!(KnownByEmail<'k>, Known, email_key: Text = &'k str as "text[]", "candidates", "");

/// Stores people not known yet, under the ids offered.
///
/// # Errors
/// [`Error::Stale`] where one of them has become known meanwhile, under another id.
pub fn make(
    conn: &mut AnyConnection,
    wanted: &[(OrganizationId, String, CandidateId)],
    now: DateTime<Utc>,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    // Always in the same order, so that two transactions with the same people cannot wait for each other.
    let mut ordered: Vec<_> = wanted.iter().collect();
    ordered.sort();
    let rows: Vec<Row> = ordered
        .into_iter()
        .map(|(organization, key, candidate)| Row {
            organization_id: id(*organization),
            email_key: key.clone(),
            id: id(*candidate),
            created_at: at(now),
        })
        .collect();
    let made = match conn {
        AnyConnection::Postgres(c) => InsertRows::of(&rows).execute(c)?,
        AnyConnection::Sqlite(c) => {
            let mut made = 0;
            for row in rows {
                made += diesel::insert_into(t::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(c)?;
            }
            made
        }
    };
    if made == wanted.len() {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// The ids of the candidates whom these addresses (lower-cased) name.
///
/// # Errors
/// Those of the database.
pub fn by_email(
    conn: &mut AnyConnection,
    wanted: &[(OrganizationId, String)],
) -> Result<Vec<(OrganizationId, String, CandidateId)>> {
    let pairs = wanted
        .iter()
        .map(|(organization, key)| (*organization, key.as_str()));
    let known: Vec<Known> = match conn {
        AnyConnection::Postgres(c) => KnownByEmail::of(pairs).load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(pairs, |(organization, key)| {
            t::table
                .find((id(organization), key))
                .select(Known::as_select())
                .first(c)
        })?,
    };
    Ok(known
        .into_iter()
        .map(|found| (found.organization_id.to(), found.email_key, found.id.to()))
        .collect())
}
