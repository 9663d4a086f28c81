//! Claims jobs and has them run, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Ids};
use storage::jobs::ClaimedJob;
use storage::{Db, Listener};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::attempt::Attempts;
use crate::{Every, Registry, gauges};

/// The most jobs of one claim.
const BATCH: usize = 32;
/// At most so long after a claim that failed comes the next.
const CLAIM_PAUSE: Duration = Duration::from_secs(1);
/// How long jobs that were cut off at the end get to be put back.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerConfig {
    /// How many jobs run at once.
    pub concurrency: usize,
    /// How long one attempt may take: less than [`storage::jobs::LEASE`], so that what became of it can still be stored.
    pub attempt_timeout: Duration,
    /// How often to look for work unasked.
    pub poll: Duration,
    /// How long running jobs may go on after the worker is told to stop.
    pub drain: Duration,
    /// Is this the only worker there is, as on SQLite? Then what is claimed at its start was claimed by nobody alive, and is
    /// taken back at once, not when its lease has run out.
    pub alone: bool,
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self {
            concurrency: 16,
            attempt_timeout: Duration::from_secs(25),
            poll: Duration::from_secs(1),
            drain: Duration::from_secs(25),
            alone: false,
        }
    }
}

/// Carries out jobs with the handlers of a [`Registry`] and periodic work, with `C` to do it with.
pub struct Worker<C> {
    attempts: Arc<Attempts<C>>,
    periodic: Vec<Every<C>>,
    config: WorkerConfig,
}

impl<C> std::fmt::Debug for Worker<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("registry", &self.attempts.registry)
            .field("periodic", &self.periodic)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl<C: Send + Sync + 'static> Worker<C> {
    /// A worker on `db`. Claim tokens and the jitter of retries come from `ids`.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        registry: Registry<C>,
        context: C,
        config: WorkerConfig,
    ) -> Self {
        let attempts = Attempts {
            db,
            clock,
            ids,
            registry,
            context: Arc::new(context),
            limit: config.attempt_timeout,
            cut: CancellationToken::new(),
        };
        Self {
            attempts: Arc::new(attempts),
            periodic: Vec::new(),
            config,
        }
    }

    /// With one more piece of periodic work.
    #[must_use]
    pub fn every(mut self, work: Every<C>) -> Self {
        self.periodic.push(work);
        self
    }

    /// Works until `shutdown`. Then claims nothing more, lets what runs go on for as long as `drain` says, and puts the rest
    /// back as if it had not been tried.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut wake = self.attempts.db.wake().listen();
        if self.config.alone {
            self.take_back_claims().await;
        }
        let periodic = self.start_periodic(&shutdown);
        let mut running = JoinSet::new();
        while !shutdown.is_cancelled() {
            let free = self.config.concurrency.saturating_sub(running.len());
            let (claims, pause) = self.claim(free.min(BATCH)).await;
            let more = claims.len() == BATCH;
            for claim in claims {
                running.spawn(Arc::clone(&self.attempts).make(claim, shutdown.clone()));
            }
            if !more {
                self.next_occasion(&mut running, &mut wake, &shutdown, pause)
                    .await;
            }
        }
        self.drain(running, periodic).await;
    }

    async fn take_back_claims(&self) {
        let now = self.attempts.clock.now();
        let taken = self
            .attempts
            .db
            .write(move |conn| storage::jobs::take_back_claims(conn, now))
            .await;
        match taken {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "took back jobs that an earlier run had begun"),
            Err(error) => {
                tracing::warn!(%error, "jobs that an earlier run had begun wait for their lease to run out");
            }
        }
    }

    fn start_periodic(&mut self, shutdown: &CancellationToken) -> JoinSet<()> {
        let mut set = JoinSet::new();
        for work in std::mem::take(&mut self.periodic) {
            set.spawn(work.tick(Arc::clone(&self.attempts.context), shutdown.clone()));
        }
        let gauges = Every::new(
            "measure the queue",
            gauges::PERIOD,
            |all: Arc<Attempts<C>>| gauges::measure(all.db.clone(), all.clock.now()),
        );
        set.spawn(gauges.tick(Arc::clone(&self.attempts), shutdown.clone()));
        set
    }

    /// Up to `most` jobs, and how long to wait for the next look.
    async fn claim(&self, most: usize) -> (Vec<ClaimedJob>, Duration) {
        let Ok(most @ 1..) = i64::try_from(most) else {
            return (Vec::new(), self.config.poll);
        };
        let now = self.attempts.clock.now();
        let token = self.attempts.ids.draw(now);
        let claimed = self
            .attempts
            .db
            .write(move |conn| storage::jobs::claim(conn, now, most, token))
            .await;
        match claimed {
            Ok(claims) => (claims, self.config.poll),
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed; tries again");
                (Vec::new(), self.config.poll.min(CLAIM_PAUSE))
            }
        }
    }

    /// Waits for what may make a claim worthwhile: a free hand, a signal, the next look, or the end.
    async fn next_occasion(
        &self,
        running: &mut JoinSet<()>,
        wake: &mut Listener,
        shutdown: &CancellationToken,
        pause: Duration,
    ) {
        let free = running.len() < self.config.concurrency;
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(_) = running.join_next() => while running.try_join_next().is_some() {},
            () = wake.heard(), if free => {}
            () = tokio::time::sleep(pause), if free => {}
        }
    }

    async fn drain(&self, mut running: JoinSet<()>, mut periodic: JoinSet<()>) {
        let count = running.len();
        tracing::info!(count, "worker stops; waits for running jobs");
        let ended = async {
            while running.join_next().await.is_some() {}
            while periodic.join_next().await.is_some() {}
        };
        if tokio::time::timeout(self.config.drain, ended).await.is_ok() {
            return;
        }
        self.attempts.cut.cancel();
        let put_back = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_WRITES, put_back).await.is_err() {
            tracing::warn!("some jobs could not be put back; their leases run out");
        }
    }
}
