//! What came in from an ATS, what was decided, and why nothing was sent.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ActivityId, ConnectionKind, InviteId, OrganizationId};

use crate::arrays::insert_by_arrays;
use crate::schema::activities as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Page, Result};

/// So many are forgotten in one unit of work.
const SLICE: i64 = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    id: Id,
    kind: String,
    source: String,
    event: Option<String>,
    subject: Option<String>,
    decision: String,
    reason: Option<String>,
    detail: Option<String>,
    invite_id: Option<Id>,
    at: At,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        id,
        kind,
        source,
        event,
        subject,
        decision,
        reason,
        detail,
        invite_id,
        at,
    },
    "INSERT INTO activities",
    ""
);

/// How something came to our notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The ATS told us.
    Webhook,
    /// We looked for what it did not tell.
    Sweep,
    /// The connection itself was changed.
    Connection,
}

impl Source {
    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Sweep => "sweep",
            Self::Connection => "connection",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Webhook, Self::Sweep, Self::Connection]
            .into_iter()
            .find(|source| source.as_str() == text)
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A test of the webhook: nothing to do.
    Test,
    /// It will be looked at in the ATS.
    Received,
    /// A candidate is invited.
    Invited,
    /// A candidate gets the same link again.
    Resent,
    /// Nothing is sent.
    Nothing,
    /// It could not be decided.
    Failed,
    /// An account was left: what was ours there is removed.
    Left,
    /// An account was left, and what was ours there stays.
    NotLeft,
    /// A person who is gone there was erased here.
    Erased,
    /// What came from something that is gone there names something else now, or nothing.
    Relinked,
}

impl Decision {
    const ALL: [Self; 10] = [
        Self::Test,
        Self::Received,
        Self::Invited,
        Self::Resent,
        Self::Nothing,
        Self::Failed,
        Self::Left,
        Self::NotLeft,
        Self::Erased,
        Self::Relinked,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Received => "received",
            Self::Invited => "invited",
            Self::Resent => "resent",
            Self::Nothing => "nothing",
            Self::Failed => "failed",
            Self::Left => "left",
            Self::NotLeft => "not_left",
            Self::Erased => "erased",
            Self::Relinked => "relinked",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// One thing that came in or was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRecord {
    /// Its id; later ones have later ids.
    pub id: ActivityId,
    /// Whose.
    pub organization: OrganizationId,
    /// Over which connection.
    pub kind: ConnectionKind,
    /// How it came to our notice.
    pub source: Source,
    /// The event, in the words of the ATS.
    pub event: Option<String>,
    /// What in the ATS it is about: Lever's opportunity.
    pub subject: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// A stable name for the reason.
    pub reason: Option<String>,
    /// The reason, for people; without personal data.
    pub detail: Option<String>,
    /// The invite that came of it.
    pub invite: Option<InviteId>,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<&ActivityRecord> for Row {
    fn from(record: &ActivityRecord) -> Self {
        Self {
            organization_id: id(record.organization),
            id: id(record.id),
            kind: record.kind.as_str().to_owned(),
            source: record.source.as_str().to_owned(),
            event: record.event.clone(),
            subject: record.subject.clone(),
            decision: record.decision.as_str().to_owned(),
            reason: record.reason.clone(),
            detail: record.detail.clone(),
            invite_id: record.invite.map(id),
            at: at(record.at),
        }
    }
}

impl TryFrom<Row> for ActivityRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        const T: &str = "activities";
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            kind: named(ConnectionKind::parse(&row.kind), T, "kind")?,
            source: named(Source::parse(&row.source), T, "source")?,
            event: row.event,
            subject: row.subject,
            decision: named(Decision::parse(&row.decision), T, "decision")?,
            reason: row.reason,
            detail: row.detail,
            invite: row.invite_id.map(Id::to),
            at: row.at.moment(),
        })
    }
}

/// Adds what came in or was decided.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, records: &[ActivityRecord]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = records.iter().map(Into::into).collect();
    match conn {
        AnyConnection::Postgres(c) => {
            InsertRows::of(&rows).execute(c)?;
        }
        AnyConnection::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(t::table).values(row).execute(c)?;
            }
        }
    }
    Ok(())
}

/// Which entries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    All,
    /// Those that sent something.
    Sent,
    /// Those that sent nothing, and why.
    NotSent,
}

/// One page of what came in over an organization's connection, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    wanted: Wanted,
    page: Page,
) -> Result<Vec<ActivityRecord>> {
    let all = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select());
    let is = |decision: Decision| t::decision.eq(decision.as_str());
    let rows: Vec<Row> = match wanted {
        Wanted::All => all.load(conn)?,
        Wanted::Sent => all
            .filter(is(Decision::Invited).or(is(Decision::Resent)))
            .load(conn)?,
        Wanted::NotSent => all
            .filter(is(Decision::Nothing).or(is(Decision::Failed)))
            .load(conn)?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Up to `most` of what was last noted about one subject, newest first.
///
/// # Errors
/// Those of the database.
pub fn latest_about(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    subject: &str,
    most: i64,
) -> Result<Vec<ActivityRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::subject.eq(subject))
        .order(t::id.desc())
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Forgets a slice of what was noted before `before`, oldest first; answers whether there may be more.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut AnyConnection, before: DateTime<Utc>) -> Result<bool> {
    let end: Option<At> = t::table
        .filter(t::at.lt(at(before)))
        .order(t::at)
        .offset(SLICE)
        .select(t::at)
        .first(conn)
        .optional()?;
    let old = t::table
        .filter(t::at.lt(at(before)))
        .filter(t::at.le(end.unwrap_or(at(before))));
    diesel::delete(old).execute(conn)?;
    Ok(end.is_some())
}
