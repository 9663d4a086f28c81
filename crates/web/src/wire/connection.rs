//! Connections on the wire.

use app::connections::{self, ConnectionView, HarvestChange, HeldView, LeverChange, Requested};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use super::member::Member;
use super::names;

names! {
    /// To which ATS, and what for.
    ConnectionKind = domain::ConnectionKind { GreenhouseAssessment, GreenhouseHarvest, Lever }
}

names! {
    /// How a connection stands.
    ConnectionState = domain::ConnectionState { NotConfigured, Requested, Waiting, Connected, Expiring, NeedsAttention, Disconnected }
}

names! {
    /// How our webhook at an ATS stands: `waiting` for its first delivery, or `receiving`.
    WebhookState = connections::WebhookState { None, Waiting, Receiving }
}

names! {
    /// Why a grant is held: it is for another account than before, or another organization holds its account; `let_through` once
    /// the operator allows that, and it is for another account than before.
    HeldBecause = domain::Hold { AnotherAccount, HeldElsewhere, LetThrough }
}

/// A link to an ATS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connection {
    id: Uuid,
    kind: ConnectionKind,
    state: ConnectionState,
    /// Why, and what to do.
    #[schema(required)]
    detail: Option<String>,
    /// Does the operator offer it? Where not, its setup has to be requested.
    offered: bool,
    #[schema(required)]
    account: Option<Account>,
    #[schema(required)]
    connected_at: Option<DateTime<Utc>>,
    /// When it is lost if nothing is done.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    webhook: Webhook,
    /// With `lever`: `perform_as`, `note_secret`, `note_notify`.
    #[schema(value_type = Object)]
    settings: Value,
    /// A grant that waits for `confirm-account`, or for the operator.
    #[schema(required)]
    held: Option<Held>,
}

/// An account at an ATS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    #[schema(required)]
    id: Option<String>,
    #[schema(required)]
    name: Option<String>,
}

/// Our webhook at an ATS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    #[schema(required)]
    url: Option<String>,
    state: WebhookState,
    /// Written down once a minute at most.
    #[schema(required)]
    last_received_at: Option<DateTime<Utc>>,
}

/// A grant that waits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Held {
    account: Account,
    because: HeldBecause,
}

impl From<connections::Account> for Account {
    fn from(account: connections::Account) -> Self {
        Self {
            id: account.id,
            name: account.name,
        }
    }
}

impl From<HeldView> for Held {
    fn from(held: HeldView) -> Self {
        Self {
            account: held.account.into(),
            because: held.why.into(),
        }
    }
}

impl From<&ConnectionView> for Connection {
    fn from(view: &ConnectionView) -> Self {
        Self {
            id: view.id.into(),
            kind: view.kind.into(),
            state: view.state.into(),
            detail: view.detail.clone(),
            offered: view.offered,
            account: view.account.clone().map(Into::into),
            connected_at: view.connected_at,
            expires_at: view.expires_at,
            webhook: Webhook {
                url: view.webhook.url.clone(),
                state: view.webhook.state.into(),
                last_received_at: view.webhook.last_received_at,
            },
            settings: view.settings.clone(),
            held: view.held.clone().map(Into::into),
        }
    }
}

/// Members given are changed, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionChange {
    pub(crate) settings: SettingsChange,
}

/// What each kind takes: `greenhouse_harvest` `created_by_email`; `lever` the others.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsChange {
    /// The address of the user in Greenhouse to whom our doings are attributed.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    created_by_email: Member<String>,
    /// The id of the user in Lever whose name tags and notes carry.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    perform_as: Member<String>,
    /// Is a note shown only to those who may see sensitive things in Lever?
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    note_secret: Member<bool>,
    /// Are the candidate's followers in Lever told of a note?
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    note_notify: Member<bool>,
}

impl SettingsChange {
    /// What is to be changed for Lever.
    pub(crate) fn lever(&self) -> LeverChange {
        LeverChange {
            perform_as: self.perform_as.given_or_null(),
            note_secret: self
                .note_secret
                .given_or_null()
                .map(Option::unwrap_or_default),
            note_notify: self
                .note_notify
                .given_or_null()
                .map(Option::unwrap_or_default),
        }
    }

    /// What is to be changed for Greenhouse's Harvest.
    pub(crate) fn harvest(&self) -> HarvestChange {
        HarvestChange {
            created_by_email: self.created_by_email.given_or_null(),
        }
    }

    /// The first member that is there and that `kind` does not take.
    pub(crate) fn foreign_to(&self, kind: domain::ConnectionKind) -> Option<&'static str> {
        let of_harvest = [("created_by_email", self.created_by_email.is_there())];
        let of_lever = [
            ("perform_as", self.perform_as.is_there()),
            ("note_secret", self.note_secret.is_there()),
            ("note_notify", self.note_notify.is_there()),
        ];
        let not_harvest = kind != domain::ConnectionKind::GreenhouseHarvest;
        let not_lever = kind != domain::ConnectionKind::Lever;
        let foreign = of_harvest.iter().filter(|_| not_harvest);
        let foreign = foreign.chain(of_lever.iter().filter(|_| not_lever));
        foreign
            .filter(|(_, is_there)| *is_there)
            .map(|(name, _)| *name)
            .next()
    }
}

/// Where a person lets us in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Authorization {
    /// Open it in the browser of somebody who may do that there; good for ten minutes and one use.
    authorize_url: String,
}

impl From<&Url> for Authorization {
    fn from(url: &Url) -> Self {
        Self {
            authorize_url: url.to_string(),
        }
    }
}

/// A new connect link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewConnectLink {
    /// What it connects to, each once.
    pub(crate) kinds: Vec<ConnectionKind>,
    /// 60 to 2592000 (30 days); a week where nothing is said.
    #[serde(default)]
    pub(crate) expires_in_seconds: Option<i64>,
}

/// A connect link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectLink {
    /// For somebody who has no account here; shown here only.
    url: String,
}

impl From<&Url> for ConnectLink {
    fn from(url: &Url) -> Self {
        Self {
            url: url.to_string(),
        }
    }
}

/// Which kinds are offered to an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntegrationsChange {
    /// Just these; `null`: all.
    #[schema(value_type = Option<Vec<ConnectionKind>>)]
    #[serde(default)]
    pub(crate) integrations: Member<Vec<ConnectionKind>>,
}

/// What an organization asks the operator for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupRequest {
    organization_id: Uuid,
    organization_name: String,
    kind: ConnectionKind,
    #[schema(required)]
    requested_at: Option<DateTime<Utc>>,
}

impl From<Requested> for SetupRequest {
    fn from(requested: Requested) -> Self {
        Self {
            organization_id: requested.connection.organization.into(),
            organization_name: requested.organization_name,
            kind: requested.connection.kind.into(),
            requested_at: requested.connection.requested_at,
        }
    }
}
