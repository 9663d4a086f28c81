//! How jobs that look at Lever call it: over a connection that works, and not while it keeps failing.

use std::time::Duration;

use ats::lever::{Client, Error as LeverError, LOST, is_failing, is_lost};
use domain::{ConnectionKind, OrganizationId};
use jobs::{Held, Verdict};
use storage::connections::ConnectionRecord;

use super::way::Way;
use crate::circuits::FarSide;
use crate::connections::{PARKED, PARKED_FOR, lever_client};
use crate::intake::THROTTLE;
use crate::{App, Error, Result};

/// How long to wait where Lever does not say.
const ASKED_TO_WAIT: Duration = Duration::from_secs(5);

/// Lever, as one job may call it. Whoever was let in says how it went: [`answered`](Self::answered) or [`later`](Self::later).
#[derive(Debug)]
pub(super) struct AtLever {
    pub(super) client: Client,
    way: Way,
}

impl AtLever {
    /// The way to Lever for a job.
    ///
    /// # Errors
    /// What to answer where there is none for now.
    pub(super) async fn open(app: &App, held: &Held) -> Result<Self, Verdict> {
        Ok(Self {
            client: client(app, held.organization).await?,
            way: Way::open(app, held, FarSide::LEVER).await?,
        })
    }

    /// Lever has answered, whatever it said: what waits for that goes on.
    pub(super) async fn answered(&self) {
        self.way.answered().await;
    }

    /// What to answer to an error that says nothing about what was asked for.
    pub(super) async fn later(&self, error: &LeverError) -> Verdict {
        if !is_failing(error) {
            self.answered().await;
            return put_off(error);
        }
        let left_alone = self.way.failed(&error.to_string()).await;
        left_alone.unwrap_or_else(|| put_off(error))
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
    super::standing(app, organization, ConnectionKind::Lever).await
}

/// A client, or what to answer where there is none for now.
async fn client(app: &App, organization: OrganizationId) -> Result<Client, Verdict> {
    match lever_client(app, organization).await {
        Ok(client) => Ok(client),
        Err(Error::Conflict { message, .. }) => Err(Verdict::park(PARKED, message, PARKED_FOR)),
        Err(error) => Err(Verdict::retry(error)),
    }
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
