//! What Lever allows, shared by all processes: 10 calls a second, 20 after a rest.
//!
//! The row in the database plans every call of every process. A process asks it for as many calls as wait at that moment,
//! five at most, so that a call costs the database little and none is kept in store.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ats_http::{BoxFuture, Throttle, Wait};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, OrganizationId, SystemClock};
use storage::Db;
use storage::allowances::{self, Pace};
use tokio::sync::Mutex;

use crate::App;

/// Below what Lever allows by as much as calls may come closer together on their way: 9.5 a second, and in no second more
/// than 20, though some are [`LATE`].
pub(super) const PACE: Pace = Pace {
    interval: TimeDelta::microseconds(105_263),
    burst: 7,
    ahead: TimeDelta::seconds(5),
};
/// So many calls are planned in one unit of work at most.
const BATCH: usize = 5;
/// A planned call that could not be made in time is not made up for: where a machine stands still for a moment, all that it then
/// made at once would be more than a second's worth.
const LATE: TimeDelta = TimeDelta::milliseconds(250);
/// So often a call that was late is planned anew. A machine that is late each time makes few calls.
const PLANS: usize = 3;
/// How long to wait where the database cannot plan.
const NO_DATABASE: Duration = Duration::from_secs(1);
/// Under which name Lever's allowance is kept.
const LEVER: &str = "lever";

/// One organization's allowance at Lever, as this process uses it.
#[derive(Debug)]
pub(super) struct Allowance {
    db: Db,
    // What Lever counts are real seconds, whatever the rest of Baton holds to be the time.
    clock: Arc<dyn Clock>,
    organization: OrganizationId,
    waiting: AtomicUsize,
    planned: Mutex<VecDeque<DateTime<Utc>>>,
}

impl Allowance {
    /// The one of an organization in this process.
    pub(super) fn of(app: &App, organization: OrganizationId) -> Arc<Self> {
        let make = || Self::new(app.db().clone(), Arc::new(SystemClock), organization);
        app.connections().allowance(organization, make)
    }

    pub(super) fn new(db: Db, clock: Arc<dyn Clock>, organization: OrganizationId) -> Self {
        Self {
            db,
            clock,
            organization,
            waiting: AtomicUsize::new(0),
            planned: Mutex::default(),
        }
    }

    /// When the next call may be made.
    pub(super) async fn take(&self) -> Result<DateTime<Utc>, Wait> {
        let _counted = Waiting::among(&self.waiting);
        let mut planned = self.planned.lock().await;
        loop {
            let now = self.clock.now();
            while let Some(slot) = planned.pop_front() {
                if slot + LATE >= now {
                    return Ok(slot);
                }
            }
            planned.extend(self.plan(now).await?);
        }
    }

    async fn plan(&self, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, Wait> {
        let organization = self.organization;
        let wanted = self.waiting.load(Ordering::SeqCst).clamp(1, BATCH);
        let leased = self
            .db
            .write(move |conn| allowances::lease(conn, organization, LEVER, PACE, wanted, now))
            .await
            .map_err(|error| {
                tracing::warn!(%error, "calls to Lever could not be planned");
                Wait(NO_DATABASE)
            })?;
        if leased.slots.is_empty() {
            return Err(Wait((leased.next - now).to_std().unwrap_or_default()));
        }
        Ok(leased.slots)
    }

    async fn pause(&self, wait: Duration) {
        let organization = self.organization;
        let until = self.clock.now() + TimeDelta::from_std(wait).unwrap_or(PACE.ahead);
        let used = self
            .db
            .write(move |conn| allowances::use_up(conn, organization, LEVER, PACE, until));
        if let Err(error) = used.await {
            tracing::warn!(%error, "that Lever asked to wait could not be told to others");
        }
        self.planned.lock().await.clear();
    }
}

impl Throttle for Allowance {
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>> {
        Box::pin(async move {
            for _ in 0..PLANS {
                let slot = self.take().await?;
                let early = (slot - self.clock.now()).to_std().unwrap_or_default();
                tokio::time::sleep(early).await;
                if self.clock.now() <= slot + LATE {
                    break;
                }
            }
            Ok(())
        })
    }

    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.pause(wait))
    }
}

/// One that waits, counted while it does.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn among(all: &'a AtomicUsize) -> Self {
        all.fetch_add(1, Ordering::SeqCst);
        Self(all)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
