//! Hot writes share a transaction: what is queued when a writer gets to it, up to 64 asks, is decided and stored at once.
//! No timer: a lone ask waits for nobody.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::db::{guarded, write_now};
use crate::{AnyConnection, Db, Error, Result};

/// The most asks that share one transaction.
const MOST: usize = 64;

/// An ask that can be decided together with others of its kind.
pub trait Grouped: Clone + Send + 'static {
    /// What has to be known of the database to decide; later members see what earlier ones did.
    type World;
    /// What its caller hears.
    type Reply: Send + 'static;
    /// Rows to store, of one ask or of many.
    type Changes: Default;

    /// Looks up what `asks` need, with one statement per table.
    ///
    /// # Errors
    /// Those of the database.
    fn load(conn: &mut AnyConnection, asks: &[&Self]) -> Result<Self::World>;

    /// Decides one ask; adds what is to be stored to `changes`.
    fn decide(&self, world: &mut Self::World, changes: &mut Self::Changes) -> Self::Reply;

    /// Stores the changes, each table's rows in one statement.
    ///
    /// # Errors
    /// Those of the database; the whole group is then run again member by member.
    fn save(conn: &mut AnyConnection, changes: Self::Changes) -> Result<()>;
}

/// The queue of one kind of ask.
pub struct GroupLane<A: Grouped> {
    db: Db,
    queue: Arc<Mutex<Queue<A>>>,
}

struct Queue<A: Grouped> {
    waiting: VecDeque<Waiting<A>>,
    /// A writer has been told and has not come yet.
    told: bool,
}

struct Waiting<A: Grouped> {
    ask: A,
    answer: oneshot::Sender<Result<A::Reply>>,
}

impl<A: Grouped> Clone for GroupLane<A> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            queue: Arc::clone(&self.queue),
        }
    }
}

impl<A: Grouped> std::fmt::Debug for GroupLane<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupLane")
    }
}

impl<A: Grouped> GroupLane<A> {
    /// A lane on `db`.
    pub fn new(db: Db) -> Self {
        let queue = Arc::new(Mutex::new(Queue {
            waiting: VecDeque::new(),
            told: false,
        }));
        Self { db, queue }
    }

    /// Has `ask` decided and stored; answers after the commit.
    ///
    /// # Errors
    /// [`Error::Busy`] where too much is waiting, else those of the database.
    pub async fn ask(&self, ask: A) -> Result<A::Reply> {
        let (answer, answered) = oneshot::channel();
        let tell = {
            let mut queue = self.lock();
            if queue.waiting.len() >= MOST * 64 {
                return Err(Error::Busy);
            }
            queue.waiting.push_back(Waiting { ask, answer });
            !std::mem::replace(&mut queue.told, true)
        };
        if tell {
            self.tell_a_writer();
        }
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Unavailable("no connection could be made".into())))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue<A>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_a_writer(&self) {
        let visit = Visit {
            lane: self.clone(),
            made: false,
        };
        if self.db.queue_write(move |conn| visit.run(conn)).is_err() {
            // Dropping the closure has already turned the waiting away.
            tracing::warn!("too much is waiting for the database");
        }
    }

    /// Takes up to 64 asks; where more are left, another writer is told.
    fn take(&self) -> Vec<Waiting<A>> {
        let (group, more) = {
            let mut queue = self.lock();
            let many = queue.waiting.len().min(MOST);
            let group: Vec<_> = queue.waiting.drain(..many).collect();
            queue.told = !queue.waiting.is_empty();
            (group, queue.told)
        };
        if more {
            self.tell_a_writer();
        }
        group
    }
}

/// A writer's errand. Dropped undone (queue full, no connection), it turns away what it would have taken.
struct Visit<A: Grouped> {
    lane: GroupLane<A>,
    made: bool,
}

impl<A: Grouped> Visit<A> {
    fn run(mut self, conn: &mut AnyConnection) -> bool {
        self.made = true;
        serve(conn, self.lane.take())
    }
}

impl<A: Grouped> Drop for Visit<A> {
    fn drop(&mut self) {
        if self.made {
            return;
        }
        let mut queue = self.lane.lock();
        queue.told = false;
        let turned_away: Vec<_> = queue.waiting.drain(..).collect();
        drop(queue);
        for waiting in turned_away {
            let _ = waiting.answer.send(Err(Error::Busy));
        }
    }
}

/// Decides and stores a group; one that fails is run again member by member, so that one bad ask spoils no other.
fn serve<A: Grouped>(conn: &mut AnyConnection, group: Vec<Waiting<A>>) -> bool {
    let asks: Vec<A> = group.iter().map(|waiting| waiting.ask.clone()).collect();
    match guarded(conn, &|conn| {
        conn.in_transaction(|conn| decide_all(conn, &asks))
    }) {
        Ok(replies) => {
            for (waiting, reply) in group.into_iter().zip(replies) {
                let _ = waiting.answer.send(Ok(reply));
            }
            true
        }
        Err(error) if error.loses_connection() => {
            let detail = error.to_string();
            for waiting in group {
                let _ = waiting.answer.send(Err(Error::Unavailable(detail.clone())));
            }
            false
        }
        Err(_) => group.into_iter().all(|waiting| serve_one(conn, waiting)),
    }
}

fn serve_one<A: Grouped>(conn: &mut AnyConnection, waiting: Waiting<A>) -> bool {
    let asks = [waiting.ask];
    let outcome = guarded(conn, &|conn| {
        write_now(conn, &|conn| decide_all(conn, &asks))
    });
    let good = !outcome.as_ref().is_err_and(Error::loses_connection);
    let reply = outcome.and_then(|mut replies| replies.pop().ok_or(Error::Panicked));
    let _ = waiting.answer.send(reply);
    good
}

fn decide_all<A: Grouped>(conn: &mut AnyConnection, asks: &[A]) -> Result<Vec<A::Reply>> {
    let mut world = A::load(conn, &asks.iter().collect::<Vec<_>>())?;
    let mut changes = A::Changes::default();
    let replies = asks
        .iter()
        .map(|ask| ask.decide(&mut world, &mut changes))
        .collect();
    A::save(conn, changes)?;
    Ok(replies)
}
