//! People who were erased: who, so that it can be done again after a restore, and what is taken from each of their invites.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{CandidateId, EventId, InviteId, OrganizationId, ResultBody};
use serde_json::Value;

use crate::connection::native;
use crate::literal::literal;
use crate::schema::{attempts, candidates, erasures as t, events, invites, jobs, mails, revisions};
use crate::value::{At, Id, at, from_json, id, to_json};
use crate::{AnyConnection, Result, referrals};

literal!(IsOpen, "finished_at IS NULL");
literal!(IsDead, "state = 'dead'");
literal!(IsPending, "state IN ('ready', 'waiting', 'parked')");

/// That a person is to be, or was, erased: ids only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// By whom the person was known.
    pub organization: OrganizationId,
    /// Under which id.
    pub candidate: CandidateId,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When nothing was left; none while something may be.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Sets a tombstone, or opens the one that is there: what it stands for is to be done (again).
///
/// # Errors
/// Those of the database.
pub fn open(conn: &mut AnyConnection, tombstone: &Tombstone) -> Result<()> {
    let row = (
        t::organization_id.eq(id(tombstone.organization)),
        t::candidate_id.eq(id(tombstone.candidate)),
        t::asked_at.eq(at(tombstone.asked_at)),
    );
    native!(conn, c => diesel::insert_into(t::table)
        .values(row)
        .on_conflict((t::organization_id, t::candidate_id))
        .do_update()
        .set(t::finished_at.eq(None::<At>))
        .execute(c))?;
    Ok(())
}

/// Notes that nothing is left, and forgets the address under which the person was known.
///
/// # Errors
/// Those of the database.
pub fn finish(conn: &mut AnyConnection, tombstone: &Tombstone, now: DateTime<Utc>) -> Result<()> {
    diesel::update(t::table.find((id(tombstone.organization), id(tombstone.candidate))))
        .set(t::finished_at.eq(at(now)))
        .execute(conn)?;
    Ok(())
}

/// Forgets the address under which a person was known: asked again, it is somebody new. Answers whether it was known.
///
/// # Errors
/// Those of the database.
pub fn forget_address(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<bool> {
    let known = candidates::table
        .filter(candidates::organization_id.eq(id(organization)))
        .filter(candidates::id.eq(id(candidate)));
    Ok(diesel::delete(known).execute(conn)? > 0)
}

type Row = (Id, Id, At, Option<At>);

fn tombstone((organization, candidate, asked_at, finished_at): Row) -> Tombstone {
    Tombstone {
        organization: organization.to(),
        candidate: candidate.to(),
        asked_at: asked_at.moment(),
        finished_at: finished_at.map(At::moment),
    }
}

/// Is, or was, this person to be erased?
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<Option<Tombstone>> {
    let row: Option<Row> = t::table
        .find((id(organization), id(candidate)))
        .first(conn)
        .optional()?;
    Ok(row.map(tombstone))
}

/// Up to `most` erasures that are not finished, oldest first, of any organization.
///
/// # Errors
/// Those of the database.
pub fn unfinished(conn: &mut AnyConnection, most: i64) -> Result<Vec<Tombstone>> {
    let rows: Vec<Row> = t::table
        .filter(IsOpen)
        .order(t::asked_at)
        .limit(most)
        .load(conn)?;
    Ok(rows.into_iter().map(tombstone).collect())
}

/// Every erasure there ever was, oldest first: to be kept apart from the backups.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut AnyConnection) -> Result<Vec<Tombstone>> {
    let rows: Vec<Row> = t::table.order(t::asked_at).load(conn)?;
    Ok(rows.into_iter().map(tombstone).collect())
}

/// Is this person known: by an address, an invite or a referral?
///
/// # Errors
/// Those of the database.
pub fn is_known(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<bool> {
    let addresses: i64 = candidates::table
        .filter(candidates::organization_id.eq(id(organization)))
        .filter(candidates::id.eq(id(candidate)))
        .count()
        .get_result(conn)?;
    Ok(addresses > 0
        || !invites_of(conn, organization, candidate, None, 1)?.is_empty()
        || !referrals::of_candidate(conn, organization, candidate)?.is_empty())
}

/// Up to `most` invites of a person, oldest first, after the invite `after`.
///
/// # Errors
/// Those of the database.
pub fn invites_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
    after: Option<InviteId>,
    most: i64,
) -> Result<Vec<InviteId>> {
    let after = after.unwrap_or(InviteId(uuid::Uuid::nil()));
    let rows: Vec<Id> = invites::table
        .filter(invites::organization_id.eq(id(organization)))
        .filter(invites::candidate_id.eq(id(candidate)))
        .filter(invites::id.gt(id(after)))
        .order(invites::id)
        .limit(most)
        .select(invites::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Id::to).collect())
}

/// Takes from an invite's answers, results, timeline and waiting work all that came from or tells of the person. `number`
/// makes of a result what may stay; `plain` the same of what a fact says.
///
/// # Errors
/// Those of the database.
pub fn strip(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    number: impl Fn(&ResultBody) -> ResultBody,
    plain: impl Fn(&Value) -> Value,
) -> Result<()> {
    let answered = attempts::table
        .filter(attempts::organization_id.eq(id(organization)))
        .filter(attempts::invite_id.eq(id(invite)));
    diesel::delete(answered).execute(conn)?;
    strip_results(conn, organization, invite, number)?;
    strip_traces(conn, organization, invite, plain)
}

/// The same for timeline, mails and waiting work.
pub(crate) fn strip_traces(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    plain: impl Fn(&Value) -> Value,
) -> Result<()> {
    strip_timeline(conn, organization, invite, plain)?;
    strip_mails(conn, organization, invite)?;
    strip_jobs(conn, organization, invite)
}

fn strip_results(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    number: impl Fn(&ResultBody) -> ResultBody,
) -> Result<()> {
    use revisions as r;
    let rows: Vec<(i32, String)> = r::table
        .filter(r::organization_id.eq(id(organization)))
        .filter(r::invite_id.eq(id(invite)))
        .select((r::revision, r::body))
        .load(conn)?;
    for (revision, body) in rows {
        let body = to_json(&number(&from_json(&body, "revisions", "body")?))?;
        diesel::update(r::table.find((id(organization), id(invite), revision)))
            .set(r::body.eq(body))
            .execute(conn)?;
    }
    Ok(())
}

fn strip_timeline(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    plain: impl Fn(&Value) -> Value,
) -> Result<()> {
    use events as e;
    let rows: Vec<(Id, String)> = e::table
        .filter(e::organization_id.eq(id(organization)))
        .filter(e::invite_id.eq(id(invite)))
        .select((e::id, e::detail))
        .load(conn)?;
    for (event, detail) in rows {
        let before: Value = from_json(&detail, "events", "detail")?;
        let after = plain(&before);
        if after != before {
            let event: EventId = event.to();
            diesel::update(e::table.find((id(organization), id(event))))
                .set(e::detail.eq(after.to_string()))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// What a relay or a mail server said may name an address.
fn strip_mails(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    let mails = mails::table
        .filter(mails::organization_id.eq(id(organization)))
        .filter(mails::invite_id.eq(id(invite)));
    diesel::update(mails)
        .set(mails::detail.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// Work names the invite by its id alone and goes on; what a far side said of the person on the way is forgotten.
fn strip_jobs(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    use jobs as j;
    // A mail's key begins with its invite.
    let (from, to) = (format!("{invite}."), format!("{invite}/"));
    let mails = j::table
        .filter(j::organization_id.eq(id(organization)))
        .filter(j::kind.eq("mail_invite"))
        .filter(j::dedupe_key.ge(from))
        .filter(j::dedupe_key.lt(to))
        .filter(IsPending);
    diesel::update(mails)
        .set(j::last_error.eq(None::<String>))
        .execute(conn)?;
    let given_up = j::table
        .filter(j::organization_id.eq(id(organization)))
        .filter(j::payload.like(format!("%{invite}%")))
        .filter(IsDead);
    diesel::update(given_up)
        .set(j::last_error.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}
