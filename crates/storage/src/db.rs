//! Database threads: each has one connection and takes units of work from a bounded queue.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use crate::address::Purpose;
use crate::link::{Link, Reach};
use crate::{AnyConnection, DatabaseUrl, Error, Result, Wake};

/// A unit of work as the threads see it: it answers its caller by itself.
type Unit = Box<dyn FnOnce(&mut Link) + Send>;
/// A unit of work as callers write it.
pub(crate) type Body<T> = Box<dyn Fn(&mut AnyConnection) -> Result<T> + Send>;

/// How many units may wait before callers are told to come back later.
const QUEUE: usize = 1024;
/// How often a unit is tried when somebody else changes the same row at the same moment. Each try that
/// fails is somebody else's that went through.
const TRIES: u32 = 9;

/// The database. Cheap to clone; the threads end with the last clone.
#[derive(Clone)]
pub struct Db {
    lanes: Arc<Lanes>,
}

struct Lanes {
    read: Sender<Unit>,
    write: Sender<Unit>,
    sqlite: bool,
    wake: Wake,
    reach: Arc<Reach>,
    _threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("sqlite", &self.lanes.sqlite)
            .finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the database and starts its threads: on PostgreSQL `connections` (a quarter of them for reads only), on SQLite
    /// one writer and two readers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where no first connection can be made.
    pub fn open(url: &DatabaseUrl, connections: usize) -> Result<Self> {
        let readers = if url.is_sqlite() {
            2
        } else {
            (connections / 4).max(1)
        };
        let writers = if url.is_sqlite() {
            1
        } else {
            connections.saturating_sub(readers).max(1)
        };
        drop(url.connect(Purpose::Write)?);
        let (write, write_queue) = bounded(QUEUE);
        let (read, read_queue) = bounded(QUEUE);
        let reach = Arc::new(Reach::default());
        let mut threads = Vec::new();
        for (name, purpose, count, queue) in [
            ("db-write", Purpose::Write, writers, &write_queue),
            ("db-read", Purpose::Read, readers, &read_queue),
        ] {
            for number in 0..count {
                let link = Link::new(url, purpose, &reach);
                threads.push(start_thread(
                    format!("{name}-{number}"),
                    link,
                    queue.clone(),
                ));
            }
        }
        let sqlite = url.is_sqlite();
        Ok(Self {
            lanes: Arc::new(Lanes {
                read,
                write,
                sqlite,
                wake: Wake::new(url),
                reach,
                _threads: threads,
            }),
        })
    }

    /// Looks something up on a connection of its own, once: for programs that open nothing else.
    ///
    /// # Errors
    /// Those of `body`, and [`Error::Unavailable`].
    pub fn look<T>(
        url: &DatabaseUrl,
        body: impl FnOnce(&mut AnyConnection) -> Result<T>,
    ) -> Result<T> {
        body(&mut url.connect(Purpose::Read)?)
    }

    /// Is this SQLite, where the worker lives in the same process as the api?
    pub fn is_sqlite(&self) -> bool {
        self.lanes.sqlite
    }

    /// The signal that work was queued: give it after each write that queued some.
    pub fn wake(&self) -> &Wake {
        &self.lanes.wake
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.lanes.reach
    }

    /// Runs `body` to look something up; nothing can be written. It is run again where the connection was lost.
    ///
    /// # Errors
    /// Those of `body`, and [`Error::Busy`] where too much is waiting.
    pub async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T> + Send + 'static,
    {
        self.run(&self.lanes.read, Box::new(body)).await
    }

    /// Runs `body` in one transaction, committed before this answers. Where somebody else changes the same row at the
    /// same moment, or makes the same row, it is run again, so it must have no effect outside.
    ///
    /// # Errors
    /// Those of `body`, and [`Error::Busy`] where too much is waiting.
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T> + Send + 'static,
    {
        let unit: Body<T> = Box::new(move |conn| write_now(conn, &body));
        self.run(&self.lanes.write, unit).await
    }

    async fn run<T: Send + 'static>(&self, lane: &Sender<Unit>, body: Body<T>) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let unit: Unit = Box::new(move |link| {
            // A caller that has gone away has no use for the answer.
            let _ = answer.send(link.run(&*body));
        });
        submit(lane, unit)?;
        // A unit is dropped unanswered only when the threads end.
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    /// Queues work for a reader without waiting for it.
    pub(crate) fn queue_read(&self, unit: impl FnOnce(&mut Link) + Send + 'static) -> Result<()> {
        submit(&self.lanes.read, Box::new(unit))
    }

    /// Queues work for a writer without waiting for it.
    pub(crate) fn queue_write(&self, unit: impl FnOnce(&mut Link) + Send + 'static) -> Result<()> {
        submit(&self.lanes.write, Box::new(unit))
    }
}

fn ended() -> Error {
    Error::Unavailable("the database threads have ended".into())
}

fn submit(lane: &Sender<Unit>, unit: Unit) -> Result<()> {
    metrics::gauge!("baton_database_queue").set(count(lane.len()));
    lane.try_send(unit).map_err(|error| match error {
        TrySendError::Full(_) => Error::Busy,
        TrySendError::Disconnected(_) => ended(),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a queue's length is far below 2^52"
)]
fn count(length: usize) -> f64 {
    length as f64
}

/// One transaction, tried again where somebody else came first.
pub(crate) fn write_now<T>(
    conn: &mut AnyConnection,
    body: &dyn Fn(&mut AnyConnection) -> Result<T>,
) -> Result<T> {
    let mut tries = 1;
    loop {
        match conn.in_transaction(|conn| body(conn)) {
            Err(Error::Stale | Error::Taken(_)) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

fn start_thread(name: String, mut link: Link, queue: Receiver<Unit>) -> JoinHandle<()> {
    std::thread::Builder::new()
        .name(name)
        .spawn(move || {
            link.get_ready();
            // Ends when the last sender does.
            while let Ok(unit) = queue.recv() {
                unit(&mut link);
                link.get_ready();
            }
        })
        .expect("the operating system gives us a thread at start")
}
