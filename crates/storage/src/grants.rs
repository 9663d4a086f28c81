//! What ATSs gave us to call them with: tokens, encrypted, and who refreshes them. Of each connection one is in use, and one
//! may be held until somebody confirms it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ConnectionId, ConnectionKind, GrantId, Hold, OrganizationId};
use uuid::Uuid;

use crate::literal::literal;
use crate::schema::grants as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Result};

literal!(IsInUse, "held IS NULL");
literal!(IsHeld, "held IS NOT NULL");
literal!(IsAlive, "held IS NULL AND lost_at IS NULL");

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    connection_id: Id,
    kind: String,
    held: Option<String>,
    lost_at: Option<At>,
    account_id: Option<String>,
    account_name: Option<String>,
    granted_at: At,
    granted_at_there: Option<At>,
    access_token: String,
    refresh_token: String,
    version: i64,
    access_ends_at: At,
    refresh_at: At,
    refreshed_at: At,
    lease: Option<Id>,
    leased_until: Option<At>,
    failing_since: Option<At>,
    failures: i32,
    retry_at: Option<At>,
    after_refusal: bool,
    told_ending: bool,
}

/// One grant.
#[derive(Debug, Clone)]
pub struct GrantRecord {
    /// Its id.
    pub id: GrantId,
    /// Whose.
    pub organization: OrganizationId,
    /// Of which connection.
    pub connection: ConnectionId,
    /// Of which kind that is.
    pub kind: ConnectionKind,
    /// Why it is held; none where it is in use.
    pub held: Option<Hold>,
    /// When the ATS refused it for good.
    pub lost_at: Option<DateTime<Utc>>,
    /// For which account there, where that was told.
    pub account_id: Option<String>,
    /// What people call that account.
    pub account_name: Option<String>,
    /// When a person gave it.
    pub granted_at: DateTime<Utc>,
    /// The same by the clock of the ATS, in whole seconds.
    pub granted_at_there: Option<DateTime<Utc>>,
    /// What it holds now.
    pub tokens: Tokens,
    /// Raised with each refresh.
    pub version: i64,
    /// Who refreshes it now.
    pub lease: Option<Lease>,
    /// Why it was not refreshed although it was time.
    pub failing: Option<Failing>,
    /// Was it told that it ends soon?
    pub told_ending: bool,
}

/// Tokens, encrypted, and how long they are good for.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// What calls are made with.
    pub access_token: String,
    /// What the next one is fetched with.
    pub refresh_token: String,
    /// When the first of them is over.
    pub access_ends_at: DateTime<Utc>,
    /// From when on the next one is fetched.
    pub refresh_at: DateTime<Utc>,
    /// When they were fetched.
    pub refreshed_at: DateTime<Utc>,
    /// Were they fetched because the ones before were refused?
    pub after_refusal: bool,
}

/// That somebody is fetching the next tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Names who.
    pub holder: Uuid,
    /// Nobody else does before.
    pub until: DateTime<Utc>,
}

/// That the next tokens could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many times in a row.
    pub times: i32,
    /// Not before then again.
    pub retry_at: DateTime<Utc>,
}

impl TryFrom<Row> for GrantRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let held = row
            .held
            .map(|text| named(Hold::parse(&text), "grants", "held"))
            .transpose()?;
        let lease = row.lease.zip(row.leased_until);
        let failing = row.failing_since.zip(row.retry_at);
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            connection: row.connection_id.to(),
            kind: named(ConnectionKind::parse(&row.kind), "grants", "kind")?,
            held,
            lost_at: row.lost_at.map(At::moment),
            account_id: row.account_id,
            account_name: row.account_name,
            granted_at: row.granted_at.moment(),
            granted_at_there: row.granted_at_there.map(At::moment),
            tokens: Tokens {
                access_token: row.access_token,
                refresh_token: row.refresh_token,
                access_ends_at: row.access_ends_at.moment(),
                refresh_at: row.refresh_at.moment(),
                refreshed_at: row.refreshed_at.moment(),
                after_refusal: row.after_refusal,
            },
            version: row.version,
            lease: lease.map(|(holder, until)| Lease {
                holder: holder.0,
                until: until.moment(),
            }),
            failing: failing.map(|(since, retry_at)| Failing {
                since: since.moment(),
                times: row.failures,
                retry_at: retry_at.moment(),
            }),
            told_ending: row.told_ending,
        })
    }
}

/// Stores a new grant.
///
/// # Errors
/// [`crate::Error::Taken`] where the connection has one in use, or held, already.
pub fn insert(conn: &mut AnyConnection, grant: &GrantRecord) -> Result<()> {
    let tokens = &grant.tokens;
    let row = Row {
        organization_id: id(grant.organization),
        id: id(grant.id),
        connection_id: id(grant.connection),
        kind: grant.kind.as_str().to_owned(),
        held: grant.held.map(|held| held.as_str().to_owned()),
        lost_at: grant.lost_at.map(at),
        account_id: grant.account_id.clone(),
        account_name: grant.account_name.clone(),
        granted_at: at(grant.granted_at),
        granted_at_there: grant.granted_at_there.map(at),
        access_token: tokens.access_token.clone(),
        refresh_token: tokens.refresh_token.clone(),
        version: grant.version,
        access_ends_at: at(tokens.access_ends_at),
        refresh_at: at(tokens.refresh_at),
        refreshed_at: at(tokens.refreshed_at),
        lease: None,
        leased_until: None,
        failing_since: None,
        failures: 0,
        retry_at: None,
        after_refusal: tokens.after_refusal,
        told_ending: grant.told_ending,
    };
    diesel::insert_into(t::table).values(row).execute(conn)?;
    Ok(())
}

/// The grant that a connection is used with.
///
/// # Errors
/// Those of the database.
pub fn in_use(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<Option<GrantRecord>> {
    let row: Option<Row> = t::table
        .filter(IsInUse)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// The grant of a connection that waits for somebody to confirm it.
///
/// # Errors
/// Those of the database.
pub fn held(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<Option<GrantRecord>> {
    let row: Option<Row> = t::table
        .filter(IsHeld)
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::connection_id.eq(id(connection)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// Takes the right to fetch the next tokens of a grant that stands at `version`; answers false where somebody else has it at
/// `now`, or has meanwhile fetched them, put it off, or found the grant lost.
///
/// # Errors
/// Those of the database.
pub fn lease(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    version: i64,
    lease: Lease,
    now: DateTime<Utc>,
) -> Result<bool> {
    let free = t::leased_until.is_null().or(t::leased_until.le(at(now)));
    let due = t::retry_at.is_null().or(t::retry_at.le(at(now)));
    let changed = diesel::update(
        t::table
            .find((id(organization), id(grant)))
            .filter(t::version.eq(version))
            .filter(t::lost_at.is_null())
            .filter(due)
            .filter(free),
    )
    .set((
        t::lease.eq(Id(lease.holder)),
        t::leased_until.eq(at(lease.until)),
    ))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Keeps the tokens that follow those of `version`, and ends the lease; `told_ending` is kept of whether it was told that the
/// grant ends soon. Answers false where others have followed them already.
///
/// # Errors
/// Those of the database.
pub fn renew(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    version: i64,
    tokens: &Tokens,
    told_ending: bool,
) -> Result<bool> {
    let changed = diesel::update(
        t::table
            .find((id(organization), id(grant)))
            .filter(t::version.eq(version)),
    )
    .set((
        t::version.eq(version + 1),
        t::access_token.eq(&tokens.access_token),
        t::refresh_token.eq(&tokens.refresh_token),
        t::access_ends_at.eq(at(tokens.access_ends_at)),
        t::refresh_at.eq(at(tokens.refresh_at)),
        t::refreshed_at.eq(at(tokens.refreshed_at)),
        t::after_refusal.eq(tokens.after_refusal),
        t::lease.eq(None::<Id>),
        t::leased_until.eq(None::<At>),
        t::failing_since.eq(None::<At>),
        t::failures.eq(0),
        t::retry_at.eq(None::<At>),
        t::told_ending.eq(told_ending),
    ))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Notes that the tokens after those of `version` could not be fetched, and ends the lease.
///
/// # Errors
/// Those of the database.
pub fn put_off(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    version: i64,
    failing: Failing,
) -> Result<()> {
    diesel::update(
        t::table
            .find((id(organization), id(grant)))
            .filter(t::version.eq(version)),
    )
    .set((
        t::lease.eq(None::<Id>),
        t::leased_until.eq(None::<At>),
        t::failing_since.eq(at(failing.since)),
        t::failures.eq(failing.times),
        t::retry_at.eq(at(failing.retry_at)),
    ))
    .execute(conn)?;
    Ok(())
}

/// Takes a held grant into use; the connection has none in use at that moment.
///
/// # Errors
/// [`crate::Error::Taken`] where it has one after all.
pub fn take_into_use(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(grant))))
        .set(t::held.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// Holds a held grant for another reason.
///
/// # Errors
/// Those of the database.
pub fn hold_for(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    why: Hold,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(grant))))
        .set(t::held.eq(why.as_str()))
        .execute(conn)?;
    Ok(())
}

/// Forgets a grant with its tokens.
///
/// # Errors
/// Those of the database.
pub fn forget(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
) -> Result<()> {
    diesel::delete(t::table.find((id(organization), id(grant)))).execute(conn)?;
    Ok(())
}

/// Notes that the ATS refused a grant for good while it stood at `version`, and ends the lease. Answers false where others have
/// followed its tokens meanwhile, or noted it before.
///
/// # Errors
/// Those of the database.
pub fn note_lost(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
    version: i64,
    now: DateTime<Utc>,
) -> Result<bool> {
    let alive = t::table
        .find((id(organization), id(grant)))
        .filter(t::version.eq(version))
        .filter(t::lost_at.is_null());
    let changed = diesel::update(alive)
        .set((
            t::lost_at.eq(at(now)),
            t::lease.eq(None::<Id>),
            t::leased_until.eq(None::<At>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Up to `most` grants in use that were last refreshed before `before` and may be refreshed at `now`, the longest idle first.
/// For the worker.
///
/// # Errors
/// Those of the database.
pub fn idle(
    conn: &mut AnyConnection,
    kind: ConnectionKind,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<GrantRecord>> {
    let may = t::retry_at.is_null().or(t::retry_at.le(at(now)));
    let rows: Vec<Row> = t::table
        .filter(IsAlive)
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::refreshed_at.le(at(before)))
        .filter(may)
        .order(t::refreshed_at)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Which grants somebody has to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// Those that were last refreshed before.
    pub idle_since: DateTime<Utc>,
    /// Those that were given before.
    pub given_before: Option<DateTime<Utc>>,
    /// Those that could not be refreshed since then, or longer.
    pub failing_since: Option<DateTime<Utc>>,
}

/// Up to `most` grants in use that are overdue, and of which nobody was told yet. For the worker.
///
/// # Errors
/// Those of the database.
pub fn ending(
    conn: &mut AnyConnection,
    kind: ConnectionKind,
    overdue: Overdue,
    most: i64,
) -> Result<Vec<GrantRecord>> {
    let long_ago = |moment: Option<DateTime<Utc>>| at(moment.unwrap_or(DateTime::UNIX_EPOCH));
    let fails = t::failing_since.le(long_ago(overdue.failing_since));
    let ends = t::refreshed_at
        .lt(at(overdue.idle_since))
        .or(t::granted_at.lt(long_ago(overdue.given_before)))
        .or(fails.assume_not_null());
    let rows: Vec<Row> = t::table
        .filter(IsAlive)
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::told_ending.eq(false))
        .filter(ends)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Notes that it was told that a grant ends soon; answers whether this was the first time.
///
/// # Errors
/// Those of the database.
pub fn note_told(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    grant: GrantId,
) -> Result<bool> {
    let untold = t::table
        .find((id(organization), id(grant)))
        .filter(t::told_ending.eq(false));
    let changed = diesel::update(untold)
        .set(t::told_ending.eq(true))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Of the grants of one kind that are in use: when the longest idle one was last refreshed, when the oldest one was given, and
/// since when the one that fails longest does. For metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oldest {
    /// When the longest idle one was last refreshed.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When the oldest one was given.
    pub granted_at: Option<DateTime<Utc>>,
    /// Since when the one that fails longest does.
    pub failing_since: Option<DateTime<Utc>>,
}

/// See [`Oldest`].
///
/// # Errors
/// Those of the database.
pub fn oldest(conn: &mut AnyConnection, kind: ConnectionKind) -> Result<Oldest> {
    macro_rules! first {
        ($column:ident) => {{
            let first: Option<Option<At>> = t::table
                .filter(IsAlive)
                .filter(t::kind.eq(kind.as_str()))
                .filter(t::$column.is_not_null())
                .order(t::$column)
                .select(t::$column.nullable())
                .first(conn)
                .optional()?;
            first.flatten().map(At::moment)
        }};
    }
    Ok(Oldest {
        refreshed_at: first!(refreshed_at),
        granted_at: first!(granted_at),
        failing_since: first!(failing_since),
    })
}
