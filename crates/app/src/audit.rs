//! The audit log: who did what, to what, from where. Entries hold ids only, no personal data and no secrets.

use std::fmt;
use std::net::IpAddr;

use domain::{ApiKeyId, OrganizationId, UserId};
use serde_json::Value;
use storage::audit::{self as store, AuditRecord, ChainEnd, Stretch};
use uuid::Uuid;

use crate::{AnyConnection, App, Page, Result};

pub use storage::audit::AuditRecord as AuditEvent;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Actor {
    /// Baton by itself: the worker, the clock.
    #[default]
    Baton,
    /// Somebody who is not signed in.
    Visitor,
    /// Somebody who is signed in.
    User(UserId),
    /// An organization's own program.
    ApiKey(ApiKeyId),
    /// Whoever holds the operator's token.
    Operator,
    /// Whoever sits at `baton-admin`: the account of the operating system, where it is known.
    CommandLine(Option<String>),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Baton => f.write_str("baton"),
            Self::Visitor => f.write_str("visitor"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::ApiKey(id) => write!(f, "api_key:{id}"),
            Self::Operator => f.write_str("operator"),
            Self::CommandLine(Some(account)) => write!(f, "command_line:{account}"),
            Self::CommandLine(None) => f.write_str("command_line"),
        }
    }
}

/// Who acts, and from where.
#[derive(Debug, Clone, Default)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// From which network address.
    pub address: Option<IpAddr>,
    /// By which request.
    pub request: Option<String>,
}

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Action {
    OrganizationMade,
    SigningSecretRotated,
    UserMade,
    PasswordChosen,
    SignedIn,
    SignInFailed,
    ApiKeyMade,
    ApiKeyRotated,
    ApiKeyRevoked,
    ConnectionMade,
    ConnectionHeld,
    ConnectionLost,
    ConnectionEnded,
    ConnectionChanged,
    ConnectionRequested,
    ConnectionFulfilled,
    AccountLeft,
    StageMappingAdded,
    StageMappingRemoved,
    WebhookSecretMade,
    /// A job in Greenhouse was imported as a draft.
    JobImported,
    /// The description that Greenhouse has now was taken.
    DescriptionTaken,
    ConnectLinkMade,
    IntegrationsSwitched,
    TriggerStageAdded,
    TriggerStageRemoved,
    ResultLinksWithdrawn,
    LinksRevoked,
    SecretsReencrypted,
    CandidateErased,
    InterviewFiled,
    InterviewAnswered,
    JobsReplayed,
    BackupMade,
    BackupRestored,
}

impl Action {
    /// The name in the log and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrganizationMade => "organization.made",
            Self::SigningSecretRotated => "signing_secret.rotated",
            Self::UserMade => "user.made",
            Self::PasswordChosen => "password.chosen",
            Self::SignedIn => "sign_in.succeeded",
            Self::SignInFailed => "sign_in.failed",
            Self::ApiKeyMade => "api_key.made",
            Self::ApiKeyRotated => "api_key.rotated",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::ConnectionMade => "connection.made",
            Self::ConnectionHeld => "connection.held",
            Self::ConnectionLost => "connection.lost",
            Self::ConnectionEnded => "connection.ended",
            Self::ConnectionChanged => "connection.changed",
            Self::ConnectionRequested => "connection.requested",
            Self::ConnectionFulfilled => "connection.fulfilled",
            Self::AccountLeft => "connection.account_left",
            Self::StageMappingAdded => "stage_mapping.added",
            Self::StageMappingRemoved => "stage_mapping.removed",
            Self::WebhookSecretMade => "connection.webhook_secret_made",
            Self::JobImported => "assessment.imported",
            Self::DescriptionTaken => "assessment.description_taken",
            Self::ConnectLinkMade => "connect_link.made",
            Self::IntegrationsSwitched => "integrations.switched",
            Self::TriggerStageAdded => "trigger_stage.added",
            Self::TriggerStageRemoved => "trigger_stage.removed",
            Self::ResultLinksWithdrawn => "result_links.withdrawn",
            Self::LinksRevoked => "links.revoked",
            Self::SecretsReencrypted => "secrets.reencrypted",
            Self::CandidateErased => "candidate.erased",
            Self::InterviewFiled => "interview.filed",
            Self::InterviewAnswered => "interview.answered",
            Self::JobsReplayed => "jobs.replayed",
            Self::BackupMade => "backup.made",
            Self::BackupRestored => "backup.restored",
        }
    }
}

/// Writes down that whoever `app` acts for did `action` to `object` (such as `api_key:0192…`): in the organization's log, or
/// without one in the operator's. Others who write to the same log wait for the commit, so call it late in a unit of work.
///
/// # Errors
/// Those of the database.
pub fn note(
    app: &App,
    conn: &mut AnyConnection,
    organization: Option<OrganizationId>,
    action: Action,
    object: impl fmt::Display,
    detail: Value,
) -> Result<()> {
    let by = app.by();
    let record = AuditRecord {
        id: app.draw(),
        organization: organization.unwrap_or(OPERATOR),
        actor: by.actor.to_string(),
        action: action.as_str().to_owned(),
        object: object.to_string(),
        address: by.address.map(|address| address.to_string()),
        request: by.request.clone(),
        detail,
        at: app.now(),
    };
    Ok(store::append(conn, &record)?)
}

/// In whose name the operator's own log is kept.
const OPERATOR: OrganizationId = OrganizationId(Uuid::nil());

/// One page of an organization's log, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<AuditEvent>> {
    Ok(store::list(conn, organization, page)?)
}

/// An entry that does not follow from the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// In whose log; the nil id for the operator's.
    pub organization: OrganizationId,
    /// Which one, counted from 1.
    pub number: i64,
}

/// How many entries one look-up follows.
const SLICE: i64 = 500;

/// Follows every chain to its end: answers how many there are, and where the first fault of each faulty one is.
///
/// # Errors
/// Those of the database.
pub async fn verify(app: &App) -> Result<(usize, Vec<Broken>)> {
    let ends = app.read(|_, conn| Ok(store::ends(conn)?)).await?;
    let many = ends.len();
    let mut broken = Vec::new();
    for end in ends {
        if let Some(number) = first_fault(app, &end).await? {
            broken.push(Broken {
                organization: end.organization,
                number,
            });
        }
    }
    Ok((many, broken))
}

/// Entries may be added meanwhile: the chain has to reach at least as far as its end was said to be, and pass through it.
async fn first_fault(app: &App, end: &ChainEnd) -> Result<Option<i64>> {
    let mut at = store::beginning(end.organization);
    while at.number < end.number {
        let (from, most) = (at.clone(), SLICE.min(end.number - at.number));
        let stretch = app
            .read(move |_, conn| Ok(store::follow(conn, &from, most)?))
            .await?;
        match stretch {
            Stretch::Sound(further) => at = further,
            Stretch::End => return Ok(Some(at.number + 1)),
            Stretch::Broken { number } => return Ok(Some(number)),
        }
    }
    Ok((at.hash != end.hash).then_some(at.number))
}
