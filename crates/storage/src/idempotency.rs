//! Answers to calls that may be repeated: kept in the same transaction as the effect.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::OrganizationId;

use crate::schema::idempotency_keys as t;
use crate::value::{At, Id, at, id};
use crate::{AnyConnection, Result};

/// A call's answer, as it was given.
#[derive(Debug, Clone)]
pub struct KeptAnswer {
    /// SHA-256 of the body the key first came with.
    pub body_hash: Vec<u8>,
    /// Its status code.
    pub status: i32,
    /// Its body, encrypted; none where it showed a secret that may no longer be repeated.
    pub answer: Option<String>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

/// The answer kept for a key on a route, if it is younger than 24 h.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
    route: &str,
    now: DateTime<Utc>,
) -> Result<Option<KeptAnswer>> {
    let row: Option<(Vec<u8>, i32, Option<String>, At)> = t::table
        .find((id(organization), key, route))
        .filter(t::created_at.gt(at(now - TimeDelta::hours(24))))
        .select((t::body_hash, t::status, t::answer, t::created_at))
        .first(conn)
        .optional()?;
    Ok(
        row.map(|(body_hash, status, answer, created_at)| KeptAnswer {
            body_hash,
            status,
            answer,
            created_at: created_at.moment(),
        }),
    )
}

/// Keeps an answer; one older than 24 h under the same key makes room.
///
/// # Errors
/// [`crate::Error::Taken`] where the same key was answered at the same moment.
pub fn keep(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
    route: &str,
    answer: &KeptAnswer,
) -> Result<()> {
    let old = at(answer.created_at - TimeDelta::hours(24));
    diesel::delete(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::key.eq(key))
            .filter(t::route.eq(route))
            .filter(t::created_at.le(old)),
    )
    .execute(conn)?;
    diesel::insert_into(t::table)
        .values((
            t::organization_id.eq(id(organization)),
            t::key.eq(key),
            t::route.eq(route),
            t::body_hash.eq(&answer.body_hash),
            t::status.eq(answer.status),
            t::answer.eq(&answer.answer),
            t::created_at.eq(at(answer.created_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets answers older than 24 h.
///
/// # Errors
/// Those of the database.
pub fn forget_old(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<usize> {
    let old = at(now - TimeDelta::hours(24));
    Ok(diesel::delete(t::table.filter(t::created_at.le(old))).execute(conn)?)
}

/// A kept answer and where it is kept.
#[derive(Debug, Clone)]
pub struct FoundAnswer {
    /// Whose.
    pub organization: OrganizationId,
    /// Under which key.
    pub key: String,
    /// On which route.
    pub route: String,
    /// The body, encrypted.
    pub answer: String,
}

/// Answers given before a moment on the routes that end in `route_end`, but those with status `done`; oldest first, of any
/// organization.
///
/// # Errors
/// Those of the database.
pub fn answers_before(
    conn: &mut AnyConnection,
    route_end: &str,
    done: i32,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<FoundAnswer>> {
    let rows: Vec<(Id, String, String, Option<String>)> = t::table
        .filter(t::created_at.le(at(before)))
        .filter(t::route.like(format!("%{route_end}")))
        .filter(t::status.ne(done))
        .order(t::created_at)
        .limit(most)
        .select((t::organization_id, t::key, t::route, t::answer))
        .load(conn)?;
    let found = rows
        .into_iter()
        .map(|(organization, key, route, answer)| FoundAnswer {
            organization: organization.to(),
            key,
            route,
            answer: answer.unwrap_or_default(),
        });
    Ok(found.collect())
}

/// Replaces a kept answer.
///
/// # Errors
/// Those of the database.
pub fn replace_answer(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
    route: &str,
    status: i32,
    answer: &str,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), key, route)))
        .set((t::status.eq(status), t::answer.eq(answer)))
        .execute(conn)?;
    Ok(())
}
