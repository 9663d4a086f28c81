//! Asks of one kind that wait at the same moment are served as one unit of work, up to 64. No timer: a lone ask waits for nobody.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::link::Link;
use crate::{AnyConnection, Db, Error, Result};

/// The most asks that share a unit of work.
const MOST: usize = 64;

/// How one kind of ask is served.
pub(crate) trait Served: Send + Sized + 'static {
    /// What its asker hears.
    type Reply: Send + 'static;
    /// How many threads at most serve this kind at the same moment. With more of them each takes fewer asks, with one alone
    /// nobody decides while it waits for the disk.
    const AT_ONCE: usize;

    /// Queues `unit` for a thread of the kind that may serve it.
    fn queue(db: &Db, unit: impl FnOnce(&mut Link) + Send + 'static) -> Result<()>;

    /// Answers all of `asks`, each in its place, or none.
    fn serve(conn: &mut AnyConnection, asks: &[Self]) -> Result<Vec<Self::Reply>>;

    /// Answers one, after the group it was in has failed.
    fn serve_alone(conn: &mut AnyConnection, ask: &Self) -> Result<Self::Reply>;
}

/// Where asks of one kind wait.
pub(crate) struct Gathering<A: Served> {
    db: Db,
    queue: Arc<Mutex<Queue<A>>>,
    most: usize,
}

struct Queue<A: Served> {
    waiting: VecDeque<Waiting<A>>,
    /// A thread has been told and has not come yet.
    told: bool,
    /// How many threads are serving.
    serving: usize,
}

/// One asker. Dropped unanswered (no room in the threads' queue), it is told to come back: nothing was done.
struct Waiting<A: Served> {
    ask: A,
    asker: Asker<A::Reply>,
}

struct Asker<R>(Option<oneshot::Sender<Result<R>>>);

impl<R> Asker<R> {
    fn answer(mut self, answer: Result<R>) {
        if let Some(asker) = self.0.take() {
            // An asker that has gone away has no use for the answer.
            let _ = asker.send(answer);
        }
    }
}

impl<R> Drop for Asker<R> {
    fn drop(&mut self) {
        if let Some(asker) = self.0.take() {
            let _ = asker.send(Err(Error::Busy));
        }
    }
}

impl<A: Served> Clone for Gathering<A> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            queue: Arc::clone(&self.queue),
            most: self.most,
        }
    }
}

impl<A: Served> Gathering<A> {
    pub(crate) fn new(db: Db) -> Self {
        let queue = Arc::new(Mutex::new(Queue {
            waiting: VecDeque::new(),
            told: false,
            serving: 0,
        }));
        let most = MOST;
        Self { db, queue, most }
    }

    /// With units of work of at most `most` asks.
    pub(crate) fn with_groups_of(mut self, most: usize) -> Self {
        self.most = most.clamp(1, MOST);
        self
    }

    pub(crate) async fn ask(&self, ask: A) -> Result<A::Reply> {
        let (asker, answered) = oneshot::channel();
        let tell = {
            let mut queue = self.lock();
            if queue.waiting.len() >= MOST * 64 {
                return Err(Error::Busy);
            }
            let asker = Asker(Some(asker));
            queue.waiting.push_back(Waiting { ask, asker });
            queue.wants_a_thread()
        };
        if tell {
            self.tell_a_thread();
        }
        answered.await.unwrap_or(Err(Error::Busy))
    }

    fn lock(&self) -> MutexGuard<'_, Queue<A>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_a_thread(&self) {
        let visit = Visit {
            gathering: self.clone(),
            begun: false,
        };
        if A::queue(&self.db, move |link| visit.run(link)).is_err() {
            // Dropping the closure has already turned the waiting away.
            tracing::warn!("too much is waiting for the database");
        }
    }

    /// Takes what waits, up to 64; where more are left, another thread is told.
    fn take(&self) -> Vec<Waiting<A>> {
        let (group, more) = {
            let mut queue = self.lock();
            let many = queue.waiting.len().min(self.most);
            let group = queue.waiting.drain(..many).collect();
            queue.told = false;
            queue.serving += 1;
            (group, queue.wants_a_thread())
        };
        if more {
            self.tell_a_thread();
        }
        group
    }
}

/// Answers a group; one that fails is served again ask by ask, so that one bad ask spoils no other.
fn serve<A: Served>(link: &mut Link, group: Vec<Waiting<A>>) {
    let (asks, askers): (Vec<A>, Vec<_>) =
        group.into_iter().map(|each| (each.ask, each.asker)).unzip();
    match link.run(&|conn| A::serve(conn, &asks)) {
        Ok(replies) => {
            for (asker, reply) in askers.into_iter().zip(replies) {
                asker.answer(Ok(reply));
            }
        }
        Err(error) => {
            for (ask, asker) in asks.into_iter().zip(askers) {
                // The database is away, or went away at the commit: perhaps it was stored, perhaps not. Each asker asks
                // again, or gives up.
                let outcome = match error.for_everybody() {
                    Some(error) => Err(error),
                    None => link.run(&|conn| A::serve_alone(conn, &ask)),
                };
                asker.answer(outcome);
            }
        }
    }
}

impl<A: Served> Queue<A> {
    /// Does somebody wait whom no thread will come for? Then one is to be told, by whoever asks this.
    fn wants_a_thread(&mut self) -> bool {
        let wants = !self.waiting.is_empty() && !self.told && self.serving < A::AT_ONCE;
        self.told |= wants;
        wants
    }
}

/// A thread's errand. Dropped undone (queue full), it turns away what it would have taken.
struct Visit<A: Served> {
    gathering: Gathering<A>,
    begun: bool,
}

impl<A: Served> Visit<A> {
    fn run(mut self, link: &mut Link) {
        self.begun = true;
        serve(link, self.gathering.take());
    }
}

impl<A: Served> Drop for Visit<A> {
    fn drop(&mut self) {
        let mut queue = self.gathering.lock();
        if self.begun {
            queue.serving -= 1;
            let tell = queue.wants_a_thread();
            drop(queue);
            if tell {
                self.gathering.tell_a_thread();
            }
        } else {
            queue.told = false;
            let turned_away = std::mem::take(&mut queue.waiting);
            drop(queue);
            drop(turned_away);
        }
    }
}
