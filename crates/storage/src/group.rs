//! Hot writes share a transaction: what is queued when a writer gets to it, up to 64 asks, is decided and stored at once.
//! No timer: a lone ask waits for nobody.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::db::write_now;
use crate::link::Link;
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
    most: usize,
}

struct Queue<A: Grouped> {
    waiting: VecDeque<Waiting<A>>,
    /// A writer has been told and has not come yet.
    told: bool,
}

/// One asker. Dropped unanswered (no room in the writers' queue), it is told to come back: nothing was done.
struct Waiting<A: Grouped> {
    ask: A,
    answer: Option<oneshot::Sender<Result<A::Reply>>>,
}

impl<A: Grouped> Waiting<A> {
    fn answer(mut self, answer: Result<A::Reply>) {
        if let Some(asker) = self.answer.take() {
            // An asker that has gone away has no use for the answer.
            let _ = asker.send(answer);
        }
    }
}

impl<A: Grouped> Drop for Waiting<A> {
    fn drop(&mut self) {
        if let Some(asker) = self.answer.take() {
            let _ = asker.send(Err(Error::Busy));
        }
    }
}

impl<A: Grouped> Clone for GroupLane<A> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            queue: Arc::clone(&self.queue),
            most: self.most,
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
        Self {
            db,
            queue,
            most: MOST,
        }
    }

    /// The same lane with groups of at most `most` asks, 1 to 64: what grouping brings is measured beside groups of one.
    #[must_use]
    pub fn with_groups_of(mut self, most: usize) -> Self {
        self.most = most.clamp(1, MOST);
        self
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
            let answer = Some(answer);
            queue.waiting.push_back(Waiting { ask, answer });
            !std::mem::replace(&mut queue.told, true)
        };
        if tell {
            self.tell_a_writer();
        }
        answered.await.unwrap_or(Err(Error::Busy))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue<A>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_a_writer(&self) {
        let visit = Visit {
            lane: self.clone(),
            made: false,
        };
        if self.db.queue_write(move |link| visit.run(link)).is_err() {
            // Dropping the closure has already turned the waiting away.
            tracing::warn!("too much is waiting for the database");
        }
    }

    /// Takes up to 64 asks; where more are left, another writer is told.
    fn take(&self) -> Vec<Waiting<A>> {
        let (group, more) = {
            let mut queue = self.lock();
            let many = queue.waiting.len().min(self.most);
            let group: Vec<_> = queue.waiting.drain(..many).collect();
            queue.told = !queue.waiting.is_empty();
            (group, queue.told)
        };
        if more {
            self.tell_a_writer();
        }
        group
    }

    /// Decides and stores a group; one that fails is run again member by member, so that one bad ask spoils no other.
    fn serve(link: &mut Link, group: Vec<Waiting<A>>) {
        let asks: Vec<A> = group.iter().map(|waiting| waiting.ask.clone()).collect();
        match link.run(&|conn| conn.in_transaction(|conn| decide_all(conn, &asks))) {
            Ok(replies) => {
                for (waiting, reply) in group.into_iter().zip(replies) {
                    waiting.answer(Ok(reply));
                }
            }
            Err(error) => match error.for_everybody() {
                Some(_) => refuse_all(group, &error),
                None => group
                    .into_iter()
                    .for_each(|waiting| serve_one(link, waiting)),
            },
        }
    }
}

/// The database is away, or went away at the commit: perhaps it was stored, perhaps not. Each asker asks again, or gives up.
fn refuse_all<A: Grouped>(group: Vec<Waiting<A>>, error: &Error) {
    for waiting in group {
        waiting.answer(Err(error.for_everybody().unwrap_or(Error::Busy)));
    }
}

/// A writer's errand. Dropped undone (queue full), it turns away what it would have taken.
struct Visit<A: Grouped> {
    lane: GroupLane<A>,
    made: bool,
}

impl<A: Grouped> Visit<A> {
    fn run(mut self, link: &mut Link) {
        self.made = true;
        GroupLane::serve(link, self.lane.take());
    }
}

impl<A: Grouped> Drop for Visit<A> {
    fn drop(&mut self) {
        if self.made {
            return;
        }
        let mut queue = self.lane.lock();
        queue.told = false;
        let turned_away = std::mem::take(&mut queue.waiting);
        drop(queue);
        drop(turned_away);
    }
}

fn serve_one<A: Grouped>(link: &mut Link, waiting: Waiting<A>) {
    let asks = [waiting.ask.clone()];
    let outcome = link.run(&|conn| write_now(conn, &|conn| decide_all(conn, &asks)));
    waiting.answer(outcome.and_then(|mut replies| replies.pop().ok_or(Error::Panicked)));
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
