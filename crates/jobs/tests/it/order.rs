//! Work that is done in the order it was asked for.

use std::sync::Arc;

use chrono::TimeDelta;
use jobs::Verdict;
use rstest::rstest;
use storage::jobs::NewJob;
use tokio::sync::Semaphore;

use crate::home::{Engine, Home, eventually, says};

fn in_order(home: &Home, name: &str) -> NewJob {
    home.job(name).in_order("one invite")
}

fn names(home: &Home) -> Vec<String> {
    home.ran().into_iter().map(|(name, _)| name).collect()
}

#[rstest]
#[tokio::test]
async fn jobs_of_one_order_run_one_after_the_other_as_they_were_queued(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let queued: Vec<String> = (0..20).map(|number| format!("{}", 99 - number)).collect();
    home.queue(
        queued[..5]
            .iter()
            .map(|name| in_order(&home, name))
            .collect(),
    )
    .await;
    for name in &queued[5..] {
        home.queue(vec![in_order(&home, name)]).await;
    }
    assert_eq!(
        (home.count("ready").await, home.count("waiting").await),
        (1, 19)
    );
    let worker = home.start(says(|_| Verdict::Done));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(names(&home), queued);
}

#[rstest]
#[tokio::test]
async fn what_fails_holds_up_those_behind_it_and_nobody_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let other = home.job("other").in_order("another invite");
    home.queue(vec![
        in_order(&home, "first"),
        in_order(&home, "second"),
        other,
    ])
    .await;
    let worker = home.start(Arc::new(|name, held| {
        Box::pin(async move {
            if name == "first" && held.attempt == 1 {
                return Verdict::retry("down");
            }
            Verdict::Done
        })
    }));
    eventually("the other ran, and the first failed", || async {
        home.ran().len() == 2 && home.count("claimed").await == 0
    })
    .await;
    assert_eq!(
        (home.count("ready").await, home.count("waiting").await),
        (1, 1)
    );
    home.advance(TimeDelta::seconds(2));
    home.until_empty().await;
    worker.stop().await;
    let order: Vec<_> = names(&home)
        .into_iter()
        .filter(|name| name != "other")
        .collect();
    assert_eq!(order, ["first", "first", "second"]);
}

#[rstest]
#[tokio::test]
async fn a_job_that_died_lets_the_next_go_on_unless_it_is_strict(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(false, true)] strict: bool,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let mut first = in_order(&home, "first");
    first.strict = strict;
    first.payload = "unreadable".into();
    home.queue(vec![first, in_order(&home, "second")]).await;
    let worker = home.start(says(|_| Verdict::Done));
    eventually("the first is dead", || async {
        home.count("dead").await == 1
    })
    .await;
    if strict {
        assert_eq!(home.count("waiting").await, 1);
    } else {
        eventually("the second ran", || async { names(&home) == ["second"] }).await;
    }
    worker.stop().await;
}

/// On SQLite the writers take turns, so that this cannot come about.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_while_the_head_ends_is_never_left_behind() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    let worker = home.start(says(|_| Verdict::Done));
    let queueing = (0..200).map(|number| home.queue(vec![in_order(&home, &number.to_string())]));
    futures_util::future::join_all(queueing).await;
    eventually("all ran", || async { home.ran().len() == 200 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.count("waiting").await, 0);
}

#[rstest]
#[tokio::test]
async fn what_is_asked_for_again_while_it_runs_waits_in_its_order(
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
    home.queue(vec![in_order(&home, "a")]).await;
    eventually("it runs", || async { home.ran().len() == 1 }).await;
    home.queue(vec![in_order(&home, "b"), in_order(&home, "a")])
        .await;
    home.queue(vec![in_order(&home, "a")]).await;
    assert_eq!(
        (home.count("ready").await, home.count("waiting").await),
        (0, 2)
    );
    gate.add_permits(3);
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(names(&home), ["a", "b", "a"]);
}
