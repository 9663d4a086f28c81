//! Who may do a job, and who may say what became of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use futures_util::future::join_all;
use jobs::{Held, Verdict, WorkerConfig};
use rstest::rstest;
use storage::Db;
use storage::jobs::NewJob;
use tokio::sync::Semaphore;

use crate::home::{Engine, Home, Running, Script, eventually, says};

/// A handler that waits for a permit, then says `verdict`.
fn waits_for(gate: &Arc<Semaphore>, verdict: Verdict) -> Script {
    let gate = Arc::clone(gate);
    Arc::new(move |_, _| {
        let (gate, verdict) = (Arc::clone(&gate), verdict.clone());
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            verdict
        })
    })
}

#[rstest]
#[tokio::test]
async fn two_workers_share_five_hundred_jobs_and_each_runs_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    // On SQLite there is one process, on PostgreSQL there are two.
    let other = if home.db.is_sqlite() {
        home.db.clone()
    } else {
        Db::open(&home.url, 4).unwrap()
    };
    let names: Vec<_> = (0..500).map(|number| format!("job {number}")).collect();
    home.queue(names.iter().map(|name| home.job(name)).collect())
        .await;
    let config = WorkerConfig::default();
    let script = says(|_| Verdict::Done);
    let one = Running::start(home.worker(Arc::clone(&script), config));
    let two = Running::start(home.worker_on(other, script, config));
    home.until_empty().await;
    one.stop().await;
    two.stop().await;
    let ran = home.ran();
    assert_eq!(ran.len(), 500);
    assert!(ran.iter().all(|(_, attempt)| *attempt == 1));
    let distinct: HashSet<_> = ran.into_iter().map(|(name, _)| name).collect();
    assert_eq!(distinct.len(), 500);
}

#[rstest]
#[tokio::test]
async fn whoever_lost_a_claim_changes_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(Verdict::Done, Verdict::retry("down"), Verdict::discard("no use"))] verdict: Verdict,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let gate = Arc::new(Semaphore::new(0));
    let stalled = home.start(waits_for(&gate, verdict));
    home.queue(vec![home.job("a")]).await;
    eventually("it runs", || async { home.ran().len() == 1 }).await;
    stalled.tell_to_stop();
    assert!(home.claim(10).await.is_empty(), "it is another's");
    home.crash().await;
    let taken = home.claim(10).await;
    assert_eq!((taken.len(), taken[0].attempt), (1, 2));
    gate.add_permits(1);
    stalled.stop().await;
    assert_eq!(home.count("claimed").await, 1, "still the other worker's");
    assert!(home.finish(taken[0].clone()).await);
    home.until_empty().await;
}

#[rstest]
#[tokio::test]
async fn a_handler_ends_its_job_together_with_what_it_changed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let (db, follow_up, now) = (home.db.clone(), home.job("second"), home.now());
    let worker = home.start(Arc::new(move |name, held: Held| {
        let (db, follow_up) = (db.clone(), follow_up.clone());
        Box::pin(async move {
            if name == "second" {
                return Verdict::Done;
            }
            let end = move |conn: &mut _| {
                held.finish_in(conn)?;
                storage::jobs::enqueue(conn, std::slice::from_ref(&follow_up), now)
            };
            db.write(end).await.unwrap();
            db.wake().notify();
            Verdict::Finished
        })
    }));
    home.queue(vec![home.job("first")]).await;
    eventually("both ran", || async { home.ran().len() == 2 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("first".into(), 1), ("second".into(), 1)]);
}

#[rstest]
#[tokio::test]
async fn a_handler_that_lost_its_claim_has_its_transaction_rolled_back(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let lost = Held::new(home.claim(1).await.remove(0), home.now());
    home.crash().await;
    let taken = home.claim(1).await.remove(0);
    let (written, now) = (home.job("written by the loser"), home.now());
    let ended = home
        .db
        .write(move |conn| {
            storage::jobs::enqueue(conn, std::slice::from_ref(&written), now)?;
            lost.finish_in(conn)
        })
        .await;
    assert!(matches!(ended, Err(storage::Error::Stale)));
    assert_eq!(home.count("ready").await, 0);
    assert!(home.finish(taken).await);
}

#[rstest]
#[tokio::test]
async fn what_is_asked_for_while_it_runs_runs_again_and_not_at_the_same_time(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(Verdict::Done, Verdict::retry("down"))] verdict: Verdict,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let gate = Arc::new(Semaphore::new(0));
    let worker = home.start(waits_for(&gate, verdict.clone()));
    home.queue(vec![home.job("a")]).await;
    eventually("it runs", || async { home.ran().len() == 1 }).await;
    home.queue(vec![home.job("a"), home.job("a")]).await;
    home.queue(vec![home.job("a"), home.job("b")]).await;
    eventually("the other runs", || async { home.ran().len() == 2 }).await;
    assert_eq!(home.ran()[1].0, "b");
    assert_eq!(home.count("ready").await, 1);
    assert!(home.claim(10).await.is_empty());
    gate.add_permits(2);
    eventually("it runs again", || async { home.ran().len() == 3 }).await;
    // The first ended whatever it said: the second does its work, as a fresh job.
    assert_eq!(home.ran()[2], ("a".into(), 1));
    gate.add_permits(1);
    worker.stop().await;
    let left = if verdict == Verdict::Done { 0 } else { 2 };
    assert_eq!(home.count("ready").await, left);
}

#[rstest]
#[tokio::test]
async fn many_who_queue_the_same_keys_in_any_order_all_succeed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let writes = (0..60).map(|turn| {
        let mut jobs: Vec<_> = (0..300).map(|key| home.job(&key.to_string())).collect();
        jobs.rotate_left(turn * 5);
        if turn % 2 == 0 {
            jobs.reverse();
        }
        home.queue(jobs)
    });
    join_all(writes).await;
    assert_eq!(home.count("ready").await, 300);
}

/// On SQLite the writers take turns, so that this cannot come about.
#[tokio::test(flavor = "multi_thread")]
async fn work_asked_for_again_is_not_begun_before_the_change_behind_it_is_committed() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let (asked, commit) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let change = {
        let (asked, commit) = (Arc::clone(&asked), Arc::clone(&commit));
        let (job, now) = (home.job("a"), home.now());
        home.db.write(move |conn| {
            storage::jobs::enqueue(conn, std::slice::from_ref(&job), now)?;
            asked.store(1, Ordering::SeqCst);
            while commit.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
            Ok(())
        })
    };
    let test = async {
        eventually("it was asked for again", || async {
            asked.load(Ordering::SeqCst) == 1
        })
        .await;
        assert!(home.claim(10).await.is_empty());
        commit.store(1, Ordering::SeqCst);
    };
    let (changed, ()) = tokio::join!(change, test);
    changed.unwrap();
    assert_eq!(home.claim(10).await.len(), 1);
}

/// Claims go on from where the last one found its first; what was committed late lies before that.
#[rstest]
#[tokio::test]
async fn work_that_lies_before_what_was_claimed_last_is_not_passed_over(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let (begun, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (counted, gate) = (Arc::clone(&begun), Arc::clone(&go_on));
    let script: Script = Arc::new(move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            Verdict::Done
        })
    });
    home.queue(vec![home.job("first")]).await;
    let worker = Running::start(home.worker(script, WorkerConfig::default()));
    eventually("the first is in work", || async {
        begun.load(Ordering::Relaxed) == 1
    })
    .await;
    let late = NewJob {
        run_at: home.now() - TimeDelta::hours(1),
        ..home.job("late")
    };
    home.queue(vec![late, home.job("second")]).await;
    eventually("the late one is in work too", || async {
        begun.load(Ordering::Relaxed) == 3
    })
    .await;
    go_on.add_permits(3);
    home.until_empty().await;
    worker.stop().await;
}
