//! How jobs that look at Lever call it: over a connection that works, and not while it keeps failing.

use std::time::Duration;

use ats::lever::{Client, Error as LeverError, LOST, is_failing, is_lost};
use domain::{ConnectionKind, OrganizationId, Standing};
use jobs::{Held, Verdict};
use storage::circuits::{self, Failing};
use storage::connections::{self, ConnectionRecord};

use crate::circuits::FarSide;
use crate::connections::{PARKED, PARKED_FOR};
use crate::intake::THROTTLE;
use crate::{App, Error, Result};

/// How long to wait where Lever does not say.
const ASKED_TO_WAIT: Duration = Duration::from_secs(5);

/// Lever, as one job may call it. Whoever was let in says how it went: [`answered`](Self::answered) or [`later`](Self::later).
#[derive(Debug)]
pub(super) struct AtLever {
    pub(super) client: Client,
    app: App,
    organization: OrganizationId,
    /// It has failed lately.
    failing: Option<Failing>,
}

impl AtLever {
    /// The way to Lever for a job.
    ///
    /// # Errors
    /// What to answer where there is none for now.
    pub(super) async fn open(app: &App, held: &Held) -> Result<Self, Verdict> {
        let organization = held.organization;
        let client = client(app, organization).await?;
        let failing = app
            .read(move |_, conn| {
                let name = FarSide::LEVER.connection;
                Ok(circuits::find(conn, organization, name)?)
            })
            .await
            .map_err(Verdict::retry)?;
        if FarSide::is_in_doubt(failing.as_ref()) && is_left_alone(app, held).await? {
            return Err(Verdict::Finished);
        }
        Ok(Self {
            client,
            app: app.clone(),
            organization,
            failing,
        })
    }

    /// Lever has answered, whatever it said: what waits for that goes on.
    pub(super) async fn answered(&self) {
        let (organization, known) = (self.organization, self.failing.as_ref());
        let kept = FarSide::LEVER.answered(&self.app, organization, known);
        if let Err(error) = kept.await {
            tracing::warn!(%error, "that Lever answers again could not be kept; the next call keeps it");
        }
    }

    /// What to answer to an error that says nothing about what was asked for.
    pub(super) async fn later(&self, error: &LeverError) -> Verdict {
        if !is_failing(error) {
            self.answered().await;
            return put_off(error);
        }
        let (organization, why) = (self.organization, error.to_string());
        let counted = self.app.write(move |app, conn| {
            let now = app.now();
            let until = FarSide::LEVER.failed(conn, organization, &why, now)?;
            Ok(until.map(|until| (until - now).to_std().unwrap_or_default()))
        });
        match counted.await {
            // From now on Lever is left alone, and this job is the one that tries again.
            Ok(Some(delay)) => Verdict::RetryIn {
                why: FarSide::LEVER.words(&error.to_string()),
                delay,
            },
            Ok(None) => put_off(error),
            Err(error) => Verdict::retry(error),
        }
    }
}

/// The connection, unless somebody ended it.
///
/// # Errors
/// Those of the database.
pub(super) async fn standing(
    app: &App,
    organization: OrganizationId,
) -> Result<Option<ConnectionRecord>> {
    app.read(move |_, conn| {
        let found = connections::find(conn, organization, ConnectionKind::Lever)?;
        let ended = [Standing::NotConfigured, Standing::Disconnected];
        Ok(found.filter(|it| !ended.contains(&it.standing)))
    })
    .await
}

/// A client, or what to answer where there is none for now.
async fn client(app: &App, organization: OrganizationId) -> Result<Client, Verdict> {
    match crate::connections::lever_client(app, organization).await {
        Ok(client) => Ok(client),
        Err(Error::Conflict { message, .. }) => Err(Verdict::park(PARKED, message, PARKED_FOR)),
        Err(error) => Err(Verdict::retry(error)),
    }
}

/// Parks the job where Lever is left alone for now; answers whether it did.
async fn is_left_alone(app: &App, held: &Held) -> Result<bool, Verdict> {
    let held = held.clone();
    let entered = app.write(move |app, conn| Ok(FarSide::LEVER.enter(conn, &held, app.now())?));
    let why = entered.await.map_err(Verdict::retry)?;
    Ok(why.is_some())
}

fn put_off(error: &LeverError) -> Verdict {
    if is_lost(error) {
        return Verdict::park(PARKED, LOST, PARKED_FOR);
    }
    if error.is_throttled() {
        let wait = error.retry_after().unwrap_or(ASKED_TO_WAIT);
        return Verdict::park(THROTTLE, error, wait);
    }
    Verdict::Retry {
        why: error.to_string(),
        not_before: error.retry_after(),
    }
}
