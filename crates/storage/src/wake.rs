//! The signal that work was queued, so that workers need not wait for their next look.
//!
//! Inside one process it is a counter in memory. On PostgreSQL other processes hear of it too, through NOTIFY: sent after
//! the commit and outside any transaction (inside one it takes a lock on the whole database at commit), by one thread per
//! process, at most once per 10 ms. A signal may be lost; whoever listens looks by himself from time to time as well.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::connection::SimpleConnection;
use tokio::sync::watch;

use crate::address::Purpose;
use crate::{AnyConnection, DatabaseUrl, Result};

/// Between two NOTIFYs, and between two looks for one while they come.
const SHORT: Duration = Duration::from_millis(10);
/// Between two looks when none come.
const LONG: Duration = Duration::from_millis(100);
/// Before a listener tries again to reach the database.
const RECONNECT: Duration = Duration::from_secs(1);

/// Gives and takes the signal. Cheap to clone.
#[derive(Clone)]
pub struct Wake {
    inner: Arc<Inner>,
}

struct Inner {
    signal: watch::Sender<u64>,
    postgres: Option<Postgres>,
}

/// The threads towards other processes, each started when first needed.
struct Postgres {
    url: DatabaseUrl,
    teller: OnceLock<Sender<()>>,
    listener: OnceLock<()>,
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wake")
    }
}

impl Wake {
    pub(crate) fn new(url: &DatabaseUrl) -> Self {
        let postgres = (!url.is_sqlite()).then(|| Postgres {
            url: url.clone(),
            teller: OnceLock::new(),
            listener: OnceLock::new(),
        });
        let (signal, _) = watch::channel(0);
        Self {
            inner: Arc::new(Inner { signal, postgres }),
        }
    }

    /// Tells every listener, here and in other processes, that work was queued. Call it after the commit; it never waits.
    pub fn notify(&self) {
        self.inner.hear();
        if let Some(postgres) = &self.inner.postgres {
            postgres.tell();
        }
    }

    /// Where the database is that other processes share with this one; none on SQLite.
    pub(crate) fn shared(&self) -> Option<&DatabaseUrl> {
        self.inner.postgres.as_ref().map(|postgres| &postgres.url)
    }

    /// Listens from now on.
    pub fn listen(&self) -> Listener {
        if let Some(postgres) = &self.inner.postgres {
            postgres.listen(&self.inner);
        }
        Listener {
            signal: self.inner.signal.subscribe(),
        }
    }
}

/// Hears the signals given since it was made or last heard one.
#[derive(Debug)]
pub struct Listener {
    signal: watch::Receiver<u64>,
}

impl Listener {
    /// Waits for a signal; several that were given meanwhile count as one. May be dropped at any time without losing one.
    pub async fn heard(&mut self) {
        if self.signal.changed().await.is_err() {
            // The database was closed: nothing will ever be queued.
            std::future::pending::<()>().await;
        }
    }
}

impl Inner {
    fn hear(&self) {
        self.signal
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}

impl Postgres {
    fn tell(&self) {
        let teller = self.teller.get_or_init(|| {
            let (teller, told) = bounded(1);
            let url = self.url.clone();
            start_thread("db-notify", move || tell_others(&url, &told));
            teller
        });
        // Full means that a NOTIFY is still to be sent, which tells of this change too.
        let _ = teller.try_send(());
    }

    fn listen(&self, inner: &Arc<Inner>) {
        self.listener.get_or_init(|| {
            let (url, inner) = (self.url.clone(), Arc::downgrade(inner));
            start_thread("db-listen", move || hear_others(&url, &inner));
        });
    }
}

fn start_thread(name: &str, body: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .expect("the operating system gives us a thread at start");
}

/// Ends when the last [`Wake`] does.
fn tell_others(url: &DatabaseUrl, told: &Receiver<()>) {
    let mut connection = None;
    let mut mute = false;
    while told.recv().is_ok() {
        // A connection that lay idle may have been cut: the second try has a fresh one.
        let sent = send_notify(url, &mut connection).or_else(|_| send_notify(url, &mut connection));
        if let Err(error) = &sent
            && !mute
        {
            tracing::warn!(%error, "other processes are not told that work was queued, until the database is back");
        }
        mute = sent.is_err();
        std::thread::sleep(SHORT);
    }
}

fn send_notify(url: &DatabaseUrl, slot: &mut Option<AnyConnection>) -> Result<()> {
    let mut conn = match slot.take() {
        Some(conn) => conn,
        None => url.connect(Purpose::Write)?,
    };
    conn.batch_execute("NOTIFY baton_jobs")?;
    *slot = Some(conn);
    Ok(())
}

/// Ends when the last [`Wake`] does.
fn hear_others(url: &DatabaseUrl, inner: &Weak<Inner>) {
    let mut connection = None;
    let mut pause = SHORT;
    let mut deaf = false;
    while let Some(inner) = inner.upgrade() {
        let heard = receive(url, &mut connection);
        if let Err(error) = &heard
            && !deaf
        {
            tracing::warn!(%error, "no longer hears of work that other processes queue; tries again");
        }
        deaf = heard.is_err();
        pause = match heard {
            Ok(true) => {
                inner.hear();
                SHORT
            }
            Ok(false) => (pause * 2).min(LONG),
            Err(_) => RECONNECT,
        };
        drop(inner);
        std::thread::sleep(pause);
    }
}

/// Has a signal come? A new connection counts as one: what was sent before it was lost.
fn receive(url: &DatabaseUrl, slot: &mut Option<AnyConnection>) -> Result<bool> {
    let Some(mut conn) = slot.take() else {
        let mut conn = url.connect(Purpose::Write)?;
        conn.batch_execute("LISTEN baton_jobs")?;
        *slot = Some(conn);
        return Ok(true);
    };
    let mut heard = false;
    if let AnyConnection::Postgres(c) = &mut conn {
        for notification in c.notifications_iter() {
            notification?;
            heard = true;
        }
    }
    *slot = Some(conn);
    Ok(heard)
}
