//! Work that is done from time to time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use jobs::{Every, Verdict, WorkerConfig};
use rstest::rstest;

use crate::home::{Desk, Engine, Home, Running, counted, eventually, says};

#[tokio::test]
async fn periodic_work_goes_on_whether_it_succeeds_fails_or_panics() {
    let home = Home::open(Engine::Sqlite).unwrap();
    let runs = Arc::new(Mutex::new(0));
    let work = counted(&runs, |count| match count {
        1 => Err("the database is away"),
        2 => panic!("on purpose"),
        _ => Ok(()),
    });
    let worker = home.worker(says(|_| Verdict::Done), WorkerConfig::default());
    let worker = Running::start(worker.every(work));
    eventually("it ran often", || async { *runs.lock().unwrap() > 4 }).await;
    worker.stop().await;
}

#[rstest]
#[tokio::test]
async fn of_many_workers_one_does_what_is_once_for_all(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let runs = Arc::new(Mutex::new(0));
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let work = every_hour(&runs);
            let worker = home.worker(says(|_| Verdict::Done), WorkerConfig::default());
            Running::start(worker.every(work.once_for_all()))
        })
        .collect();
    eventually("it ran", || async { *runs.lock().unwrap() == 1 }).await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(*runs.lock().unwrap(), 1, "the slot was taken");
    home.clock.advance(TimeDelta::hours(1));
    let worker = home.worker(says(|_| Verdict::Done), WorkerConfig::default());
    let worker = Running::start(worker.every(every_hour(&runs).once_for_all()));
    eventually("the next slot has its run", || async {
        *runs.lock().unwrap() == 2
    })
    .await;
    worker.stop().await;
}

fn every_hour(runs: &Arc<Mutex<u32>>) -> Every<Desk> {
    let runs = Arc::clone(runs);
    Every::new("count", Duration::from_secs(3_600), move |_| {
        *runs.lock().unwrap() += 1;
        async { Ok::<(), String>(()) }
    })
}
