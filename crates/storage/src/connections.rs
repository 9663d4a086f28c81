//! Organizations' links to ATSs, one of each kind at most. A link that nothing was ever said of has no row.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{ConnectionId, ConnectionKind, OrganizationId, Standing};
use serde_json::Value;

use crate::connection::native;
use crate::literal::literal;
use crate::schema::connections as t;
use crate::value::{At, Id, at, from_json, id, named};
use crate::{AnyConnection, Page, Result};

/// That an ATS was heard of is written down this often at most.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

literal!(HasAccount, "account_id IS NOT NULL");
literal!(IsRequested, "requested_at IS NOT NULL");

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    organization_id: Id,
    kind: String,
    id: Id,
    offered: bool,
    standing: String,
    detail: Option<String>,
    account_id: Option<String>,
    account_name: Option<String>,
    requested_at: Option<At>,
    connected_at: Option<At>,
    connected_at_there: Option<At>,
    settings: String,
    webhook_id: Option<String>,
    webhook_url: Option<String>,
    webhook_token: Option<String>,
    webhook_received_at: Option<At>,
    shared: bool,
}

/// One organization's link to one ATS.
#[derive(Debug, Clone)]
pub struct ConnectionRecord {
    /// Its id: also what its webhooks' address names.
    pub id: ConnectionId,
    /// Whose.
    pub organization: OrganizationId,
    /// To which ATS.
    pub kind: ConnectionKind,
    /// Does the operator offer it to this organization?
    pub offered: bool,
    /// How it stands, as far as that does not follow from the time.
    pub standing: Standing,
    /// What is amiss, in words.
    pub detail: Option<String>,
    /// The account there that it is, or last was, for.
    pub account_id: Option<String>,
    /// What people call that account.
    pub account_name: Option<String>,
    /// When somebody asked the operator for set-up, until it is there.
    pub requested_at: Option<DateTime<Utc>>,
    /// When it was connected. A grant that renews a broken connection to the same account leaves it.
    pub connected_at: Option<DateTime<Utc>>,
    /// The same by the clock of the ATS, in whole seconds; none until the ATS was first heard.
    pub connected_at_there: Option<DateTime<Utc>>,
    /// What its admins chose: members are the kind's own.
    pub settings: Value,
    /// The webhook we made there.
    pub webhook: Option<WebhookRecord>,
    /// When a delivery of it last came in; written down once a minute at most.
    pub webhook_received_at: Option<DateTime<Utc>>,
    /// Did the operator let it have an account that another organization is connected to? Without that no two of them have the
    /// same one, at any moment.
    pub shared: bool,
}

/// A webhook of ours in an ATS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Its id there.
    pub id: String,
    /// Where it delivers.
    pub url: String,
    /// What signs its deliveries, encrypted.
    pub token: String,
}

impl ConnectionRecord {
    /// A link of which nothing was said so far: all are offered.
    pub fn untouched(id: ConnectionId, organization: OrganizationId, kind: ConnectionKind) -> Self {
        Self {
            id,
            organization,
            kind,
            offered: true,
            standing: Standing::NotConfigured,
            detail: None,
            account_id: None,
            account_name: None,
            requested_at: None,
            connected_at: None,
            connected_at_there: None,
            settings: Value::Object(serde_json::Map::new()),
            webhook: None,
            webhook_received_at: None,
            shared: false,
        }
    }
}

impl TryFrom<Row> for ConnectionRecord {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let webhook = match (row.webhook_id, row.webhook_url, row.webhook_token) {
            (Some(id), Some(url), Some(token)) => Some(WebhookRecord { id, url, token }),
            _ => None,
        };
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            kind: named(ConnectionKind::parse(&row.kind), "connections", "kind")?,
            offered: row.offered,
            standing: named(Standing::parse(&row.standing), "connections", "standing")?,
            detail: row.detail,
            account_id: row.account_id,
            account_name: row.account_name,
            requested_at: row.requested_at.map(At::moment),
            connected_at: row.connected_at.map(At::moment),
            connected_at_there: row.connected_at_there.map(At::moment),
            settings: from_json(&row.settings, "connections", "settings")?,
            webhook,
            webhook_received_at: row.webhook_received_at.map(At::moment),
            shared: row.shared,
        })
    }
}

impl From<&ConnectionRecord> for Row {
    fn from(record: &ConnectionRecord) -> Self {
        let webhook = record.webhook.clone();
        Self {
            organization_id: id(record.organization),
            kind: record.kind.as_str().to_owned(),
            id: id(record.id),
            offered: record.offered,
            standing: record.standing.as_str().to_owned(),
            detail: record.detail.clone(),
            account_id: record.account_id.clone(),
            account_name: record.account_name.clone(),
            requested_at: record.requested_at.map(at),
            connected_at: record.connected_at.map(at),
            connected_at_there: record.connected_at_there.map(at),
            settings: record.settings.to_string(),
            webhook_id: webhook.as_ref().map(|webhook| webhook.id.clone()),
            webhook_url: webhook.as_ref().map(|webhook| webhook.url.clone()),
            webhook_token: webhook.map(|webhook| webhook.token),
            webhook_received_at: record.webhook_received_at.map(at),
            shared: record.shared,
        }
    }
}

/// An organization's link of one kind, if anything was ever said of it.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<Option<ConnectionRecord>> {
    let row: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::kind.eq(kind.as_str()))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// All links of an organization that anything was ever said of.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<ConnectionRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .order(t::kind)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The link with this id: all that a webhook's address names. Before it is known no organization is.
///
/// # Errors
/// Those of the database.
pub fn by_id(
    conn: &mut AnyConnection,
    connection: ConnectionId,
) -> Result<Option<ConnectionRecord>> {
    let row: Option<Row> = t::table
        .filter(t::id.eq(id(connection)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// An organization's link of one kind, to be changed: nobody else changes it until the transaction ends. One that nothing was
/// said of yet is made, under the id `fresh`.
///
/// # Errors
/// Those of the database.
pub fn hold(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    fresh: ConnectionId,
) -> Result<ConnectionRecord> {
    let row = Row::from(&ConnectionRecord::untouched(fresh, organization, kind));
    let held: Row = native!(conn, c => diesel::insert_into(t::table)
        .values(row)
        .on_conflict((t::organization_id, t::kind))
        .do_update()
        .set(t::kind.eq(t::kind))
        .returning(Row::as_returning())
        .get_result(c))?;
    held.try_into()
}

/// Stores what was changed of a link that is held. When its webhook was last heard of is left alone: see [`note_received`].
///
/// # Errors
/// [`crate::Error::Taken`] where another organization has become connected to the same account meanwhile.
pub fn save(conn: &mut AnyConnection, record: &ConnectionRecord) -> Result<()> {
    let row = Row::from(record);
    let mine = t::table
        .filter(t::organization_id.eq(row.organization_id))
        .filter(t::kind.eq(row.kind));
    diesel::update(mine)
        .set((
            t::offered.eq(row.offered),
            t::standing.eq(row.standing),
            t::detail.eq(row.detail),
            t::account_id.eq(row.account_id),
            t::account_name.eq(row.account_name),
            t::requested_at.eq(row.requested_at),
            t::connected_at.eq(row.connected_at),
            t::connected_at_there.eq(row.connected_at_there),
            t::settings.eq(row.settings),
            t::webhook_id.eq(row.webhook_id),
            t::webhook_url.eq(row.webhook_url),
            t::webhook_token.eq(row.webhook_token),
            t::shared.eq(row.shared),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that a genuine delivery of a link's webhook came in, once a minute at most.
///
/// # Errors
/// Those of the database.
pub fn note_received(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    now: DateTime<Utc>,
) -> Result<()> {
    let stale = t::webhook_received_at
        .is_null()
        .or(t::webhook_received_at.le(at(now - NOTED_EVERY)));
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::kind.eq(kind.as_str()))
        .filter(stale);
    diesel::update(mine)
        .set(t::webhook_received_at.eq(at(now)))
        .execute(conn)?;
    Ok(())
}

/// Does another organization hold a link to this account?
///
/// # Errors
/// Those of the database.
pub fn is_held_elsewhere(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    account: &str,
) -> Result<bool> {
    let theirs: Option<Id> = t::table
        .filter(HasAccount)
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::account_id.eq(account))
        .filter(t::organization_id.ne(id(organization)))
        .filter(t::standing.eq_any([
            Standing::Connected.as_str(),
            Standing::NeedsAttention.as_str(),
        ]))
        .select(t::id)
        .first(conn)
        .optional()?;
    Ok(theirs.is_some())
}

/// Of the organizations `wanted`: what the operator does not offer to them.
///
/// # Errors
/// Those of the database.
pub fn withheld_among(
    conn: &mut AnyConnection,
    wanted: &[OrganizationId],
) -> Result<Vec<(OrganizationId, ConnectionKind)>> {
    let ids: Vec<Id> = wanted.iter().map(|wanted| id(*wanted)).collect();
    let rows: Vec<(Id, String)> = t::table
        .filter(t::organization_id.eq_any(ids))
        .filter(t::offered.eq(false))
        .select((t::organization_id, t::kind))
        .load(conn)?;
    rows.into_iter()
        .map(|(organization, kind)| {
            let kind = named(ConnectionKind::parse(&kind), "connections", "kind")?;
            Ok((organization.to(), kind))
        })
        .collect()
}

/// One page of the links that somebody has asked the operator for, newest first by their ids: for operators.
///
/// # Errors
/// Those of the database.
pub fn requested(conn: &mut AnyConnection, page: Page) -> Result<Vec<ConnectionRecord>> {
    let rows: Vec<Row> = t::table
        .filter(IsRequested)
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The links that work: organization by organization, up to `most` after the one at `after`. For the worker.
///
/// # Errors
/// Those of the database.
pub fn connected(
    conn: &mut AnyConnection,
    kind: ConnectionKind,
    after: Option<OrganizationId>,
    most: i64,
) -> Result<Vec<ConnectionRecord>> {
    let after = after.unwrap_or(OrganizationId(uuid::Uuid::nil()));
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.gt(id(after)))
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::standing.eq(Standing::Connected.as_str()))
        .order(t::organization_id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many links of a kind stand how: for metrics.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut AnyConnection, kind: ConnectionKind, standing: Standing) -> Result<i64> {
    Ok(t::table
        .filter(t::kind.eq(kind.as_str()))
        .filter(t::standing.eq(standing.as_str()))
        .count()
        .get_result(conn)?)
}
