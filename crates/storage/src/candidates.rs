//! Candidates: one per organization and e-mail address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::{CandidateDetails, CandidateId, OrganizationId};

use crate::arrays::{insert_by_arrays, one_by_one, select_among};
use crate::schema::{candidates as t, invites};
use crate::value::{At, Id, at, from_json, id};
use crate::{AnyConnection, Error, Page, Result};

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

/// A person as an organization knows them.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Under which id.
    pub id: CandidateId,
    /// As the newest invite has it.
    pub details: CandidateDetails,
    /// When that was made.
    pub last_invited_at: DateTime<Utc>,
}

type Newest = (Id, String, At);

fn candidate((candidate, details, created_at): Newest) -> Result<Candidate> {
    Ok(Candidate {
        id: candidate.to(),
        details: from_json(&details, "invites", "candidate")?,
        last_invited_at: created_at.moment(),
    })
}

/// One page of the people whom an organization has asked, newest first; those who were erased are among them. One step
/// in an index for each, however many invites a person has.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<Candidate>> {
    let (mut people, mut start) = (Vec::new(), page.start());
    for _ in 0..page.limit {
        let next: Option<Newest> = invites::table
            .filter(invites::organization_id.eq(id(organization)))
            .filter(invites::candidate_id.lt(start))
            .order((invites::candidate_id.desc(), invites::id.desc()))
            .select((
                invites::candidate_id,
                invites::candidate,
                invites::created_at,
            ))
            .first(conn)
            .optional()?;
        let Some(next) = next else { break };
        start = next.0;
        people.push(candidate(next)?);
    }
    Ok(people)
}

/// One of them.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    wanted: CandidateId,
) -> Result<Option<Candidate>> {
    let newest: Option<Newest> = invites::table
        .filter(invites::organization_id.eq(id(organization)))
        .filter(invites::candidate_id.eq(id(wanted)))
        .order(invites::id.desc())
        .select((
            invites::candidate_id,
            invites::candidate,
            invites::created_at,
        ))
        .first(conn)
        .optional()?;
    newest.map(candidate).transpose()
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
                .get_result(c)
        })?,
    };
    Ok(known
        .into_iter()
        .map(|found| (found.organization_id.to(), found.email_key, found.id.to()))
        .collect())
}
