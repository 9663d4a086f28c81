//! How a worker stops, and how the next one begins.

use std::sync::Arc;
use std::time::Duration;

use jobs::{Verdict, WorkerConfig};
use rstest::rstest;
use tokio::sync::Semaphore;

use crate::home::{Engine, Home, NEVER, Running, Script, eventually, says};

fn never_ends() -> Script {
    Arc::new(|_, _| {
        Box::pin(async {
            tokio::time::sleep(NEVER).await;
            Verdict::Done
        })
    })
}

#[rstest]
#[tokio::test]
async fn a_worker_that_stops_ends_what_runs_and_begins_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let gate = Arc::new(Semaphore::new(0));
    let held_up = Arc::clone(&gate);
    let worker = home.start(Arc::new(move |_, _| {
        let gate = Arc::clone(&held_up);
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            Verdict::Done
        })
    }));
    home.queue(vec![home.job("a")]).await;
    eventually("it runs", || async { home.ran().len() == 1 }).await;
    worker.tell_to_stop();
    home.queue(vec![home.job("b")]).await;
    gate.add_permits(10);
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 1)]);
    assert_eq!(
        (home.count("ready").await, home.count("claimed").await),
        (1, 0)
    );
}

#[rstest]
#[tokio::test]
async fn what_has_not_ended_when_time_is_up_is_put_back_as_if_not_tried(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let config = WorkerConfig {
        per_organization: 16,
        drain: Duration::from_millis(20),
        ..WorkerConfig::default()
    };
    let names: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    home.queue(names.iter().map(|name| home.job(name)).collect())
        .await;
    let worker = Running::start(home.worker(never_ends(), config));
    eventually("all hands are full", || async {
        home.ran().len() == config.concurrency
    })
    .await;
    worker.stop().await;
    assert_eq!(
        (home.count("ready").await, home.count("claimed").await),
        (40, 0)
    );
    let again = home.claim(100).await;
    assert_eq!(again.len(), 40);
    assert!(again.iter().all(|claim| claim.attempt == 1));
    assert!(again.iter().all(|claim| claim.crashes == 0));
}

/// As on SQLite, where the worker lives in the one process there is.
#[tokio::test]
async fn a_lone_worker_takes_back_at_its_start_what_an_earlier_run_had_begun() {
    let home = Home::open(Engine::Sqlite).expect("SQLite is always there");
    home.queue(vec![home.job("a")]).await;
    assert_eq!(home.claim(1).await.len(), 1);
    let config = WorkerConfig {
        alone: true,
        ..WorkerConfig::default()
    };
    let worker = Running::start(home.worker(says(|_| Verdict::Done), config));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 2)]);
}
