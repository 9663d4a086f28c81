//! Hot calls share their units of work: what is queued when a thread gets to it, up to 64 asks, is answered at once.
//! Writes share a transaction, reads share their statements.

use crate::db::write_now;
use crate::gather::{Gathering, Served};
use crate::link::Link;
use crate::{AnyConnection, Db, Result};

/// An ask that can be decided together with others of its kind.
pub trait Grouped: Send + 'static {
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

/// A question that can be answered together with others of its kind.
pub trait GroupedRead: Send + 'static {
    /// What its caller hears.
    type Reply: Send + 'static;

    /// Answers all of `questions`, each in its place, with one statement per table. All of them were asked before this began.
    ///
    /// # Errors
    /// Those of the database; each question is then asked alone.
    fn answer(conn: &mut AnyConnection, questions: &[&Self]) -> Result<Vec<Self::Reply>>;
}

/// Where asks of one kind wait for a writer. Cheap to clone.
pub struct GroupLane<A: Grouped> {
    gathering: Gathering<Write<A>>,
}

/// Where questions of one kind wait for a reader. Cheap to clone.
pub struct ReadLane<Q: GroupedRead> {
    gathering: Gathering<Read<Q>>,
}

struct Write<A>(A);
struct Read<Q>(Q);

impl<A: Grouped> GroupLane<A> {
    /// A lane on `db`.
    pub fn new(db: Db) -> Self {
        Self {
            gathering: Gathering::new(db),
        }
    }

    /// The same lane with groups of at most `most` asks, 1 to 64: what grouping brings is measured beside groups of one.
    #[must_use]
    pub fn with_groups_of(self, most: usize) -> Self {
        Self {
            gathering: self.gathering.with_groups_of(most),
        }
    }

    /// Has `ask` decided and stored; answers after the commit.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) where too much is waiting, else those of the database.
    pub async fn ask(&self, ask: A) -> Result<A::Reply> {
        self.gathering.ask(Write(ask)).await
    }
}

impl<Q: GroupedRead> ReadLane<Q> {
    /// A lane on `db`.
    pub fn new(db: Db) -> Self {
        Self {
            gathering: Gathering::new(db),
        }
    }

    /// Has `question` answered, from what is stored no earlier than now.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) where too much is waiting, else those of the database.
    pub async fn ask(&self, question: Q) -> Result<Q::Reply> {
        self.gathering.ask(Read(question)).await
    }
}

impl<A: Grouped> Served for Write<A> {
    type Reply = A::Reply;
    const AT_ONCE: usize = 2;

    fn queue(db: &Db, unit: impl FnOnce(&mut Link) + Send + 'static) -> Result<()> {
        db.queue_write(unit)
    }

    fn serve(conn: &mut AnyConnection, asks: &[Self]) -> Result<Vec<A::Reply>> {
        let asks: Vec<&A> = asks.iter().map(|ask| &ask.0).collect();
        conn.in_transaction(|conn| decide_all(conn, &asks))
    }

    fn serve_alone(conn: &mut AnyConnection, ask: &Self) -> Result<A::Reply> {
        let mut replies = write_now(conn, &|conn| decide_all(conn, &[&ask.0]))?;
        Ok(replies.swap_remove(0))
    }
}

impl<Q: GroupedRead> Served for Read<Q> {
    type Reply = Q::Reply;
    const AT_ONCE: usize = 2;

    fn queue(db: &Db, unit: impl FnOnce(&mut Link) + Send + 'static) -> Result<()> {
        db.queue_read(unit)
    }

    fn serve(conn: &mut AnyConnection, questions: &[Self]) -> Result<Vec<Q::Reply>> {
        let questions: Vec<&Q> = questions.iter().map(|question| &question.0).collect();
        Q::answer(conn, &questions)
    }

    fn serve_alone(conn: &mut AnyConnection, question: &Self) -> Result<Q::Reply> {
        let mut replies = Q::answer(conn, &[&question.0])?;
        Ok(replies.swap_remove(0))
    }
}

fn decide_all<A: Grouped>(conn: &mut AnyConnection, asks: &[&A]) -> Result<Vec<A::Reply>> {
    let mut world = A::load(conn, asks)?;
    let mut changes = A::Changes::default();
    let replies = asks
        .iter()
        .map(|ask| ask.decide(&mut world, &mut changes))
        .collect();
    A::save(conn, changes)?;
    Ok(replies)
}

impl<A: Grouped> Clone for GroupLane<A> {
    fn clone(&self) -> Self {
        Self {
            gathering: self.gathering.clone(),
        }
    }
}

impl<Q: GroupedRead> Clone for ReadLane<Q> {
    fn clone(&self) -> Self {
        Self {
            gathering: self.gathering.clone(),
        }
    }
}

impl<A: Grouped> std::fmt::Debug for GroupLane<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupLane")
    }
}

impl<Q: GroupedRead> std::fmt::Debug for ReadLane<Q> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadLane")
    }
}
