//! A worker's heart: raises its beat on a thread and a connection of its own, so that a full pool does not look like death.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use domain::Clock;

use crate::address::Purpose;
use crate::workers::{self, WorkerId};
use crate::{AnyConnection, DatabaseUrl, Db, Result};

/// Between two beats.
const BEAT: Duration = Duration::from_secs(2);
/// Between two tries while the database cannot be reached.
const AGAIN: Duration = Duration::from_millis(500);
/// A worker whose last good beat is older than this begins nothing outside: others are about to take it for dead, which they do
/// after 6 s.
const GOOD_FOR: Duration = Duration::from_secs(4);

/// Whether a worker may act. Cheap to clone; the heart stops with the last clone.
#[derive(Debug, Clone)]
pub struct Pulse {
    heart: Option<Arc<Heart>>,
}

#[derive(Debug)]
struct Heart {
    state: Mutex<State>,
    /// Dropped with the heart, which ends the thread.
    _stop: Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    /// Raised each time the beat was away for so long that others may have taken over.
    life: u64,
}

/// A stretch of time in which a worker's beat was never away for long. What was claimed in an earlier one may be somebody
/// else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life(u64);

impl Pulse {
    /// Of a worker beside whom there is no other: it may always act.
    pub fn unneeded() -> Self {
        Self { heart: None }
    }

    /// Starts to beat for `worker`, on PostgreSQL; on SQLite there is no need. `name` is for people to read.
    pub fn start(db: &Db, worker: WorkerId, name: String, clock: Arc<dyn Clock>) -> Self {
        let Some(url) = db.wake().shared().cloned() else {
            return Self::unneeded();
        };
        let (stop, stopped) = bounded(0);
        let heart = Arc::new(Heart {
            state: Mutex::default(),
            _stop: stop,
        });
        let beating = Beating {
            url,
            worker,
            name,
            clock,
            heart: Arc::downgrade(&heart),
        };
        std::thread::Builder::new()
            .name("worker-beat".to_owned())
            .spawn(move || beating.run(&stopped))
            .expect("the operating system gives us a thread at start");
        Self { heart: Some(heart) }
    }

    /// The present life, where the worker may act now.
    pub fn life(&self) -> Option<Life> {
        let Some(heart) = &self.heart else {
            return Some(Life(0));
        };
        let state = heart.lock();
        let fresh = state.last.is_some_and(|last| last.elapsed() < GOOD_FOR);
        fresh.then_some(Life(state.life))
    }

    /// May what was claimed in `life` still be acted on?
    pub fn goes_on(&self, life: Life) -> bool {
        self.life() == Some(life)
    }

    /// Waits until what was claimed in `life` may no longer be acted on.
    pub async fn lost(&self, life: Life) {
        let Some(heart) = &self.heart else {
            return std::future::pending().await;
        };
        while let Some(rest) = heart.rest(life) {
            tokio::time::sleep(rest).await;
        }
    }
}

impl Heart {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the last beat is still good for.
    fn rest(&self, life: Life) -> Option<Duration> {
        let state = self.lock();
        let last = state.last.filter(|_| state.life == life.0)?;
        GOOD_FOR
            .checked_sub(last.elapsed())
            .filter(|rest| !rest.is_zero())
    }

    /// A beat, begun at `at`, was written. `known` is false where the others had struck the worker off.
    fn note(&self, at: Instant, known: bool) {
        let mut state = self.lock();
        let away = state
            .last
            .is_some_and(|last| at.duration_since(last) >= GOOD_FOR);
        if away || !known {
            state.life += 1;
        }
        state.last = Some(at);
    }
}

struct Beating {
    url: DatabaseUrl,
    worker: WorkerId,
    name: String,
    clock: Arc<dyn Clock>,
    heart: Weak<Heart>,
}

impl Beating {
    fn run(self, stopped: &Receiver<()>) {
        let mut connection = None;
        let mut pause = Duration::ZERO;
        let mut warned = false;
        while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            pause = match self.beat(&mut connection) {
                Ok(()) => {
                    warned = false;
                    BEAT
                }
                Err(error) => {
                    if !std::mem::replace(&mut warned, true) {
                        tracing::warn!(%error, "the worker's beat cannot be written; it begins nothing until it can");
                    }
                    AGAIN
                }
            };
        }
        if let Some(mut conn) = connection
            && let Err(error) = workers::leave(&mut conn, self.worker)
        {
            tracing::warn!(%error, "the worker could not take its leave; others strike it off");
        }
    }

    fn beat(&self, slot: &mut Option<AnyConnection>) -> Result<()> {
        let mut conn = match slot.take() {
            Some(conn) => conn,
            None => self.url.connect(Purpose::Write)?,
        };
        let at = Instant::now();
        let known = workers::beat(&mut conn, self.worker, &self.name, self.clock.now())?;
        *slot = Some(conn);
        if let Some(heart) = self.heart.upgrade() {
            heart.note(at, known);
        }
        Ok(())
    }
}
