//! Claims jobs and has them run, until told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{Clock, Ids};
use storage::jobs::{Claimed, ClaimedJob, Progress};
use storage::workers::WorkerId;
use storage::{Db, Life, Listener, Pulse};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::attempt::Attempts;
use crate::crew::Crew;
use crate::every::Ticking;
use crate::upkeep::{self, Upkeep};
use crate::{Every, Registry, gauges};

/// The most jobs of one claim.
const BATCH: usize = 32;
/// At most so long after a claim that failed comes the next.
const CLAIM_PAUSE: Duration = Duration::from_secs(1);
/// How long jobs that were cut off at the end get to be put back.
const LAST_WRITES: Duration = Duration::from_secs(3);
/// Between two looks whether the worker has been heard of again.
const SILENT_PAUSE: Duration = Duration::from_millis(100);

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerConfig {
    /// How many jobs run at once; half of them, at most, are such as were tried before.
    pub concurrency: usize,
    /// How many of one organization's jobs run at once.
    pub per_organization: usize,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// How often to look for work unasked.
    pub poll: Duration,
    /// How long running jobs may go on after the worker is told to stop.
    pub drain: Duration,
    /// Is this the only worker there is, as on SQLite? Then what is claimed at its start was claimed by nobody alive, and is
    /// taken back at once.
    pub alone: bool,
}

impl WorkerConfig {
    pub(crate) fn retries(&self) -> usize {
        self.concurrency.div_ceil(2)
    }
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self {
            concurrency: 16,
            per_organization: 4,
            attempt_timeout: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            drain: Duration::from_secs(25),
            alone: false,
        }
    }
}

/// Carries out jobs with the handlers of a [`Registry`] and periodic work, with `C` to do it with.
pub struct Worker<C> {
    id: WorkerId,
    attempts: Arc<Attempts<C>>,
    periodic: Vec<Every<C>>,
    config: WorkerConfig,
    /// Is a suspect due? It works alone.
    suspects: Arc<AtomicBool>,
    progress: Progress,
    /// Claims whose answer was lost on its way: what they took, if they took anything, is in nobody's hands.
    unheard: Vec<Uuid>,
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
        let id = WorkerId(ids.draw(clock.now()));
        let attempts = Attempts {
            db,
            clock,
            ids,
            registry,
            context: Arc::new(context),
            limit: config.attempt_timeout,
            pulse: Pulse::unneeded(),
            cut: CancellationToken::new(),
        };
        Self {
            id,
            attempts: Arc::new(attempts),
            periodic: Vec::new(),
            config,
            suspects: Arc::default(),
            progress: Progress::default(),
            unheard: Vec::new(),
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
        } else {
            self.start_to_beat();
        }
        let periodic = self.start_periodic(&shutdown);
        let mut crew = Crew::new(self.config);
        while !shutdown.is_cancelled() {
            let look = self.take_up(&mut crew, &shutdown).await;
            match look {
                Look::AtOnce => {}
                Look::After(pause) => {
                    self.next_occasion(&mut crew, &mut wake, &shutdown, pause)
                        .await;
                }
            }
        }
        self.drain(crew, periodic).await;
    }

    /// From now on others can tell whether this worker lives.
    fn start_to_beat(&mut self) {
        let attempts = Arc::get_mut(&mut self.attempts).expect("nothing runs yet");
        let clock = Arc::clone(&attempts.clock);
        attempts.pulse = Pulse::start(&attempts.db, self.id, name(), clock);
    }

    async fn take_back_claims(&self) {
        let now = self.attempts.clock.now();
        let take_back = move |conn: &mut _| storage::jobs::take_back_all(conn, now);
        while let Err(error) = self.attempts.db.write(take_back).await {
            tracing::warn!(%error, "what an earlier run had begun could not be taken back; tries again");
            tokio::time::sleep(CLAIM_PAUSE).await;
        }
    }

    fn start_periodic(&mut self, shutdown: &CancellationToken) -> JoinSet<()> {
        let mut set = JoinSet::new();
        let ticking = Ticking {
            db: self.attempts.db.clone(),
            clock: Arc::clone(&self.attempts.clock),
            shutdown: shutdown.clone(),
        };
        for work in std::mem::take(&mut self.periodic) {
            set.spawn(work.tick(Arc::clone(&self.attempts.context), ticking.clone()));
        }
        let gauges = Every::new(
            "measure the queue",
            gauges::PERIOD,
            |all: Arc<Attempts<C>>| gauges::measure(all.db.clone(), all.clock.now()),
        );
        set.spawn(gauges.tick(Arc::clone(&self.attempts), ticking.clone()));
        let upkeep = Upkeep::new(
            ticking.db.clone(),
            Arc::clone(&ticking.clock),
            Arc::clone(&self.suspects),
        );
        let rounds = Every::new("keep the queue up", upkeep::PERIOD, Upkeep::round);
        set.spawn(rounds.tick(Arc::new(upkeep), ticking));
        set
    }

    /// Claims what there are hands for, and sets them to work. A suspect is waited for until the hands are empty, and then
    /// works alone.
    async fn take_up(&mut self, crew: &mut Crew, shutdown: &CancellationToken) -> Look {
        let Some(life) = self.attempts.pulse.life() else {
            return Look::After(SILENT_PAUSE);
        };
        if !crew.has_room() {
            return Look::After(self.config.poll);
        }
        if !self.disclaim_unheard().await {
            return Look::After(self.config.poll.min(CLAIM_PAUSE));
        }
        if self.suspects.load(Ordering::Relaxed) {
            if crew.len() > 0 {
                return Look::After(self.config.poll);
            }
            if let Some(claim) = self.claim_suspect().await {
                self.start(crew, claim, life, true, shutdown);
                return Look::After(self.config.poll);
            }
            self.suspects.store(false, Ordering::Relaxed);
        }
        let Some(claimed) = self.claim(crew).await else {
            return Look::After(self.config.poll.min(CLAIM_PAUSE));
        };
        self.progress = claimed.progress;
        let full = claimed.jobs.len() == BATCH;
        for claim in claimed.jobs {
            self.start(crew, claim, life, false, shutdown);
        }
        if full {
            Look::AtOnce
        } else {
            Look::After(self.config.poll)
        }
    }

    fn start(
        &self,
        crew: &mut Crew,
        claim: ClaimedJob,
        life: Life,
        alone: bool,
        shutdown: &CancellationToken,
    ) {
        let attempts = Arc::clone(&self.attempts);
        let hand = claim.clone();
        crew.start(&hand, alone, attempts.make(claim, life, shutdown.clone()));
    }

    /// Puts back what claims took whose answer never came; answers whether the database could be asked.
    async fn disclaim_unheard(&mut self) -> bool {
        while let Some(&token) = self.unheard.last() {
            let now = self.attempts.clock.now();
            let disclaim = move |conn: &mut _| storage::jobs::disclaim(conn, token, now);
            match self.attempts.db.write(disclaim).await {
                Ok(_) => self.unheard.pop(),
                Err(_) => return false,
            };
        }
        true
    }

    /// What a claim answered; none where the database could not be asked.
    fn heard<T>(&mut self, token: Uuid, claimed: storage::Result<T>) -> Option<T> {
        claimed
            .inspect_err(|error| {
                tracing::warn!(%error, "no jobs could be claimed; tries again");
                if matches!(error, storage::Error::Unknown(_)) {
                    self.unheard.push(token);
                }
            })
            .ok()
    }

    /// None where the database could not be asked.
    async fn claim(&mut self, crew: &Crew) -> Option<Claimed> {
        let mut room = crew.room(self.id, self.progress);
        room.hands = room.hands.min(BATCH);
        let now = self.attempts.clock.now();
        let token = self.attempts.ids.draw(now);
        let claim = move |conn: &mut _| storage::jobs::claim(conn, &room, now, token);
        let claimed = self.attempts.db.write(claim).await;
        self.heard(token, claimed)
    }

    async fn claim_suspect(&mut self) -> Option<ClaimedJob> {
        let (worker, now) = (self.id, self.attempts.clock.now());
        let token = self.attempts.ids.draw(now);
        let claim = move |conn: &mut _| storage::jobs::claim_suspect(conn, worker, now, token);
        let claimed = self.attempts.db.write(claim).await;
        self.heard(token, claimed).flatten()
    }

    /// Waits for what may make a claim worthwhile: a free hand, a signal, the next look, or the end.
    async fn next_occasion(
        &self,
        crew: &mut Crew,
        wake: &mut Listener,
        shutdown: &CancellationToken,
        pause: Duration,
    ) {
        let free = crew.has_room();
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = crew.one_ended() => {}
            () = wake.heard(), if free => {}
            () = tokio::time::sleep(pause), if free => {}
        }
    }

    async fn drain(&self, mut crew: Crew, mut periodic: JoinSet<()>) {
        let count = crew.len();
        tracing::info!(count, "worker stops; waits for running jobs");
        let ended = async {
            crew.all_ended().await;
            while periodic.join_next().await.is_some() {}
        };
        if tokio::time::timeout(self.config.drain, ended).await.is_ok() {
            return;
        }
        self.attempts.cut.cancel();
        if tokio::time::timeout(LAST_WRITES, crew.all_ended())
            .await
            .is_err()
        {
            tracing::warn!("some jobs could not be put back; others find them left behind");
        }
    }
}

/// When to look for work again.
enum Look {
    AtOnce,
    After(Duration),
}

/// Where this worker runs, for people to read.
fn name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} {}", host.trim(), std::process::id())
}
