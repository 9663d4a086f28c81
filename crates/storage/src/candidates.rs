//! Candidates: one per organization and e-mail address.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{CandidateId, OrganizationId};

use crate::connection::native;
use crate::schema::candidates as t;
use crate::value::{Id, at, id};
use crate::{AnyConnection, Error, Result};

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
    let rows: Vec<_> = ordered
        .into_iter()
        .map(|(organization, key, candidate)| {
            (
                t::organization_id.eq(id(*organization)),
                t::email_key.eq(key.clone()),
                t::id.eq(id(*candidate)),
                t::created_at.eq(at(now)),
            )
        })
        .collect();
    let made = native!(conn, c => diesel::insert_into(t::table).values(rows).on_conflict_do_nothing().execute(c))?;
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
    let organizations: Vec<Id> = wanted
        .iter()
        .map(|(organization, _)| id(*organization))
        .collect();
    let keys: Vec<&String> = wanted.iter().map(|(_, key)| key).collect();
    let rows: Vec<(Id, String, Id)> = t::table
        .filter(t::organization_id.eq_any(organizations))
        .filter(t::email_key.eq_any(keys))
        .select((t::organization_id, t::email_key, t::id))
        .load(conn)?;
    // The two lists cross: an address that one organization asked for may be known to another that did not.
    let wanted: HashSet<_> = wanted.iter().collect();
    let mut found: Vec<_> = rows
        .into_iter()
        .map(|(organization, key, candidate)| ((organization.to(), key), candidate.to()))
        .collect();
    found.retain(|(pair, _)| wanted.contains(pair));
    Ok(found
        .into_iter()
        .map(|((organization, key), candidate)| (organization, key, candidate))
        .collect())
}
