//! How jobs that look at Greenhouse's Harvest call it: over a connection that works, and not while it keeps failing.

use std::time::Duration;

use ats::greenhouse::harvest::{Client, Error as HarvestError, LOST, is_failing, is_lost};
use domain::{ConnectionKind, OrganizationId};
use jobs::{Held, Verdict};
use storage::connections::ConnectionRecord;

use super::way::Way;
use crate::circuits::FarSide;
use crate::connections::{HARVEST_PARKED, PARKED_FOR, harvest_client};
use crate::{App, Error, Result};

/// How long to wait where Greenhouse does not say.
const ASKED_TO_WAIT: Duration = Duration::from_secs(5);
/// What Greenhouse asks to wait is parked under this.
const THROTTLE: &str = "greenhouse_harvest throttle";

/// Harvest, as one job may call it. Whoever was let in says how it went: [`answered`](Self::answered) or
/// [`later`](Self::later).
#[derive(Debug)]
pub(super) struct AtHarvest {
    pub(super) client: Client,
    way: Way,
}

impl AtHarvest {
    /// The way to Harvest for a job.
    ///
    /// # Errors
    /// What to answer where there is none for now.
    pub(super) async fn open(app: &App, held: &Held) -> Result<Self, Verdict> {
        Ok(Self {
            client: client(app, held.organization).await?,
            way: Way::open(app, held, FarSide::HARVEST).await?,
        })
    }

    /// Greenhouse has answered, whatever it said: what waits for that goes on.
    pub(super) async fn answered(&self) {
        self.way.answered().await;
    }

    /// What to answer to an error that says nothing about what was asked for.
    pub(super) async fn later(&self, error: &HarvestError) -> Verdict {
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
    super::standing(app, organization, ConnectionKind::GreenhouseHarvest).await
}

/// A client, or what to answer where there is none for now.
async fn client(app: &App, organization: OrganizationId) -> Result<Client, Verdict> {
    match harvest_client(app, organization).await {
        Ok(client) => Ok(client),
        Err(Error::Conflict { message, .. }) => {
            Err(Verdict::park(HARVEST_PARKED, message, PARKED_FOR))
        }
        Err(error) => Err(Verdict::retry(error)),
    }
}

fn put_off(error: &HarvestError) -> Verdict {
    if is_lost(error) {
        return Verdict::park(HARVEST_PARKED, LOST, PARKED_FOR);
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
