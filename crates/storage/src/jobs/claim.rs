//! How a worker comes by work.
//!
//! Usually the oldest that is due is taken. Where more is due than there are hands, or one organization has more due than it
//! may have in work, the organizations get their turns instead: the claim goes from one to the next by an index, however much
//! work one of them has queued. What was tried before has hands of its own, so that a far side that is down for long, and all
//! that waits for it, leaves hands free for what is new.

use std::collections::HashMap;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use domain::OrganizationId;
use uuid::Uuid;

use super::progress::Progress;
use super::turns::{Class, Round};
use super::{ClaimedJob, IsAgain, IsFresh, IsSuspect};
use crate::connection::native;
use crate::literal::literal;
use crate::schema::jobs as t;
use crate::value::{At, Id, at};
use crate::workers::WorkerId;
use crate::{AnyConnection, Result};

/// When a release that knows nothing of beats, and is put back in place of this one, may take a claim.
const NET: TimeDelta = TimeDelta::minutes(10);

literal!(
    /// One look by the key for each row that comes into question. NOT EXISTS becomes a join that may read and sort the whole
    /// queue before it finds the first; NOT IN reads all claims, with those of long ago while an old snapshot keeps them.
    HasNoClaimedTwin,
    "(SELECT 1 FROM jobs AS twin WHERE twin.state = 'claimed' AND twin.organization_id = jobs.organization_id \
     AND twin.kind = jobs.kind AND twin.dedupe_key = jobs.dedupe_key LIMIT 1) IS NULL"
);

/// What a worker can take on.
#[derive(Debug, Clone)]
pub struct Room {
    /// Who.
    pub worker: WorkerId,
    /// So many jobs in all.
    pub hands: usize,
    /// So many of them may have been tried before.
    pub retries: usize,
    /// At most so many of one organization, with those that it works on already.
    pub per_organization: usize,
    /// How many of each organization it works on already.
    pub busy: HashMap<OrganizationId, usize>,
    /// How far the claim before came, as it said.
    pub progress: Progress,
}

/// What a claim brought.
#[derive(Debug)]
pub struct Claimed {
    /// The jobs, in the order of turns.
    pub jobs: Vec<ClaimedJob>,
    /// For the next claim.
    pub progress: Progress,
}

impl Room {
    /// Room for `hands` jobs of whatever kind, whoever they are for.
    pub fn of(worker: WorkerId, hands: usize) -> Self {
        Self {
            worker,
            hands,
            retries: hands,
            per_organization: usize::MAX,
            busy: HashMap::new(),
            progress: Progress::default(),
        }
    }

    fn allows(&self, organization: OrganizationId) -> usize {
        let busy = self.busy.get(&organization).copied().unwrap_or(0);
        self.per_organization.saturating_sub(busy)
    }

    fn fill(&mut self, organization: OrganizationId, many: usize) {
        *self.busy.entry(organization).or_default() += many;
        self.hands = self.hands.saturating_sub(many);
    }
}

/// Claims what is due, as much as there is room for, in the order of turns. Suspects are passed over: see [`claim_suspect`].
///
/// # Errors
/// Those of the database.
pub fn claim(
    conn: &mut AnyConnection,
    room: &Room,
    now: DateTime<Utc>,
    claim_token: Uuid,
) -> Result<Claimed> {
    let mut left = room.clone();
    let mut ids = Vec::new();
    let mut whole = left.progress.is_whole_due(Instant::now());
    if !whole {
        ids = choose_all(conn, &mut left, now)?;
        whole = ids.is_empty() && left.progress.may_look_at_whole(Instant::now());
    }
    if whole {
        ids = look_at_whole(conn, &mut left, now)?;
    }
    Ok(Claimed {
        jobs: take(conn, &ids, room.worker, now, claim_token)?,
        progress: left.progress,
    })
}

fn look_at_whole(conn: &mut AnyConnection, left: &mut Room, now: DateTime<Utc>) -> Result<Vec<Id>> {
    let begun = Instant::now();
    left.progress.start_over();
    let ids = choose_all(conn, left, now)?;
    left.progress.looked_at_whole(begun, Instant::now());
    Ok(ids)
}

/// As many as `left` has room for: those that were tried before first, up to their share.
fn choose_all(conn: &mut AnyConnection, left: &mut Room, now: DateTime<Utc>) -> Result<Vec<Id>> {
    let again = left.hands.min(left.retries);
    let mut ids = choose(conn, Class::Again, again, left, now)?;
    let fresh = left.hands;
    ids.extend(choose(conn, Class::Fresh, fresh, left, now)?);
    Ok(ids)
}

/// Claims one job that was in hand when two workers in a row went away. Whoever runs it runs nothing beside it, so that
/// workers that go away from then on go by its doing, unless chance hits them again and again.
///
/// # Errors
/// Those of the database.
pub fn claim_suspect(
    conn: &mut AnyConnection,
    worker: WorkerId,
    now: DateTime<Utc>,
    claim_token: Uuid,
) -> Result<Option<ClaimedJob>> {
    let query = t::table
        .filter(IsSuspect)
        .filter(t::run_at.le(at(now)))
        .filter(HasNoClaimedTwin)
        .order((t::run_at, t::id))
        .limit(1)
        .select(t::id);
    let ids: Vec<Id> = match conn {
        AnyConnection::Postgres(c) => query.for_update().skip_locked().load(c)?,
        AnyConnection::Sqlite(c) => query.load(c)?,
    };
    Ok(take(conn, &ids, worker, now, claim_token)?.pop())
}

/// Is there one for [`claim_suspect`]?
///
/// # Errors
/// Those of the database.
pub fn suspect_is_due(conn: &mut AnyConnection, now: DateTime<Utc>) -> Result<bool> {
    let first: Option<Id> = t::table
        .filter(IsSuspect)
        .filter(t::run_at.le(at(now)))
        .filter(HasNoClaimedTwin)
        .order((t::run_at, t::id))
        .select(t::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Up to `most` of one class, within what `left` allows. Their rows are locked.
fn choose(
    conn: &mut AnyConnection,
    class: Class,
    most: usize,
    left: &mut Room,
    now: DateTime<Utc>,
) -> Result<Vec<Id>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let from = left.progress.of(class).from;
    let oldest = oldest(conn, class, from, now, most + 1)?;
    let first = oldest.first().map(|(_, _, run_at)| *run_at);
    left.progress.of(class).found(first, now);
    if oldest.len() > most {
        return by_turns(conn, class, most, left, now);
    }
    let mut chosen = Vec::new();
    for (job, organization, _) in oldest {
        let organization = organization.to();
        if left.allows(organization) > 0 {
            left.fill(organization, 1);
            chosen.push(job);
        }
    }
    Ok(chosen)
}

/// Rows that another worker is claiming or finishing at this moment are passed over. On SQLite the write transaction is
/// exclusive: nobody else can claim the same.
macro_rules! lock {
    ($conn:expr, $query:expr) => {{
        let query = $query;
        match $conn {
            AnyConnection::Postgres(c) => query.for_update().skip_locked().load(c)?,
            AnyConnection::Sqlite(c) => query.load(c)?,
        }
    }};
}

/// The predicates on `state` are literals: a bound one hides the partial index.
fn oldest(
    conn: &mut AnyConnection,
    class: Class,
    from: At,
    now: DateTime<Utc>,
    most: usize,
) -> Result<Vec<(Id, Id, At)>> {
    macro_rules! due {
        ($class:ident) => {
            t::table
                .filter($class)
                .filter(t::run_at.ge(from))
                .filter(t::run_at.le(at(now)))
                .filter(HasNoClaimedTwin)
                .order((t::run_at, t::id))
                .limit(limit(most))
                .select((t::id, t::organization_id, t::run_at))
        };
    }
    Ok(match class {
        Class::Fresh => lock!(conn, due!(IsFresh)),
        Class::Again => lock!(conn, due!(IsAgain)),
    })
}

/// One share for each organization whose turn it is, until all hands are full or each had its turn.
fn by_turns(
    conn: &mut AnyConnection,
    class: Class,
    most: usize,
    left: &mut Room,
    now: DateTime<Utc>,
) -> Result<Vec<Id>> {
    let mut chosen = Vec::new();
    let stand = *left.progress.of(class);
    let mut round = Round::after(stand.turn, stand.from);
    while chosen.len() < most
        && let Some(turns) = round.next(conn, class)?
    {
        let each = (most / turns.len()).max(1);
        for organization in turns {
            if chosen.len() == most {
                break;
            }
            left.progress.of(class).turn = Some(organization);
            let share = each
                .min(most - chosen.len())
                .min(left.allows(organization.to()));
            if share == 0 {
                continue;
            }
            let found = oldest_of(conn, class, organization, stand.from, now, share)?;
            left.fill(organization.to(), found.len());
            chosen.extend(found);
        }
    }
    Ok(chosen)
}

fn oldest_of(
    conn: &mut AnyConnection,
    class: Class,
    organization: Id,
    from: At,
    now: DateTime<Utc>,
    most: usize,
) -> Result<Vec<Id>> {
    macro_rules! due {
        ($class:ident) => {
            t::table
                .filter($class)
                .filter(t::organization_id.eq(organization))
                .filter(t::run_at.ge(from))
                .filter(t::run_at.le(at(now)))
                .filter(HasNoClaimedTwin)
                .order((t::run_at, t::id))
                .limit(limit(most))
                .select(t::id)
        };
    }
    Ok(match class {
        Class::Fresh => lock!(conn, due!(IsFresh)),
        Class::Again => lock!(conn, due!(IsAgain)),
    })
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct Row {
    id: Id,
    organization_id: Id,
    kind: String,
    dedupe_key: String,
    ordering_key: Option<String>,
    strict: bool,
    payload: String,
    attempt: i32,
    first_tried_at: Option<At>,
    crashes: i32,
    traceparent: Option<String>,
}

fn take(
    conn: &mut AnyConnection,
    ids: &[Id],
    worker: WorkerId,
    now: DateTime<Utc>,
    claim_token: Uuid,
) -> Result<Vec<ClaimedJob>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let first_tried_at = sql::<Nullable<BigInt>>("coalesce(first_tried_at, ")
        .bind::<BigInt, _>(at(now))
        .sql(")");
    let changes = (
        t::state.eq("claimed"),
        t::attempt.eq(t::attempt + 1),
        t::first_tried_at.eq(first_tried_at),
        t::claim_token.eq(Id(claim_token)),
        t::claimed_until.eq(at(now + NET)),
        t::worker_id.eq(Id(worker.0)),
    );
    let taken = diesel::update(t::table.filter(t::id.eq_any(ids))).set(changes);
    let mut rows: Vec<Row> =
        native!(conn, c => taken.returning(Row::as_returning()).get_results(c))?;
    let turn = |row: &Row| ids.iter().position(|id| *id == row.id);
    rows.sort_by_key(turn);
    Ok(rows
        .into_iter()
        .map(|row| claimed(row, now, claim_token))
        .collect())
}

fn claimed(row: Row, now: DateTime<Utc>, claim_token: Uuid) -> ClaimedJob {
    ClaimedJob {
        id: row.id.to(),
        organization: row.organization_id.to(),
        kind: row.kind,
        dedupe_key: row.dedupe_key,
        ordering_key: row.ordering_key,
        strict: row.strict,
        payload: row.payload,
        attempt: row.attempt,
        first_tried_at: row.first_tried_at.map_or(now, At::moment),
        claimed_at: now,
        crashes: row.crashes,
        claim_token,
        traceparent: row.traceparent,
    }
}
