//! Mails: what became of each one, from the first try on.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{InviteId, OrganizationId};

use crate::connection::native;
use crate::literal::literal;
use crate::schema::mails as t;
use crate::value::{At, Id, at, id, named};
use crate::{AnyConnection, Error, Result};

literal!(IsHeld, "state = 'held'");

/// How far one mail has come. Later states outweigh earlier ones: what a report says is never undone by a weaker one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailState {
    /// Over the day's limit: waits, without a job.
    Held,
    /// A try failed, or it was let go on another day: its job tries it.
    Queued,
    /// Committed before the relay is spoken to. Found again, it says that a worker ended in mid-send.
    Sending,
    /// The connection broke while the message was on its way: the relay may have it.
    Unknown,
    /// The relay took it.
    Sent,
    /// Given up.
    Failed,
    /// A report says that it is still under way.
    Delayed,
    /// A report says that it arrived.
    Delivered,
    /// The recipient called it spam.
    Complained,
    /// It came back, or the relay refused its recipient for good.
    Bounced,
}

impl MailState {
    const ALL: [Self; 10] = [
        Self::Held,
        Self::Queued,
        Self::Sending,
        Self::Unknown,
        Self::Sent,
        Self::Failed,
        Self::Delayed,
        Self::Delivered,
        Self::Complained,
        Self::Bounced,
    ];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Complained => "complained",
            Self::Bounced => "bounced",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Is there nothing more to send? What failed may be tried once more, where somebody asks for it.
    pub fn is_over(self) -> bool {
        self >= Self::Sent && self != Self::Failed
    }
}

/// One mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRecord {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which invite.
    pub invite: InviteId,
    /// Of which attempt.
    pub attempt: i32,
    /// Why it is sent; with invite and attempt the first part of its Message-ID.
    pub occasion: String,
    /// How far it has come.
    pub state: MailState,
    /// How often its sending was begun.
    pub tries: i32,
    /// When it came there.
    pub at: DateTime<Utc>,
    /// Why, in words without personal data.
    pub detail: Option<String>,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = t)]
#[diesel(treat_none_as_null = true)]
struct Row {
    organization_id: Id,
    invite_id: Id,
    attempt: i32,
    occasion: String,
    state: String,
    tries: i32,
    at: At,
    detail: Option<String>,
}

impl From<&MailRecord> for Row {
    fn from(record: &MailRecord) -> Self {
        Self {
            organization_id: id(record.organization),
            invite_id: id(record.invite),
            attempt: record.attempt,
            occasion: record.occasion.clone(),
            state: record.state.as_str().to_owned(),
            tries: record.tries,
            at: at(record.at),
            detail: record.detail.clone(),
        }
    }
}

impl TryFrom<Row> for MailRecord {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            organization: row.organization_id.to(),
            invite: row.invite_id.to(),
            attempt: row.attempt,
            occasion: row.occasion,
            state: named(MailState::parse(&row.state), "mails", "state")?,
            tries: row.tries,
            at: row.at.moment(),
            detail: row.detail,
        })
    }
}

/// One mail, if its sending was ever begun.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    attempt: i32,
    occasion: &str,
) -> Result<Option<MailRecord>> {
    let row: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .filter(t::attempt.eq(attempt))
        .filter(t::occasion.eq(occasion))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// The mails of one attempt, the one that moved last first.
///
/// # Errors
/// Those of the database.
pub fn of_attempt(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    attempt: i32,
) -> Result<Vec<MailRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq(id(invite)))
        .filter(t::attempt.eq(attempt))
        .order(t::at.desc())
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Keeps a mail as it now is.
///
/// # Errors
/// Those of the database.
pub fn keep(conn: &mut AnyConnection, record: &MailRecord) -> Result<()> {
    native!(conn, c => diesel::insert_into(t::table)
        .values(Row::from(record))
        .on_conflict((t::organization_id, t::invite_id, t::attempt, t::occasion))
        .do_update()
        .set(Row::from(record))
        .execute(c))?;
    Ok(())
}

/// Does an organization have mail that waits for another day?
///
/// # Errors
/// Those of the database.
pub fn has_held(conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool> {
    let one: Option<Id> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(IsHeld)
        .order(t::at)
        .select(t::invite_id)
        .first(conn)
        .optional()?;
    Ok(one.is_some())
}

/// The mail of an organization that waits for another day, longest wait first.
///
/// # Errors
/// Those of the database.
pub fn held(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    most: i64,
) -> Result<Vec<MailRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(IsHeld)
        .order((t::at, t::invite_id))
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The next organization after `last` that has mail which waits for another day.
///
/// # Errors
/// Those of the database.
pub fn next_with_held(
    conn: &mut AnyConnection,
    last: Option<OrganizationId>,
) -> Result<Option<OrganizationId>> {
    let last = last.map_or(Id(uuid::Uuid::nil()), id);
    let next: Option<Id> = t::table
        .filter(IsHeld)
        .filter(t::organization_id.gt(last))
        .order(t::organization_id)
        .select(t::organization_id)
        .first(conn)
        .optional()?;
    Ok(next.map(Id::to))
}
