//! A database thread's connection: made when it is first needed, dropped when it is lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::address::Purpose;
use crate::{AnyConnection, DatabaseUrl, Error, Result};

/// While the database is away, one thread asks so often whether it is back; the others refuse at once.
const PROBE: Duration = Duration::from_millis(250);

/// One thread's connection.
pub(crate) struct Link {
    url: DatabaseUrl,
    purpose: Purpose,
    reach: Arc<Reach>,
    connection: Option<Held>,
}

/// A connection, counted while it is there.
struct Held {
    connection: AnyConnection,
    reach: Arc<Reach>,
    purpose: Purpose,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.reach.held(self.purpose).fetch_sub(1, Ordering::SeqCst);
    }
}

impl Link {
    /// A link that is made when it is first needed; the threads of one [`Db`](crate::Db) share `reach`.
    pub(crate) fn new(url: &DatabaseUrl, purpose: Purpose, reach: &Arc<Reach>) -> Self {
        Self {
            url: url.clone(),
            purpose,
            reach: Arc::clone(reach),
            connection: None,
        }
    }

    /// Connects, and comes back when this thread may take a unit of work. One that finds no connection leaves the work to
    /// those of its lane that have one: where the server lets in only some of us, those do all of it. Where nobody has one,
    /// work is taken, so that its callers hear at once that it cannot be done.
    pub(crate) fn get_ready(&mut self) {
        while self.connection().is_err() && self.reach.held(self.purpose).load(Ordering::SeqCst) > 0
        {
            std::thread::sleep(PROBE);
        }
    }

    /// Runs one unit of work. A connection that has lain idle may have been cut meanwhile, so a unit that loses it before
    /// its commit, of which nothing was kept, is run once more on a new one. A panic costs the unit and its connection.
    ///
    /// # Errors
    /// Those of `body`; [`Error::Unavailable`] where no connection can be made; [`Error::Unknown`] where it broke at the
    /// commit, and such a unit is never run again here.
    pub(crate) fn run<T>(&mut self, body: &dyn Fn(&mut AnyConnection) -> Result<T>) -> Result<T> {
        let was_there = self.connection.is_some();
        match self.run_once(body) {
            Err(Error::Unavailable(_)) if was_there => self.run_once(body),
            outcome => outcome,
        }
    }

    fn run_once<T>(&mut self, body: &dyn Fn(&mut AnyConnection) -> Result<T>) -> Result<T> {
        let conn = self.connection()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| body(conn))).unwrap_or(Err(Error::Panicked));
        if outcome.as_ref().is_err_and(Error::loses_connection) {
            self.connection = None;
        }
        self.reach.note(self.purpose, &outcome);
        outcome
    }

    fn connection(&mut self) -> Result<&mut AnyConnection> {
        let held = match self.connection.take() {
            Some(held) => held,
            None => self.connect()?,
        };
        Ok(&mut self.connection.insert(held).connection)
    }

    fn connect(&self) -> Result<Held> {
        let connection = self.reach.connect(&self.url, self.purpose)?;
        self.reach.held(self.purpose).fetch_add(1, Ordering::SeqCst);
        Ok(Held {
            connection,
            reach: Arc::clone(&self.reach),
            purpose: self.purpose,
        })
    }
}

/// Whether the database can be reached and takes writes, as far as the threads of this process know.
#[derive(Default)]
pub(crate) struct Reach {
    away: Mutex<Option<Away>>,
    no_writes: Mutex<Option<String>>,
    /// How many connections the threads hold, to read and to write.
    held: [AtomicUsize; 2],
}

struct Away {
    since: Instant,
    /// Nobody asks before.
    next_probe: Instant,
    /// Somebody is asking at this moment.
    probing: bool,
    why: String,
}

impl Reach {
    fn held(&self, purpose: Purpose) -> &AtomicUsize {
        match purpose {
            Purpose::Read => &self.held[0],
            Purpose::Write => &self.held[1],
        }
    }

    /// Why a write failed since the last probe, where its disk is full or it has become a standby.
    pub(crate) fn no_writes(&self) -> Option<String> {
        lock(&self.no_writes).clone()
    }

    /// Others may still succeed, such as those that find nothing to write: only a probe tells that it is over.
    fn note<T>(&self, purpose: Purpose, outcome: &Result<T>) {
        if let (Purpose::Write, Err(Error::NoWrites(why))) = (purpose, outcome) {
            *lock(&self.no_writes) = Some(why.clone());
        }
    }

    pub(crate) fn takes_writes_again(&self) {
        *lock(&self.no_writes) = None;
    }

    /// Connects, unless the database is known to be away and somebody else is about to find out whether it is back: what
    /// waits is then refused at once, instead of each thread waiting out a connection's time-out for each unit of work.
    fn connect(&self, url: &DatabaseUrl, purpose: Purpose) -> Result<AnyConnection> {
        self.admit()?;
        let made = url.connect(purpose);
        let mut away = lock(&self.away);
        match &made {
            Ok(_) => {
                if let Some(away) = away.take() {
                    let seconds = away.since.elapsed().as_secs_f32();
                    tracing::info!(seconds, "the database can be reached again");
                }
            }
            Err(error) => went_away(&mut away, error),
        }
        metrics::gauge!("baton_database_reachable").set(f64::from(u8::from(made.is_ok())));
        // It let us in when the program started, so whatever it says now is to pass.
        made.map_err(|error| match error {
            Error::Unsuitable(why) => Error::Unavailable(why),
            other => other,
        })
    }

    fn admit(&self) -> Result<()> {
        let mut away = lock(&self.away);
        let Some(away) = away.as_mut() else {
            return Ok(());
        };
        if away.probing || Instant::now() < away.next_probe {
            return Err(Error::Unavailable(away.why.clone()));
        }
        away.probing = true;
        Ok(())
    }
}

fn went_away(slot: &mut Option<Away>, error: &Error) {
    let now = Instant::now();
    let why = match error {
        Error::Unavailable(why) => why.clone(),
        other => other.to_string(),
    };
    if slot.is_none() {
        tracing::warn!(%error, "the database cannot be reached; asks again until it can");
    }
    let since = slot.as_ref().map_or(now, |away| away.since);
    *slot = Some(Away {
        since,
        next_probe: now + PROBE,
        probing: false,
        why,
    });
}

/// A panic while the lock was held leaves nothing half-changed: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
