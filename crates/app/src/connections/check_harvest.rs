//! A connection to Harvest is looked over after it was made, and when an author was named: whose account it is for, and what it may
//! do.

use std::time::Duration;

use domain::{ConnectionKind, OrganizationId};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::connections::{self, ConnectionRecord};
use storage::grants;
use storage::jobs::NewJob;

use super::harvest::harvest_of;
use super::look_around::{account_of, cannot_read, introspected};
use super::take::note_trouble;
use super::tokens::GrantTokens;
use super::wake::wake_parked;
use super::working::working;
use crate::worker::Tools;
use crate::{AnyConnection, App, Error, Result};

const KIND: ConnectionKind = ConnectionKind::GreenhouseHarvest;
/// How long where Greenhouse does not give a token for now.
const LATER: Duration = Duration::from_secs(60);

/// Lets go on what waited for the connection, learns whose account it is where that was not told, and says what it may not do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CheckHarvest {}

impl Job for CheckHarvest {
    const KIND: &'static str = "harvest_check";
}

impl CheckHarvest {
    /// The job for a connection.
    pub(crate) fn job(app: &App, record: &ConnectionRecord) -> NewJob {
        Self {}.queued(
            app.draw(),
            record.organization,
            "greenhouse_harvest",
            app.now(),
        )
    }
}

impl Handler<Tools> for CheckHarvest {
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (app, organization) = (&tools.app, held.organization);
        let found = app
            .read(move |_, conn| working(conn, organization, KIND))
            .await;
        let record = match found {
            Ok(record) => record,
            Err(Error::Conflict { .. }) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        if let Err(error) = wake_parked(app, &record).await {
            return Verdict::retry(error);
        }
        if !held.may_still_act() {
            return Held::lost();
        }
        match check(app, &record).await {
            Ok(true) => Verdict::Done,
            Ok(false) => Verdict::wait("Greenhouse does not say whose account it is", LATER),
            Err(error) => Verdict::retry(error),
        }
    }
}

/// Answers false where Greenhouse could not be asked.
async fn check(app: &App, record: &ConnectionRecord) -> Result<bool> {
    if record.account_id.is_none() && !learn_account(app, record).await? {
        return Ok(false);
    }
    let lacks = cannot_read(&harvest_of(app, record)).await;
    if let Some(lacks) = lacks {
        let organization = record.organization;
        app.write(move |app, conn| note_trouble(app, conn, organization, KIND, Some(&lacks)))
            .await?;
    }
    Ok(true)
}

/// Learns the account that a grant is for, for a connection that could not ask when it was made.
async fn learn_account(app: &App, record: &ConnectionRecord) -> Result<bool> {
    let tokens = GrantTokens::of(app, record.organization, record.id, KIND);
    let Ok(token) = ats_http::AccessTokens::current(&tokens).await else {
        return Ok(false);
    };
    let told = match introspected(app, &token).await {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(%error, "Greenhouse did not say whose account a grant is for");
            return Ok(false);
        }
    };
    let Some(told) = told else { return Ok(true) };
    let (organization, name) = (record.organization, told.organization_name.clone());
    let Some(account) = account_of(&told) else {
        return Ok(true);
    };
    app.write(move |app, conn| keep(app, conn, organization, (&account, name.clone())))
        .await?;
    Ok(true)
}

/// An account that another organization has by now is shown, and not claimed.
fn keep(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (account, name): (&str, Option<String>),
) -> Result<()> {
    let mut record = connections::hold(conn, organization, KIND, app.draw())?;
    let unknown = record.account_id.is_none();
    let grant = grants::in_use(conn, organization, record.id)?;
    if !unknown || grant.is_none() {
        return Ok(());
    }
    record.shared = connections::is_held_elsewhere(conn, organization, KIND, account)?;
    record.account_id = Some(account.to_owned());
    record.account_name = name;
    Ok(connections::save(conn, &record)?)
}
