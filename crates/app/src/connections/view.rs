//! Connections as people see them.

use chrono::{DateTime, Utc};
use domain::{
    ConnectionId, ConnectionKind, ConnectionState, GrantLife, Hold, OrganizationId, Standing,
};
use serde_json::{Value, json};
use storage::circuits;
use storage::connections::{self, ConnectionRecord};
use storage::grants::{self, GrantRecord};

use super::confirm_account::why_held;
use super::facts::facts;
use super::greenhouse;
use super::settings::{harvest_settings, lever_settings};
use super::webhook::address;
use crate::circuits::FarSide;
use crate::{AnyConnection, App, Result};

/// A connection, with what follows from the time.
#[derive(Debug, Clone)]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// To which ATS.
    pub kind: ConnectionKind,
    /// How it stands.
    pub state: ConnectionState,
    /// Why, and what to do, in words.
    pub detail: Option<String>,
    /// Does the operator offer it to this organization? Where not, its setup has to be requested.
    pub offered: bool,
    /// The account there.
    pub account: Option<Account>,
    /// When it was connected.
    pub connected_at: Option<DateTime<Utc>>,
    /// When it is lost if nothing is done.
    pub expires_at: Option<DateTime<Utc>>,
    /// Our webhook there.
    pub webhook: WebhookView,
    /// What its admins chose: an object of the kind's own members.
    pub settings: Value,
    /// A grant that waits for somebody to confirm it.
    pub held: Option<HeldView>,
}

/// An account at an ATS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id there, where that was told.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
}

/// Our webhook at an ATS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookView {
    /// Where it delivers.
    pub url: Option<String>,
    /// How it stands.
    pub state: WebhookState,
    /// When a delivery last came in.
    pub last_received_at: Option<DateTime<Utc>>,
    /// Can there be one at all: does the ATS reach this server?
    pub possible: bool,
}

/// How a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// There is none.
    None,
    /// It is there, and nothing has come yet.
    Waiting,
    /// Something has come.
    Receiving,
}

/// A grant that waits for somebody to confirm it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldView {
    /// The account it is for.
    pub account: Account,
    /// Why it waits.
    pub why: Hold,
}

/// What a working connection's `detail` says until something came in.
pub const NOT_YET_HEARD: &str =
    "waiting for the first event: switch on Candidate Stage Change in Lever";
/// What a working connection's `detail` says where nothing can come in.
pub const NOT_REACHED: &str = "Lever cannot reach this server, whose address is not https: moves are found by a look every few minutes";

/// All connections of an organization, each kind once.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, organization: OrganizationId) -> Result<Vec<ConnectionView>> {
    make_missing(app, organization).await?;
    app.read(move |app, conn| {
        let records = connections::of(conn, organization)?;
        let mut views = Vec::new();
        for kind in ConnectionKind::ALL {
            if let Some(record) = records.iter().find(|record| record.kind == kind) {
                views.push(view(app, conn, record)?);
            }
        }
        Ok(views)
    })
    .await
}

/// One connection of an organization.
///
/// # Errors
/// Those of the database.
pub async fn show(
    app: &App,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<ConnectionView> {
    app.write(move |app, conn| show_in(app, conn, organization, kind))
        .await
}

/// As [`show`], in the caller's transaction.
///
/// # Errors
/// Those of the database.
pub fn show_in(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<ConnectionView> {
    let record = connections::hold(conn, organization, kind, app.draw())?;
    view(app, conn, &record)
}

/// A connection has its id, which an ATS may be told, from the first time that somebody looks.
async fn make_missing(app: &App, organization: OrganizationId) -> Result<()> {
    let known = app
        .read(move |_, conn| Ok(connections::of(conn, organization)?.len()))
        .await?;
    if known == ConnectionKind::ALL.len() {
        return Ok(());
    }
    app.write(move |app, conn| {
        for kind in ConnectionKind::ALL {
            connections::hold(conn, organization, kind, app.draw())?;
        }
        Ok(())
    })
    .await
}

fn view(app: &App, conn: &mut AnyConnection, record: &ConnectionRecord) -> Result<ConnectionView> {
    match record.kind {
        ConnectionKind::GreenhouseAssessment => greenhouse::view(app, conn, record),
        ConnectionKind::GreenhouseHarvest | ConnectionKind::Lever => {
            under_a_grant(app, conn, record)
        }
    }
}

fn under_a_grant(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
) -> Result<ConnectionView> {
    let now = app.now();
    let grant = grants::in_use(conn, record.organization, record.id)?;
    let held = held(conn, record)?;
    let left_alone = left_alone(conn, record)?;
    let life = grant.as_ref().map(life);
    let state = record
        .standing
        .state(record.requested_at.is_some(), life.as_ref(), now);
    let webhook = webhook(app, record);
    Ok(ConnectionView {
        detail: match left_alone {
            Some(why) if record.detail.is_none() && held.is_none() && state.works() => Some(why),
            _ => detail(record, state, held.as_ref(), &webhook),
        },
        expires_at: life.filter(|_| state.works()).map(|life| life.ends_at()),
        held: held.as_ref().and_then(held_view),
        account: account(record),
        connected_at: record.connected_at.filter(|_| is_there(record.standing)),
        settings: match record.kind {
            ConnectionKind::Lever => json!(lever_settings(record)),
            _ => json!(harvest_settings(record)),
        },
        webhook,
        state,
        ..untold(record)
    })
}

/// The grant that is held, for the reason that holds it now.
fn held(conn: &mut AnyConnection, record: &ConnectionRecord) -> Result<Option<GrantRecord>> {
    let mut held = grants::held(conn, record.organization, record.id)?;
    if let Some(grant) = &mut held {
        grant.held = Some(why_held(conn, grant)?);
    }
    Ok(held)
}

/// Why the ATS is left alone for now, where it is.
fn left_alone(conn: &mut AnyConnection, record: &ConnectionRecord) -> Result<Option<String>> {
    let side = match record.kind {
        ConnectionKind::Lever => FarSide::LEVER,
        _ => FarSide::HARVEST,
    };
    let known = circuits::find(conn, record.organization, side.connection)?;
    let failing = known.filter(|known| FarSide::is_in_doubt(Some(known)));
    Ok(failing.map(|failing| side.words(&failing.why)))
}

/// Nothing but what each kind has.
pub(super) fn untold(record: &ConnectionRecord) -> ConnectionView {
    ConnectionView {
        id: record.id,
        kind: record.kind,
        state: ConnectionState::NotConfigured,
        detail: None,
        offered: record.offered,
        account: None,
        connected_at: None,
        expires_at: None,
        webhook: WebhookView {
            url: None,
            state: WebhookState::None,
            last_received_at: None,
            possible: false,
        },
        settings: json!({}),
        held: None,
    }
}

/// How long a grant lives, as things are.
pub(crate) fn life(grant: &GrantRecord) -> GrantLife {
    GrantLife {
        rules: facts(grant.kind).rules,
        granted_at: grant.granted_at,
        refreshed_at: grant.tokens.refreshed_at,
        failing_since: grant.failing.map(|failing| failing.since),
    }
}

fn is_there(standing: Standing) -> bool {
    matches!(standing, Standing::Connected | Standing::NeedsAttention)
}

fn account(record: &ConnectionRecord) -> Option<Account> {
    let known = record.account_id.is_some() || record.account_name.is_some();
    (known && is_there(record.standing)).then(|| Account {
        id: record.account_id.clone(),
        name: record.account_name.clone(),
    })
}

fn held_view(grant: &GrantRecord) -> Option<HeldView> {
    Some(HeldView {
        account: Account {
            id: grant.account_id.clone(),
            name: grant.account_name.clone(),
        },
        why: grant.held?,
    })
}

/// What came before it was connected, as it is now, does not count.
fn webhook(app: &App, record: &ConnectionRecord) -> WebhookView {
    let received = record
        .webhook_received_at
        .filter(|at| record.connected_at.is_none_or(|since| *at >= since));
    let state = match (&record.webhook, received) {
        (None, _) => WebhookState::None,
        (Some(_), None) => WebhookState::Waiting,
        (Some(_), Some(_)) => WebhookState::Receiving,
    };
    WebhookView {
        url: record.webhook.as_ref().map(|webhook| webhook.url.clone()),
        state,
        last_received_at: record.webhook_received_at,
        possible: address(app, record).is_some(),
    }
}

/// The most urgent of what there is to say.
fn detail(
    record: &ConnectionRecord,
    state: ConnectionState,
    held: Option<&GrantRecord>,
    webhook: &WebhookView,
) -> Option<String> {
    if let Some(held) = held {
        return Some(of_held(record, held));
    }
    if record.detail.is_some() {
        return record.detail.clone();
    }
    let said = match state {
        ConnectionState::Requested => {
            "whoever runs this server was asked to switch it on; you are told by mail"
        }
        ConnectionState::Expiring if record.kind == ConnectionKind::GreenhouseHarvest => {
            "access could not be renewed for hours and ends soon: connect again to renew it"
        }
        ConnectionState::Expiring => "access ends soon: log in again to renew it",
        ConnectionState::NotConfigured | ConnectionState::Disconnected if !record.offered => {
            "it is not switched on for this organization: request its setup"
        }
        ConnectionState::Connected
            if record.kind == ConnectionKind::Lever && webhook.state == WebhookState::Waiting =>
        {
            NOT_YET_HEARD
        }
        ConnectionState::Connected if record.kind == ConnectionKind::Lever && !webhook.possible => {
            NOT_REACHED
        }
        _ => return None,
    };
    Some(said.to_owned())
}

fn of_held(record: &ConnectionRecord, held: &GrantRecord) -> String {
    let name = |name: &Option<String>, id: &Option<String>| {
        name.clone()
            .or(id.clone())
            .unwrap_or_else(|| "an account that was not named".to_owned())
    };
    let new = name(&held.account_name, &held.account_id);
    match held.held {
        Some(Hold::HeldElsewhere) => {
            format!(
                "{new} is connected to another organization already: whoever runs this server has to let it through, and was told"
            )
        }
        _ => {
            let before = name(&record.account_name, &record.account_id);
            format!(
                "somebody logged in to another account, that of {new}; before it was that of {before}. Confirm the new account, or log in to the one before"
            )
        }
    }
}
