//! Work that is done from time to time.

use std::sync::{Arc, Mutex};

use jobs::{Verdict, WorkerConfig};

use crate::home::{Engine, Home, Running, counted, eventually, says};

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
