//! The jobs that a worker has in work.

use std::collections::HashMap;

use domain::OrganizationId;
use storage::jobs::{ClaimedJob, Progress, Room};
use storage::workers::WorkerId;
use tokio::task::{Id, JoinSet};

use crate::WorkerConfig;

/// Counts hands: in all, by organization, and those at work on what was tried before.
#[derive(Debug)]
pub(crate) struct Crew {
    config: WorkerConfig,
    running: JoinSet<()>,
    hands: HashMap<Id, Hand>,
    /// One works alone: nothing else may begin.
    alone: bool,
}

#[derive(Debug)]
struct Hand {
    organization: OrganizationId,
    retries: bool,
}

impl Crew {
    pub(crate) fn new(config: WorkerConfig) -> Self {
        Self {
            config,
            running: JoinSet::new(),
            hands: HashMap::new(),
            alone: false,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.running.len()
    }

    /// Is there a hand that may take something up?
    pub(crate) fn has_room(&self) -> bool {
        !self.alone && self.len() < self.config.concurrency
    }

    /// What can be taken up now.
    pub(crate) fn room(&self, worker: WorkerId, progress: Progress) -> Room {
        let mut busy = HashMap::new();
        for hand in self.hands.values() {
            *busy.entry(hand.organization).or_default() += 1;
        }
        let retries = self.hands.values().filter(|hand| hand.retries).count();
        Room {
            worker,
            hands: self.config.concurrency.saturating_sub(self.len()),
            retries: self.config.retries().saturating_sub(retries),
            per_organization: self.config.per_organization,
            busy,
            progress,
        }
    }

    /// Sets a hand to work on a claim; nothing begins beside it where it is to work `alone`.
    pub(crate) fn start(
        &mut self,
        claim: &ClaimedJob,
        alone: bool,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let hand = Hand {
            organization: claim.organization,
            retries: claim.attempt > 1,
        };
        let task = self.running.spawn(work);
        self.hands.insert(task.id(), hand);
        self.alone = alone;
    }

    /// Waits until one has ended, or for ever where none runs. May be dropped at any time.
    pub(crate) async fn one_ended(&mut self) {
        let ended = match self.running.join_next_with_id().await {
            Some(Ok((task, ()))) => task,
            Some(Err(error)) => {
                tracing::error!(%error, "what became of a job was not stored: its task failed");
                error.id()
            }
            None => return std::future::pending().await,
        };
        self.hands.remove(&ended);
        self.alone = false;
        while let Some(ended) = self.running.try_join_next_with_id() {
            let task = ended.map_or_else(|error| error.id(), |(task, ())| task);
            self.hands.remove(&task);
        }
    }

    /// Waits until all have ended.
    pub(crate) async fn all_ended(&mut self) {
        while !self.running.is_empty() {
            self.one_ended().await;
        }
    }
}
