//! What Harvest allows, shared by all processes: so many calls in thirty seconds, as its answers say. The row in the database
//! counts the calls of every process; until the first answer the least is assumed that anybody paces by.

use std::sync::Arc;
use std::time::Duration;

use ats_http::{BoxFuture, Throttle, Wait, Window};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{CallWindow, Clock, OrganizationId, SeenWindow, SystemClock};
use storage::{AnyConnection, Db, call_windows};

use crate::App;

/// What Greenhouse is taken to allow until it says otherwise.
const LIMIT_UNSAID: u32 = 50;
/// How long one of Greenhouse's windows is.
const LENGTH: TimeDelta = TimeDelta::seconds(30);
/// A call that has to wait longer than this is put off, and its job with it.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);
/// How long to wait where the database cannot count.
const NO_DATABASE: Duration = Duration::from_secs(1);
/// Under which name it is counted.
const HARVEST: &str = "greenhouse_harvest";

/// One organization's windows at Harvest.
#[derive(Debug)]
pub(super) struct Windows {
    db: Db,
    // What Greenhouse counts are real seconds, whatever the rest of Baton holds to be the time.
    clock: Arc<dyn Clock>,
    organization: OrganizationId,
}

impl Windows {
    /// Those of an organization.
    pub(super) fn of(app: &App, organization: OrganizationId) -> Arc<Self> {
        Arc::new(Self::new(
            app.db().clone(),
            Arc::new(SystemClock),
            organization,
        ))
    }

    pub(super) fn new(db: Db, clock: Arc<dyn Clock>, organization: OrganizationId) -> Self {
        Self {
            db,
            clock,
            organization,
        }
    }

    /// Takes one call; answers when the next may be made where none is left.
    async fn take(&self) -> Result<Result<(), DateTime<Utc>>, Wait> {
        let taken = self.change(|window, now| window.take(LENGTH, now));
        taken.await.map_err(|error| {
            tracing::warn!(%error, "calls to Greenhouse could not be counted");
            Wait(NO_DATABASE)
        })
    }

    async fn turn(&self) -> Result<(), Wait> {
        let asked = self.clock.now();
        loop {
            let Err(again) = self.take().await? else {
                return Ok(());
            };
            let now = self.clock.now();
            let wait = (again - now).to_std().unwrap_or_default();
            if again - asked > PATIENCE {
                return Err(Wait(wait));
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn note<T: Send + 'static>(
        &self,
        change: impl Fn(&mut CallWindow, DateTime<Utc>) -> T + Send + Sync + 'static,
    ) {
        if let Err(error) = self.change(change).await {
            tracing::warn!(%error, "what Greenhouse allows could not be told to others");
        }
    }

    async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&mut CallWindow, DateTime<Utc>) -> T + Send + Sync + 'static,
    ) -> storage::Result<T> {
        let (organization, now) = (self.organization, self.clock.now());
        let first = CallWindow::new(LIMIT_UNSAID, LENGTH, now);
        let unit = move |conn: &mut AnyConnection| {
            let before = call_windows::hold(conn, organization, HARVEST, first)?;
            let mut window = before;
            let answer = change(&mut window, now);
            if window != before {
                call_windows::keep(conn, organization, HARVEST, window)?;
            }
            Ok(answer)
        };
        self.db.write(unit).await
    }
}

impl Throttle for Windows {
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>> {
        Box::pin(self.turn())
    }

    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()> {
        let wait = TimeDelta::from_std(wait).unwrap_or(LENGTH);
        Box::pin(self.note(move |window, now| *window = window.paused(now + wait)))
    }

    fn observed(&self, seen: Window) -> BoxFuture<'_, ()> {
        let ends_in = TimeDelta::from_std(seen.ends_in).unwrap_or(LENGTH);
        Box::pin(self.note(move |window, now| {
            let seen = SeenWindow {
                limit: seen.limit,
                remaining: seen.remaining,
                ends_at: now + ends_in,
            };
            *window = window.learned(seen, now);
        }))
    }
}
