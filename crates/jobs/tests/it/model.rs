//! The queue against a model of it: whatever is done to it in whatever order, both hold the same jobs in the same states.
//!
//! From the sameness follows what is promised: one head per ordering key, the order kept within a key, nothing lost, nothing
//! there twice.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use domain::{JobId, OrganizationId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use storage::AnyConnection;
use storage::jobs::{self, ClaimedJob, DeadFilter, NewJob, Progress, Room};
use storage::workers::{self, WorkerId};
use uuid::Uuid;

use crate::home::{Engine, Home, token};

const OURS: OrganizationId = OrganizationId(Uuid::from_u128(1));
const WORKER: WorkerId = WorkerId(Uuid::from_u128(2));
const CONNECTION: &str = "a connection";

#[derive(Debug, Clone, Copy)]
enum Step {
    Enqueue(u8),
    Claim(usize),
    Finish(usize),
    PutBack(usize),
    Bury(usize),
    Park(usize),
    Unpark,
    Crash,
    Replay,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let held = 0..6_usize;
    let step = prop_oneof![
        6 => (0..8_u8).prop_map(Step::Enqueue),
        4 => (1..5_usize).prop_map(Step::Claim),
        3 => held.clone().prop_map(Step::Finish),
        2 => held.clone().prop_map(Step::PutBack),
        2 => held.clone().prop_map(Step::Bury),
        2 => held.prop_map(Step::Park),
        1 => Just(Step::Unpark),
        1 => Just(Step::Crash),
        1 => Just(Step::Replay),
    ];
    prop::collection::vec(step, 1..40)
}

/// Work of eight kinds of key: two without an order, three in each of two orders, the last of each strict. Each is due from
/// another time on, so that what comes to be ready may lie before what was claimed last.
fn work(key: u8, number: u128) -> NewJob {
    let order = match key {
        0 | 1 => None,
        2..=4 => Some("one".to_owned()),
        _ => Some("other".to_owned()),
    };
    NewJob {
        id: JobId(Uuid::from_u128(number)),
        organization: OURS,
        kind: "modelled",
        dedupe_key: key.to_string(),
        ordering_key: order,
        strict: key == 4 || key == 7,
        payload: "{}".into(),
        run_at: now() - TimeDelta::minutes(i64::from(key * 3 % 8)),
        traceparent: None,
    }
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Waiting,
    Parked,
    Claimed,
    Dead,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Claimed => "claimed",
            Self::Dead => "dead",
        }
    }

    fn is_pending(self) -> bool {
        matches!(self, Self::Ready | Self::Waiting | Self::Parked)
    }
}

#[derive(Debug, Clone)]
struct Entry {
    job: NewJob,
    state: State,
    place: i64,
}

impl Entry {
    fn is_head_of(&self, order: &str) -> bool {
        let holds = matches!(self.state, State::Ready | State::Claimed)
            || (self.state == State::Dead && self.job.strict);
        holds && self.job.ordering_key.as_deref() == Some(order)
    }
}

/// What the queue should be, in the order of the jobs' ids.
#[derive(Debug, Default)]
struct Model {
    entries: Vec<Entry>,
}

impl Model {
    fn has_twin(&self, job: &NewJob) -> bool {
        let twins =
            |entry: &Entry| entry.state.is_pending() && entry.job.dedupe_key == job.dedupe_key;
        self.entries.iter().any(twins)
    }

    /// Where a job of this order comes to stand now: behind the head, or as the head.
    fn place(&self, order: Option<&str>) -> (State, i64) {
        let Some(order) = order else {
            return (State::Ready, 0);
        };
        let Some(head) = self.entries.iter().find(|entry| entry.is_head_of(order)) else {
            return (State::Ready, 0);
        };
        let waiting = self.entries.iter().filter(|entry| {
            entry.state == State::Waiting && entry.job.ordering_key.as_deref() == Some(order)
        });
        let last = waiting.map(|entry| entry.place).max().unwrap_or(head.place);
        (State::Waiting, last.max(head.place) + 1)
    }

    fn enqueue(&mut self, job: NewJob) {
        if self.has_twin(&job) {
            return;
        }
        let (state, place) = self.place(job.ordering_key.as_deref());
        self.entries.push(Entry { job, state, place });
    }

    fn index(&self, id: JobId) -> usize {
        self.entries
            .iter()
            .position(|entry| entry.job.id == id)
            .expect("the model knows every job")
    }

    fn promote(&mut self, order: Option<&str>) {
        let Some(order) = order else { return };
        let waiting = self.entries.iter_mut().filter(|entry| {
            entry.state == State::Waiting && entry.job.ordering_key.as_deref() == Some(order)
        });
        if let Some(next) = waiting.min_by_key(|entry| (entry.place, entry.job.id)) {
            next.state = State::Ready;
        }
    }

    fn end(&mut self, index: usize) {
        let ended = self.entries.remove(index);
        self.promote(ended.job.ordering_key.as_deref());
    }

    /// A claim becomes something else, unless its work was asked for again: then it ends.
    fn leave(&mut self, index: usize, state: State, promotes: bool) {
        let job = self.entries[index].job.clone();
        if state.is_pending() && self.has_twin(&job) {
            return self.end(index);
        }
        self.entries[index].state = state;
        if promotes {
            self.promote(job.ordering_key.as_deref());
        }
    }

    fn of(&self, state: State) -> Vec<JobId> {
        let those = self.entries.iter().filter(|entry| entry.state == state);
        those.map(|entry| entry.job.id).collect()
    }

    fn unpark(&mut self) {
        for id in self.of(State::Parked) {
            let index = self.index(id);
            let order = self.entries[index].job.ordering_key.clone();
            let (state, _) = self.place(order.as_deref());
            self.entries[index].state = state;
        }
    }

    fn crash(&mut self) {
        for id in self.of(State::Claimed) {
            let index = self.index(id);
            self.leave(index, State::Ready, false);
        }
    }

    fn replay(&mut self) {
        for id in self.of(State::Dead) {
            let index = self.index(id);
            let job = self.entries[index].job.clone();
            let order = job.ordering_key.as_deref().filter(|_| !job.strict);
            if self.has_twin(&job) {
                self.entries.remove(index);
                if job.strict {
                    self.promote(job.ordering_key.as_deref());
                }
                continue;
            }
            let (state, place) = self.place(order);
            self.entries[index].state = state;
            self.entries[index].place = place;
        }
    }

    /// How many a claim could get: those that are ready, but for work that is being done at this moment.
    fn claimable(&self) -> usize {
        let ready = self
            .entries
            .iter()
            .filter(|entry| entry.state == State::Ready);
        let free = ready.filter(|entry| {
            !self.entries.iter().any(|other| {
                other.state == State::Claimed && other.job.dedupe_key == entry.job.dedupe_key
            })
        });
        free.count()
    }

    fn said(&self) -> Vec<(String, String)> {
        let mut said: Vec<_> = self
            .entries
            .iter()
            .map(|entry| (entry.job.id.0.to_string(), entry.state.name().to_owned()))
            .collect();
        said.sort();
        said
    }
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    state: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// The queue, and the claims that the one worker holds.
struct Queue<'a> {
    home: &'a Home,
    held: Vec<ClaimedJob>,
    progress: Progress,
}

impl Queue<'_> {
    async fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut AnyConnection) -> storage::Result<T> + Send + 'static,
    ) -> T {
        self.home.db.write(unit).await.expect("the write succeeds")
    }

    async fn step(&mut self, model: &mut Model, step: Step, number: u128) {
        match step {
            Step::Enqueue(key) => {
                let job = work(key, number);
                model.enqueue(job.clone());
                self.write(move |conn| jobs::enqueue(conn, std::slice::from_ref(&job), now()))
                    .await;
            }
            Step::Claim(most) => self.claim(model, most).await,
            Step::Unpark => {
                model.unpark();
                self.write(|conn| jobs::unpark(conn, OURS, CONNECTION, now()))
                    .await;
            }
            Step::Crash => {
                model.crash();
                self.write(|conn| jobs::take_back_all(conn, now())).await;
            }
            Step::Replay => {
                model.replay();
                self.write(|conn| jobs::replay(conn, &DeadFilter::default(), 100, now()))
                    .await;
            }
            Step::Finish(index) | Step::PutBack(index) | Step::Bury(index) | Step::Park(index) => {
                self.settle(model, step, index).await;
            }
        }
    }

    async fn claim(&mut self, model: &mut Model, most: usize) {
        let claimable = model.claimable();
        let (token, progress) = (token(), self.progress);
        let (claimed, progress) = self
            .write(move |conn| {
                let mut room = Room::of(WORKER, most);
                room.progress = progress;
                let mut found = jobs::claim(conn, &room, now(), token)?;
                if found.jobs.is_empty() {
                    // On a machine that is slow enough for looks at the whole to be dear: the next one is due later.
                    found = jobs::claim(conn, &Room::of(WORKER, most), now(), token)?;
                }
                // Those that crashed before are claimed one at a time.
                if found.jobs.is_empty() {
                    let suspect = jobs::claim_suspect(conn, WORKER, now(), token)?;
                    found.jobs.extend(suspect);
                }
                Ok((found.jobs, found.progress))
            })
            .await;
        self.progress = progress;
        assert!(claimed.len() <= claimable.min(most));
        assert_eq!(
            claimed.is_empty(),
            claimable == 0,
            "work that could be done was passed over"
        );
        for claim in &claimed {
            let index = model.index(claim.id);
            assert_eq!(model.entries[index].state, State::Ready);
            model.entries[index].state = State::Claimed;
        }
        self.held.extend(claimed);
    }

    /// Says what became of one of the claims that were ever made: of one that was lost it changes nothing.
    async fn settle(&mut self, model: &mut Model, step: Step, index: usize) {
        if self.held.is_empty() {
            return;
        }
        let claim = self.held.remove(index % self.held.len());
        let said = claim.clone();
        let kept = self
            .write(move |conn| match step {
                Step::Finish(_) => jobs::finish(conn, &said),
                Step::PutBack(_) => jobs::put_back(conn, &said, now(), true, Some("down")),
                Step::Bury(_) => jobs::bury(conn, &said, "no use", now()),
                _ => jobs::park(conn, &said, CONNECTION, now(), "no key"),
            })
            .await;
        if !kept {
            return;
        }
        let index = model.index(claim.id);
        assert_eq!(model.entries[index].state, State::Claimed);
        let strict = model.entries[index].job.strict;
        match step {
            Step::Finish(_) => model.end(index),
            Step::PutBack(_) => model.leave(index, State::Ready, false),
            Step::Bury(_) => model.leave(index, State::Dead, !strict),
            _ => model.leave(index, State::Parked, true),
        }
    }

    async fn said(&self) -> Vec<(String, String)> {
        let rows = self.home.db.read(|conn| {
            Ok(match conn {
                AnyConnection::Postgres(c) => {
                    sql_query("SELECT encode(id, 'hex') AS id, state FROM jobs")
                        .load::<Stored>(c)?
                }
                AnyConnection::Sqlite(c) => {
                    sql_query("SELECT lower(hex(id)) AS id, state FROM jobs").load::<Stored>(c)?
                }
            })
        });
        let mut said: Vec<_> = rows
            .await
            .expect("the database answers")
            .into_iter()
            .map(|row| {
                let id = Uuid::parse_str(&row.id).expect("an id");
                (id.to_string(), row.state)
            })
            .collect();
        said.sort();
        said
    }

    /// Orders with waiting work and no head.
    async fn stuck(&self) -> i64 {
        const STUCK: &str = "SELECT count(*) AS many FROM jobs AS behind WHERE behind.state = 'waiting' AND NOT EXISTS \
             (SELECT 1 FROM jobs AS head WHERE head.organization_id = behind.organization_id \
              AND head.ordering_key = behind.ordering_key \
              AND (head.state IN ('ready', 'claimed') OR (head.state = 'dead' AND head.strict)))";
        let found = self.home.db.read(|conn| {
            Ok(match conn {
                AnyConnection::Postgres(c) => sql_query(STUCK).get_result::<Count>(c)?,
                AnyConnection::Sqlite(c) => sql_query(STUCK).get_result::<Count>(c)?,
            })
        });
        found.await.expect("the database answers").many
    }
}

async fn hold_against_the_model(home: &Home, steps: Vec<Step>) {
    let empty = |conn: &mut AnyConnection| Ok(conn.batch_execute("DELETE FROM jobs")?);
    home.db.write(empty).await.expect("the queue is emptied");
    let mut queue = Queue {
        home,
        held: Vec::new(),
        progress: Progress::default(),
    };
    queue
        .write(|conn| workers::beat(conn, WORKER, "the model's", now()))
        .await;
    let mut model = Model::default();
    for (number, step) in steps.into_iter().enumerate() {
        let number = u128::try_from(number).expect("a small number") + 100;
        queue.step(&mut model, step, number).await;
        assert_eq!(queue.said().await, model.said(), "after {step:?}");
        assert_eq!(queue.stuck().await, 0, "after {step:?}");
    }
}

fn holds_against_the_model(engine: Engine) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Some(home) = runtime.block_on(async { Home::open(engine) }) else {
        return;
    };
    let config = Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            runtime.block_on(hold_against_the_model(&home, steps));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn whatever_is_done_to_it_the_queue_on_sqlite_is_what_the_model_says() {
    holds_against_the_model(Engine::Sqlite);
}

#[test]
fn whatever_is_done_to_it_the_queue_on_postgresql_is_what_the_model_says() {
    holds_against_the_model(Engine::Postgres);
}
