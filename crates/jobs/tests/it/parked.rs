//! Work that waits under a name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use jobs::Verdict;
use rstest::rstest;

use crate::home::{Engine, Home, Script, eventually};

const CONNECTION: &str = "a connection";
const FOUR_HOURS: Duration = Duration::from_secs(4 * 3_600);

/// Needs a key: until there is one, what asks for it is parked.
fn needs_a_key(key: &Arc<AtomicBool>) -> Script {
    let key = Arc::clone(key);
    Arc::new(move |name, held| {
        assert_eq!(
            (held.attempt, held.elapsed),
            (1, Duration::ZERO),
            "parking spends nothing"
        );
        let verdict = if name == "free" || key.load(Ordering::SeqCst) {
            Verdict::Done
        } else {
            Verdict::park(CONNECTION, "no key is active", FOUR_HOURS)
        };
        Box::pin(async move { verdict })
    })
}

#[rstest]
#[tokio::test]
async fn parked_jobs_are_out_of_the_way_until_they_are_woken_together(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let key = Arc::new(AtomicBool::new(false));
    home.queue(
        (0..10)
            .map(|number| home.job(&number.to_string()))
            .collect(),
    )
    .await;
    let worker = home.start(needs_a_key(&key));
    eventually("all are parked", || async {
        home.count("parked").await == 10
    })
    .await;
    home.queue(vec![home.job("3"), home.job("free")]).await;
    eventually("the free one ran", || async { home.ran().len() == 11 }).await;
    assert_eq!(
        (home.count("ready").await, home.next_due().await),
        (0, None)
    );
    key.store(true, Ordering::SeqCst);
    let (ours, now) = (home.organization, home.now());
    let woken = home
        .db
        .write(move |conn| storage::jobs::unpark(conn, ours, CONNECTION, now));
    assert!(!woken.await.unwrap(), "ten are no more than a slice");
    home.db.wake().notify();
    home.until_empty().await;
    worker.stop().await;
    assert_eq!((home.count("parked").await, home.ran().len()), (0, 21));
}

#[rstest]
#[tokio::test]
async fn what_nobody_wakes_is_tried_again_when_its_time_comes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let key = Arc::new(AtomicBool::new(false));
    let worker = home.start(needs_a_key(&key));
    home.queue(vec![home.job("a")]).await;
    for tries in 1..=3 {
        eventually("it is parked", || async {
            home.ran().len() == tries && home.count("parked").await == 1
        })
        .await;
        home.advance(TimeDelta::hours(4));
    }
    eventually("it was tried again", || async { home.ran().len() == 4 }).await;
    worker.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_parked_head_lets_the_next_go_on_and_comes_back_behind_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let key = Arc::new(AtomicBool::new(false));
    home.queue(vec![
        home.job("a").in_order("one"),
        home.job("free").in_order("one"),
    ])
    .await;
    let worker = home.start(needs_a_key(&key));
    eventually("the next ran", || async { home.ran().len() == 2 }).await;
    home.until_empty().await;
    worker.stop().await;
    home.queue(vec![home.job("later").in_order("one")]).await;
    assert_eq!(home.claim(10).await.len(), 1);
    let (ours, now) = (home.organization, home.now());
    let woken = home
        .db
        .write(move |conn| storage::jobs::unpark(conn, ours, CONNECTION, now));
    woken.await.unwrap();
    assert_eq!(
        (home.count("waiting").await, home.count("claimed").await),
        (1, 1)
    );
}
