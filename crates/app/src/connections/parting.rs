//! An account that a connection has left for another one: our webhook there is removed and the access given back, at once or
//! when Lever answers.

use std::time::Duration;

use domain::{ConnectionKind, GrantId, OrganizationId};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections;
use storage::grants::GrantRecord;
use storage::partings::{self, PartingRecord};

use super::application::AuthError;
use super::lever::client_with;
use super::tokens::LastTokens;
use super::webhook;
use crate::audit::{self, Action};
use crate::intake;
use crate::jobs::{finish_with, why_given_up};
use crate::worker::Tools;
use crate::{AnyConnection, App, Error, Result};

/// How long where Lever asks to wait and does not say how long.
const THROTTLED: Duration = Duration::from_secs(5);

/// Removes what was ours from one account.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LeaveAccount {
    grant: GrantId,
}

impl Job for LeaveAccount {
    const KIND: &'static str = "lever_leave_account";
}

/// Why something of ours is still there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stays {
    /// Lever did not remove our webhook.
    #[error("{0}")]
    Webhook(#[from] lever::Error),
    /// Its authorization server did not take the access back, or give any to remove the webhook with.
    #[error("{0}")]
    Access(#[from] AuthError),
    /// It could not be tried.
    #[error("{0}")]
    Ours(#[from] Error),
}

/// Begins to leave the account of a grant that is about to be forgotten.
///
/// # Errors
/// Those of the database, and [`Error::Secret`].
pub(super) fn begin(app: &App, conn: &mut AnyConnection, grant: &GrantRecord) -> Result<()> {
    if grant.kind != ConnectionKind::Lever {
        // Greenhouse documents no way to give access back, and its webhooks are made there by people.
        return Ok(());
    }
    let (organization, now) = (grant.organization, app.now());
    if grant.lost_at.is_some() {
        let why = "Lever no longer accepts our access there";
        return note_stays(app, conn, organization, grant.account_id.as_deref(), why);
    }
    let parting = PartingRecord {
        id: grant.id,
        organization,
        connection: grant.connection,
        kind: grant.kind,
        account_id: grant.account_id.clone(),
        tokens: LastTokens::moved(app, grant)?,
        access_ends_at: grant.tokens.access_ends_at,
        begun_at: now,
    };
    partings::insert(conn, &parting)?;
    let job = LeaveAccount { grant: grant.id };
    let job = job.queued(app.draw(), organization, grant.id.to_string(), now);
    Ok(storage::jobs::enqueue(conn, &[job], now)?)
}

impl Handler<Tools> for LeaveAccount {
    /// A repeat does no harm: what is gone is not found, and what was given back is given back.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (app, organization, grant) = (&tools.app, held.organization, self.grant);
        let found = app.read(move |_, conn| Ok(partings::find(conn, organization, grant)?));
        let parting = match found.await {
            Ok(Some(parting)) => parting,
            // The connection was ended meanwhile, and this with it.
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        if !held.may_still_act() {
            return Held::lost();
        }
        match leave(app, &parting).await {
            Ok(()) => ended(app, held, parting).await,
            Err(stays) => later(&stays),
        }
    }

    /// For three days it could not be removed: whoever may, there, has to.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let organization = held.organization;
        let Some(parting) = partings::find(conn, organization, self.grant)? else {
            return Ok(());
        };
        partings::forget(conn, organization, parting.id)?;
        let why = why_given_up(reason);
        let entry = stays(
            &tools.app,
            organization,
            parting.account_id.as_deref(),
            &why,
        );
        activities::insert(conn, &[entry])
    }
}

/// Removes our webhook from the account, and gives the access back.
///
/// # Errors
/// Why that has to be tried again.
pub(super) async fn leave(app: &App, parting: &PartingRecord) -> Result<(), Stays> {
    let Some(tokens) = LastTokens::of(app, parting).await? else {
        tracing::info!(connection = %parting.connection, "access to an account that was left was ended there before");
        return Ok(());
    };
    remove_webhook(app, parting, &tokens).await?;
    if is_used_elsewhere(
        app,
        parting.kind,
        parting.organization,
        parting.account_id.as_deref(),
    )
    .await?
    {
        return Ok(());
    }
    match tokens.give_back(app, parting.kind).await {
        Err(error) if error.is_temporary() => Err(error.into()),
        Err(error) => {
            tracing::info!(%error, "access to an account that was left could not be given back; it is erased here");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

async fn remove_webhook(
    app: &App,
    parting: &PartingRecord,
    tokens: &LastTokens,
) -> Result<(), Stays> {
    let organization = parting.organization;
    let found = app.read(move |_, conn| {
        Ok(connections::find(
            conn,
            organization,
            ConnectionKind::Lever,
        )?)
    });
    let Some(url) = found
        .await?
        .and_then(|record| webhook::address(app, &record))
    else {
        return Ok(());
    };
    let client = client_with(app, organization, tokens.credential());
    match webhook::remove_at(&client, &url).await {
        Err(error) if error.is_temporary() || error.is_throttled() => Err(error.into()),
        Err(error) => {
            tracing::info!(%error, "our webhook in an account that was left could not be removed; what it sends is refused");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Is another organization connected to the account? An authorization server may take giving one access back for the end of
/// all that this application has there.
///
/// # Errors
/// Those of the database.
pub(super) async fn is_used_elsewhere(
    app: &App,
    kind: ConnectionKind,
    organization: OrganizationId,
    account: Option<&str>,
) -> Result<bool> {
    let Some(account) = account.map(str::to_owned) else {
        return Ok(false);
    };
    app.read(move |_, conn| {
        Ok(connections::is_held_elsewhere(
            conn,
            organization,
            kind,
            &account,
        )?)
    })
    .await
}

async fn ended(app: &App, held: &Held, parting: PartingRecord) -> Verdict {
    finish_with(app, held, move |app, conn| {
        if partings::forget(conn, parting.organization, parting.id)? {
            note_left(app, conn, &parting)?;
        }
        Ok(())
    })
    .await
}

fn later(stays: &Stays) -> Verdict {
    match stays {
        Stays::Webhook(error) if error.is_throttled() => {
            Verdict::wait(error, error.retry_after().unwrap_or(THROTTLED))
        }
        Stays::Webhook(error) => Verdict::Retry {
            why: error.to_string(),
            not_before: error.retry_after(),
        },
        Stays::Access(error) => Verdict::Retry {
            why: error.to_string(),
            not_before: error.retry_after(),
        },
        Stays::Ours(error) => Verdict::retry(error),
    }
}

/// For the admins, and in the audit log.
fn note_left(app: &App, conn: &mut AnyConnection, parting: &PartingRecord) -> Result<()> {
    let account = parting.account_id.as_deref();
    let entry = ActivityRecord {
        detail: Some(format!(
            "Our webhook and our access in {} are removed.",
            named(account)
        )),
        ..entry(app, parting.organization, Decision::Left)
    };
    activities::insert(conn, &[entry])?;
    let object = format!("connection:{}", parting.connection);
    let detail = json!({ "kind": parting.kind, "account": account });
    let (organization, action) = (Some(parting.organization), Action::AccountLeft);
    audit::note(app, conn, organization, action, object, detail)
}

fn note_stays(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    account: Option<&str>,
    why: &str,
) -> Result<()> {
    let entry = stays(app, organization, account, why);
    Ok(activities::insert(conn, &[entry])?)
}

fn stays(
    app: &App,
    organization: OrganizationId,
    account: Option<&str>,
    why: &str,
) -> ActivityRecord {
    let detail = format!(
        "Our webhook and our access in {} could not be removed: {why}. What the webhook sends is refused. A Super Admin can remove \
         both there, under Settings › Integrations and API.",
        named(account)
    );
    ActivityRecord {
        detail: Some(detail),
        ..entry(app, organization, Decision::NotLeft)
    }
}

fn entry(app: &App, organization: OrganizationId, decision: Decision) -> ActivityRecord {
    intake::note(app, organization, Source::Connection, None, decision)
}

fn named(account: Option<&str>) -> String {
    match account {
        Some(id) => format!("the Lever account of before ({id})"),
        None => "the Lever account of before".to_owned(),
    }
}

/// Are two grants for accounts that are known to be different?
pub(super) fn is_for_another(one: &GrantRecord, other: &GrantRecord) -> bool {
    let both = one.account_id.as_ref().zip(other.account_id.as_ref());
    both.is_some_and(|(one, other)| one != other)
}
