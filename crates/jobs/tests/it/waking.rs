//! How soon a worker hears of work. Workers here never look unasked.

use jobs::{Verdict, WorkerConfig};
use rstest::rstest;
use storage::Db;

use crate::home::{Engine, Home, NEVER, Running, eventually, says};

fn deaf_to_time() -> WorkerConfig {
    WorkerConfig {
        poll: NEVER,
        ..WorkerConfig::default()
    }
}

#[rstest]
#[tokio::test]
async fn a_worker_that_sleeps_is_woken_by_its_own_process(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let worker = Running::start(home.worker(says(|_| Verdict::Done), deaf_to_time()));
    for round in 1..=5 {
        home.queue(vec![home.job("a")]).await;
        eventually("it ran", || async { home.ran().len() == round }).await;
        home.until_empty().await;
    }
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_that_sleeps_is_woken_by_another_process() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    let elsewhere = Db::open(&home.url, 4).unwrap();
    let worker = home.worker_on(elsewhere, says(|_| Verdict::Done), deaf_to_time());
    let worker = Running::start(worker);
    for round in 1..=20 {
        home.queue(vec![home.job(&format!("job {round}"))]).await;
        eventually("it ran", || async { home.ran().len() == round }).await;
    }
    home.until_empty().await;
    worker.stop().await;
}

#[tokio::test]
async fn a_listener_whose_connection_is_cut_listens_again() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    let elsewhere = Db::open(&home.url, 4).unwrap();
    let worker = home.worker_on(elsewhere, says(|_| Verdict::Done), deaf_to_time());
    let worker = Running::start(worker);
    home.queue(vec![home.job("before")]).await;
    eventually("it ran", || async { home.ran().len() == 1 }).await;
    home.cut_connections();
    // Some writes meet a connection that was cut; the queue is asked until one succeeds.
    eventually("it is queued", || async {
        let (job, now) = (home.job("after"), home.now());
        let queued = home
            .db
            .write(move |conn| storage::jobs::enqueue(conn, std::slice::from_ref(&job), now));
        queued.await.is_ok()
    })
    .await;
    home.db.wake().notify();
    eventually("it ran", || async { home.ran().len() == 2 }).await;
    worker.stop().await;
}

#[rstest]
#[tokio::test]
async fn every_worker_hears_a_signal_and_many_count_as_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let mut listeners = [home.db.wake().listen(), home.db.wake().listen()];
    for _ in 0..1_000 {
        home.db.wake().notify();
    }
    for listener in &mut listeners {
        listener.heard().await;
    }
}
