//! A database of its own for each test, and workers whose handler does what the test says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use domain::{Clock, Entropy, FixedClock, Ids, JobId, OrganizationId};
use futures_util::future::BoxFuture;
use jobs::{Every, Handler, Held, Job, Registry, Verdict, Worker, WorkerConfig};
use serde::{Deserialize, Serialize};
use storage::jobs::{ClaimedJob, DeadFilter, DeadJob, NewJob, Room};
use storage::workers::{self, WorkerId};
use storage::{AnyConnection, DatabaseUrl, Db, Page};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Longer than any test may take.
pub(crate) const NEVER: Duration = Duration::from_secs(3_600);

/// What the handler does, by the name of the job.
pub(crate) type Script = Arc<dyn Fn(String, Held) -> BoxFuture<'static, Verdict> + Send + Sync>;

/// What handlers get: the script, a list of what was run, with its attempt, and one of what was given up, with the reason.
pub(crate) struct Desk {
    pub(crate) script: Script,
    pub(crate) ran: Arc<Mutex<Vec<(String, u32)>>>,
    pub(crate) told: Arc<Mutex<Vec<(String, String)>>>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Scripted {
    name: String,
}

impl Job for Scripted {
    const KIND: &'static str = "scripted";
}

impl Handler<Desk> for Scripted {
    async fn run(self, desk: &Desk, held: &Held) -> Verdict {
        desk.ran
            .lock()
            .unwrap()
            .push((self.name.clone(), held.attempt));
        (desk.script)(self.name, held.clone()).await
    }

    fn give_up(
        self,
        desk: &Desk,
        _: &mut AnyConnection,
        _: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        desk.told.lock().unwrap().push((self.name, reason.into()));
        Ok(())
    }
}

/// A handler that answers at once.
pub(crate) fn says(verdict: impl Fn(&Held) -> Verdict + Send + Sync + 'static) -> Script {
    Arc::new(move |_, held| {
        let verdict = verdict(&held);
        Box::pin(async move { verdict })
    })
}

/// Waits for a condition; fails when it does not come true.
pub(crate) async fn eventually<F, Check>(what: &str, mut check: F)
where
    F: FnMut() -> Check,
    Check: Future<Output = bool>,
{
    let begun = std::time::Instant::now();
    while !check().await {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "did not come true: {what}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// One database, and what to act on it with.
pub(crate) struct Home {
    pub(crate) db: Db,
    pub(crate) url: DatabaseUrl,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) organization: OrganizationId,
    pub(crate) ran: Arc<Mutex<Vec<(String, u32)>>>,
    told: Arc<Mutex<Vec<(String, String)>>>,
    /// Another worker, that the tests play.
    stranger: WorkerId,
    place: Place,
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// Where the database lies; dropped after `db`.
enum Place {
    Folder(#[expect(dead_code, reason = "is removed when dropped")] tempfile::TempDir),
    Server { admin: String, name: String },
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Server { admin, name } = self {
            let mut conn = PgConnection::establish(admin).unwrap();
            conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .unwrap();
        }
    }
}

impl Home {
    /// `None` on PostgreSQL where the environment names no server.
    pub(crate) fn open(engine: Engine) -> Option<Self> {
        let (place, url) = match engine {
            Engine::Sqlite => in_a_folder(),
            Engine::Postgres => on_a_server(std::env::var("BATON_TEST_POSTGRES").ok()?),
        };
        storage::migrate(&url).unwrap();
        let now = "2026-11-25T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
        Some(Self {
            db: Db::open(&url, 4).unwrap(),
            url,
            clock: Arc::new(FixedClock::at(now)),
            organization: OrganizationId(Entropy.draw(now)),
            ran: Arc::default(),
            told: Arc::default(),
            stranger: WorkerId(token()),
            place,
        })
    }

    /// Ends every connection to the database, as a server that starts anew does.
    pub(crate) fn cut_connections(&self) {
        let Place::Server { admin, name } = &self.place else {
            panic!("only a server has connections to cut");
        };
        let mut conn = PgConnection::establish(admin).unwrap();
        conn.batch_execute(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .unwrap();
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A row for the queue: due now, its key its name.
    pub(crate) fn job(&self, name: &str) -> NewJob {
        let scripted = Scripted { name: name.into() };
        let id = JobId(Entropy.draw(self.now()));
        scripted.queued(id, self.organization, name, self.now())
    }

    /// Queues and tells.
    pub(crate) async fn queue(&self, jobs: Vec<NewJob>) {
        let now = self.now();
        self.db
            .write(move |conn| storage::jobs::enqueue(conn, &jobs, now))
            .await
            .unwrap();
        self.db.wake().notify();
    }

    /// Moves the clock, and has workers look.
    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.db.wake().notify();
    }

    pub(crate) fn worker(&self, script: Script, config: WorkerConfig) -> Worker<Desk> {
        self.worker_on(self.db.clone(), script, config)
    }

    pub(crate) fn worker_on(&self, db: Db, script: Script, config: WorkerConfig) -> Worker<Desk> {
        let desk = Desk {
            script,
            ran: Arc::clone(&self.ran),
            told: Arc::clone(&self.told),
        };
        let registry = Registry::new().with::<Scripted>();
        Worker::new(
            db,
            self.clock.clone(),
            Arc::new(Entropy),
            registry,
            desk,
            config,
        )
    }

    /// Starts a worker with the usual settings.
    pub(crate) fn start(&self, script: Script) -> Running {
        Running::start(self.worker(script, WorkerConfig::default()))
    }

    /// Claims as another worker would, which has just given a sign of life; suspects one at a time.
    pub(crate) async fn claim(&self, most: usize) -> Vec<ClaimedJob> {
        let (now, token, stranger) = (self.now(), token(), self.stranger);
        let shared = !self.db.is_sqlite();
        self.db
            .write(move |conn| {
                if shared {
                    workers::beat(conn, stranger, "a stranger", now)?;
                }
                let room = Room::of(stranger, most);
                let mut claimed = storage::jobs::claim(conn, &room, now, token)?.jobs;
                if claimed.is_empty() {
                    claimed.extend(storage::jobs::claim_suspect(conn, stranger, now, token)?);
                }
                Ok(claimed)
            })
            .await
            .unwrap()
    }

    /// Every worker goes away without a word, or is taken for dead; what they had is taken back.
    pub(crate) async fn crash(&self) {
        let (now, shared) = (self.now(), !self.db.is_sqlite());
        self.db
            .write(move |conn| {
                if !shared {
                    return storage::jobs::take_back_all(conn, now);
                }
                for (worker, _) in workers::beats(conn)? {
                    workers::leave(conn, worker)?;
                }
                storage::jobs::take_back_lost(conn, now)
            })
            .await
            .unwrap();
        self.db.wake().notify();
    }

    /// Makes every claim one of the release before, which named no worker and had a lease.
    pub(crate) async fn make_it_leased_until(&self, until: DateTime<Utc>) {
        let until = until.timestamp_micros();
        let text = format!(
            "UPDATE jobs SET worker_id = NULL, claimed_until = {until} WHERE state = 'claimed'"
        );
        self.db
            .write(move |conn| Ok(conn.batch_execute(&text)?))
            .await
            .unwrap();
    }

    /// What was given up, with the reason, as the handler was told.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        self.told.lock().unwrap().clone()
    }

    /// Ends a claim as another worker would.
    pub(crate) async fn finish(&self, claim: ClaimedJob) -> bool {
        self.db
            .write(move |conn| storage::jobs::finish(conn, &claim))
            .await
            .unwrap()
    }

    pub(crate) async fn count(&self, state: &str) -> i64 {
        let counts = self.db.read(storage::jobs::count_by_state).await.unwrap();
        let found = counts.into_iter().find(|(name, _)| name == state);
        found.map_or(0, |(_, count)| count)
    }

    pub(crate) async fn next_due(&self) -> Option<DateTime<Utc>> {
        self.db.read(storage::jobs::next_due).await.unwrap()
    }

    pub(crate) async fn dead(&self) -> Vec<DeadJob> {
        let page = Page {
            before: None,
            limit: 100,
        };
        self.db
            .read(move |conn| storage::jobs::dead(conn, &DeadFilter::default(), page))
            .await
            .unwrap()
    }

    /// How much is still to be done, by one statement: what moves from one state to another meanwhile is counted once.
    async fn left(&self) -> i64 {
        const LEFT: &str =
            "SELECT count(*) AS many FROM jobs WHERE state IN ('ready', 'waiting', 'claimed')";
        let found = self.db.read(|conn| {
            Ok(match conn {
                AnyConnection::Postgres(c) => sql_query(LEFT).get_result::<Left>(c)?,
                AnyConnection::Sqlite(c) => sql_query(LEFT).get_result::<Left>(c)?,
            })
        });
        found.await.unwrap().many
    }

    pub(crate) async fn until_empty(&self) {
        eventually("the queue is empty", || async { self.left().await == 0 }).await;
    }

    /// Until so many attempts were made, and the one job there is waits again.
    pub(crate) async fn until_waiting_after(&self, attempts: usize) {
        eventually("the job waits again", || async {
            self.ran().len() == attempts && self.count("ready").await == 1
        })
        .await;
    }

    /// What was run, with its attempt.
    pub(crate) fn ran(&self) -> Vec<(String, u32)> {
        self.ran.lock().unwrap().clone()
    }
}

pub(crate) fn token() -> Uuid {
    Entropy.draw(DateTime::UNIX_EPOCH)
}

fn in_a_folder() -> (Place, DatabaseUrl) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("baton.db"));
    (Place::Folder(folder), url)
}

fn on_a_server(admin: String) -> (Place, DatabaseUrl) {
    let name = format!("baton_jobs_{}", token().simple());
    storage::keep_openssl_to_the_end();
    let mut conn = PgConnection::establish(&admin).unwrap();
    conn.batch_execute(&format!("CREATE DATABASE {name}"))
        .unwrap();
    let (server, _) = admin.rsplit_once('/').unwrap();
    let url = DatabaseUrl::Postgres(format!("{server}/{name}"));
    (Place::Server { admin, name }, url)
}

/// A worker at work.
pub(crate) struct Running {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn start(worker: Worker<Desk>) -> Self {
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(worker.run(shutdown.clone()));
        Self { shutdown, task }
    }

    pub(crate) fn tell_to_stop(&self) {
        self.shutdown.cancel();
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

/// Periodic work that counts its runs.
pub(crate) fn counted<E: std::fmt::Display + 'static>(
    runs: &Arc<Mutex<u32>>,
    ends: impl Fn(u32) -> Result<(), E> + Send + Sync + Clone + 'static,
) -> Every<Desk> {
    let runs = Arc::clone(runs);
    Every::new("count", Duration::from_millis(5), move |_| {
        let (runs, ends) = (Arc::clone(&runs), ends.clone());
        async move {
            let count = {
                let mut runs = runs.lock().unwrap();
                *runs += 1;
                *runs
            };
            ends(count)
        }
    })
}
