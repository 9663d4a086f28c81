//! What each worker looks after once a second, beside its jobs: other workers' silence, what is parked, orders without a head.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::Clock;
use storage::jobs;
use storage::workers::{self, WorkerId};
use storage::{AnyConnection, Db};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Between two rounds.
pub(crate) const PERIOD: Duration = Duration::from_secs(1);
/// A worker whose beat has stood still for so long is dead.
const SILENCE: Duration = Duration::from_secs(6);
/// Of the time between two looks so much counts at most: while this process stood still, or could not read, others may have
/// beaten unseen.
const MOST_UNSEEN: Duration = Duration::from_secs(2);
/// So many that wait in orders are looked at in one round.
const ORDERS: i64 = 1_000;
/// Rounds between two looks at the orders.
const ORDERS_EVERY: u32 = 60;

/// One worker's upkeep. Each worker does it: what one does, the others then find done.
pub(crate) struct Upkeep {
    db: Db,
    clock: Arc<dyn Clock>,
    suspects: Arc<AtomicBool>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    watch: Watch,
    rounds: u32,
    orders_after: Option<Uuid>,
}

/// What one look found.
struct Look {
    beats: Vec<(WorkerId, i64)>,
    lost: bool,
    parked: bool,
    suspect: bool,
}

impl Upkeep {
    /// `suspects` is set while a suspect is due.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, suspects: Arc<AtomicBool>) -> Self {
        Self {
            db,
            clock,
            suspects,
            memory: Mutex::default(),
        }
    }

    /// One round.
    pub(crate) async fn round(self: Arc<Self>) -> storage::Result<()> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        let look = match self.db.read(move |conn| look(conn, now)).await {
            Ok(look) => look,
            Err(error) => {
                memory.watch.blink();
                return Err(error);
            }
        };
        self.suspects.store(look.suspect, Ordering::Relaxed);
        let silent = memory.watch.look(&look.beats, Instant::now());
        if look.lost || !silent.is_empty() {
            self.take_back(silent, now).await?;
        }
        if look.parked {
            while self
                .db
                .write(move |conn| jobs::unpark_due(conn, now))
                .await?
            {
                self.db.wake().notify();
            }
        }
        self.mend_orders(&mut memory).await
    }

    async fn take_back(
        &self,
        silent: Vec<(WorkerId, i64)>,
        now: DateTime<Utc>,
    ) -> storage::Result<()> {
        let taken = self
            .db
            .write(move |conn| {
                for (worker, beat) in &silent {
                    if workers::strike_off(conn, *worker, *beat)? {
                        tracing::warn!(worker = %worker.0, "a worker went silent; what it had begun goes to others");
                    }
                }
                jobs::take_back_lost(conn, now)
            })
            .await?;
        metrics::counter!("baton_jobs_reaped_total").increment(u64::try_from(taken).unwrap_or(0));
        if taken > 0 {
            tracing::info!(
                count = taken,
                "took back jobs that a worker had begun and left"
            );
            self.db.wake().notify();
        }
        Ok(())
    }

    async fn mend_orders(&self, memory: &mut Memory) -> storage::Result<()> {
        memory.rounds = memory.rounds.wrapping_add(1);
        if memory.rounds % ORDERS_EVERY != 1 {
            return Ok(());
        }
        let after = memory.orders_after;
        memory.orders_after = self
            .db
            .write(move |conn| jobs::mend_orders(conn, after, ORDERS))
            .await?;
        Ok(())
    }
}

fn look(conn: &mut AnyConnection, now: DateTime<Utc>) -> storage::Result<Look> {
    let beats = match conn {
        AnyConnection::Postgres(_) => workers::beats(conn)?,
        // One process; no worker has a beat there.
        AnyConnection::Sqlite(_) => Vec::new(),
    };
    let alone = matches!(conn, AnyConnection::Sqlite(_));
    Ok(Look {
        lost: !alone && jobs::any_lost(conn, now)?,
        parked: jobs::parked_is_due(conn, now)?,
        suspect: jobs::suspect_is_due(conn, now)?,
        beats,
    })
}

/// Remembers, by this process's own clock, for how long each worker's beat has stood still.
#[derive(Debug, Default)]
struct Watch {
    seen: HashMap<WorkerId, Seen>,
    last: Option<Instant>,
}

#[derive(Debug)]
struct Seen {
    beat: i64,
    still: Duration,
}

impl Watch {
    /// The beats could not be read.
    fn blink(&mut self) {
        self.last = None;
    }

    /// The beats as they were read at `at`; answers those who have been silent for too long.
    fn look(&mut self, beats: &[(WorkerId, i64)], at: Instant) -> Vec<(WorkerId, i64)> {
        let since = self
            .last
            .map_or(Duration::ZERO, |last| at.duration_since(last));
        let counted = since.min(MOST_UNSEEN);
        self.last = Some(at);
        self.seen
            .retain(|worker, _| beats.iter().any(|(there, _)| there == worker));
        let mut silent = Vec::new();
        for (worker, beat) in beats {
            let fresh = Seen {
                beat: *beat,
                still: Duration::ZERO,
            };
            let seen = self.seen.entry(*worker).or_insert(fresh);
            if seen.beat == *beat {
                seen.still += counted;
            } else {
                *seen = Seen {
                    beat: *beat,
                    still: Duration::ZERO,
                };
            }
            if seen.still >= SILENCE {
                silent.push((*worker, *beat));
            }
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: WorkerId = WorkerId(Uuid::from_u128(1));
    const TWO: WorkerId = WorkerId(Uuid::from_u128(2));

    fn seconds(many: u64) -> Duration {
        Duration::from_secs(many)
    }

    #[test]
    fn a_beat_that_stands_still_for_six_seconds_is_silence() {
        let (mut watch, begun) = (Watch::default(), Instant::now());
        for second in 0..6 {
            let beats = [(ONE, 7), (TWO, i64::try_from(second).unwrap())];
            assert!(watch.look(&beats, begun + seconds(second)).is_empty());
        }
        assert_eq!(
            watch.look(&[(ONE, 7), (TWO, 6)], begun + seconds(6)),
            [(ONE, 7)]
        );
    }

    #[test]
    fn a_beat_in_between_begins_the_count_anew() {
        let (mut watch, begun) = (Watch::default(), Instant::now());
        for second in 0..20 {
            let beats = [(ONE, i64::try_from(second / 5).unwrap())];
            assert!(watch.look(&beats, begun + seconds(second)).is_empty());
        }
    }

    #[test]
    fn time_in_which_nothing_could_be_read_does_not_count() {
        let (mut watch, mut at) = (Watch::default(), Instant::now());
        for _ in 0..10 {
            assert!(watch.look(&[(ONE, 7)], at).is_empty());
            watch.blink();
            at += seconds(60);
        }
    }

    #[test]
    fn time_in_which_this_process_stood_still_hardly_counts() {
        let (mut watch, begun) = (Watch::default(), Instant::now());
        assert!(watch.look(&[(ONE, 7)], begun).is_empty());
        assert!(watch.look(&[(ONE, 7)], begun + seconds(600)).is_empty());
        assert!(watch.look(&[(ONE, 7)], begun + seconds(601)).is_empty());
        assert!(watch.look(&[(ONE, 7)], begun + seconds(602)).is_empty());
        assert_eq!(watch.look(&[(ONE, 7)], begun + seconds(604)), [(ONE, 7)]);
    }

    #[test]
    fn a_worker_that_left_is_forgotten() {
        let (mut watch, begun) = (Watch::default(), Instant::now());
        for second in 0..6 {
            watch.look(&[(ONE, 7)], begun + seconds(second));
        }
        assert!(watch.look(&[], begun + seconds(6)).is_empty());
        assert!(watch.look(&[(ONE, 7)], begun + seconds(7)).is_empty());
    }
}
