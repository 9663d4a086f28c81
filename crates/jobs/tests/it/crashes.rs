//! Workers that go away without a word.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jobs::Verdict;
use rstest::rstest;
use storage::Pulse;
use storage::jobs::DeadFilter;
use storage::workers;

use crate::home::{Engine, Home, NEVER, eventually, says, token};

#[rstest]
#[tokio::test]
async fn a_job_that_took_eight_workers_down_in_a_row_is_given_up_and_says_so(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    for crashes in 0..8 {
        let claim = home.claim(1).await.remove(0);
        assert_eq!(claim.crashes, crashes);
        home.crash().await;
    }
    let worker = home.start(says(|_| Verdict::Done));
    eventually("it is dead", || async { home.count("dead").await == 1 }).await;
    worker.stop().await;
    assert!(home.ran().is_empty());
    assert_eq!(home.dead().await[0].reason.as_deref(), Some("crashed"));
    assert_eq!(home.told(), [("a".to_owned(), "crashed".to_owned())]);
}

#[rstest]
#[tokio::test]
async fn any_word_of_a_worker_ends_the_row_of_crashes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    for _ in 0..2 {
        home.claim(1).await;
        home.crash().await;
    }
    let worker = home.start(says(|_| Verdict::retry("down")));
    home.until_waiting_after(1).await;
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 3)]);
    home.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(home.claim(1).await[0].crashes, 0);
    home.crash().await;
    assert_eq!(home.claim(1).await[0].crashes, 1);
}

/// The commit of a claim whose answer was lost may have been kept: then the jobs are in nobody's hands.
#[rstest]
#[tokio::test]
async fn a_claim_that_was_never_heard_of_is_put_back_as_if_it_had_not_been_made(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let unheard = home.claim(1).await.remove(0);
    home.queue(vec![home.job("b")]).await;
    let (now, token) = (home.now(), unheard.claim_token);
    let disclaim = move |conn: &mut _| storage::jobs::disclaim(conn, token, now);
    assert_eq!(home.db.write(disclaim).await.unwrap(), 1);
    let again = home.claim(2).await;
    assert_eq!(again.len(), 2);
    assert!(
        again
            .iter()
            .all(|claim| (claim.attempt, claim.crashes) == (1, 0))
    );
    assert!(again.iter().any(|claim| claim.id == unheard.id));
}

/// Two random kills make suspects of all that were in hand; alone, each shows that it was not the one.
#[rstest]
#[tokio::test]
async fn what_was_in_hand_at_two_crashes_runs_alone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let names = |prefix: &str| -> Vec<_> {
        (0..6)
            .map(|number| home.job(&format!("{prefix} {number}")))
            .collect()
    };
    home.queue(names("suspect")).await;
    for _ in 0..2 {
        while !home.claim(10).await.is_empty() {}
        home.crash().await;
    }
    home.queue(names("other")).await;
    let (running, beside) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, seen) = (Arc::clone(&running), Arc::clone(&beside));
    let worker = home.start(Arc::new(move |name, _| {
        let (running, beside) = (Arc::clone(&counted), Arc::clone(&seen));
        Box::pin(async move {
            running.fetch_add(1, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
                let others = running.load(Ordering::SeqCst) - 1;
                if name.starts_with("suspect") {
                    beside.fetch_add(others, Ordering::SeqCst);
                }
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Verdict::Done
        })
    }));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(
        beside.load(Ordering::SeqCst),
        0,
        "something ran beside a suspect"
    );
    assert_eq!((home.ran().len(), home.count("dead").await), (12, 0));
}

#[rstest]
#[tokio::test]
async fn a_lost_claim_gives_way_to_the_same_work_asked_for_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let lost = home.claim(10).await.remove(0);
    home.queue(vec![home.job("a")]).await;
    home.crash().await;
    let again = home.claim(10).await;
    assert_eq!(again.len(), 1);
    assert_eq!(
        again[0].crashes, 1,
        "what is known of it goes with the work"
    );
    assert!(!home.finish(lost).await);
    assert!(home.finish(again[0].clone()).await);
    assert_eq!(home.count("ready").await, 0);
}

#[tokio::test]
async fn a_worker_whose_beat_stands_still_loses_what_it_had_to_those_that_live() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let lost = home.claim(1).await.remove(0);
    let worker = home.start(says(|_| Verdict::Done));
    eventually("it ran", || async { home.ran() == [("a".into(), 2)] }).await;
    home.until_empty().await;
    assert!(!home.finish(lost).await);
    worker.stop().await;
    eventually("no worker is left", || async {
        home.db.read(workers::beats).await.unwrap().is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_claim_of_the_release_before_comes_back_when_its_lease_is_over() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    home.claim(1).await;
    home.make_it_leased_until(home.now() + chrono::TimeDelta::seconds(30))
        .await;
    let worker = home.start(says(|_| Verdict::Done));
    home.queue(vec![home.job("b")]).await;
    eventually("the other ran", || async { home.ran().len() == 1 }).await;
    home.clock.advance(chrono::TimeDelta::seconds(30));
    eventually("it came back", || async { home.ran().len() == 2 }).await;
    worker.stop().await;
    assert_eq!(home.ran(), [("b".into(), 1), ("a".into(), 2)]);
}

#[tokio::test]
async fn a_worker_that_others_took_for_dead_may_not_act_on_what_it_had() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    let worker = workers::WorkerId(token());
    let pulse = Pulse::start(&home.db, worker, "a test".into(), home.clock.clone());
    eventually("it beats", || async { pulse.life().is_some() }).await;
    let life = pulse.life().unwrap();
    assert!(pulse.goes_on(life));
    let struck = home.db.write(move |conn| workers::leave(conn, worker));
    struck.await.unwrap();
    pulse.lost(life).await;
    assert!(!pulse.goes_on(life));
    eventually("it begins anew", || async {
        pulse.life().is_some_and(|present| present != life)
    })
    .await;
}

#[tokio::test]
async fn a_worker_without_a_beat_claims_nothing_and_what_it_runs_is_cut_off() {
    let Some(home) = Home::open(Engine::Postgres) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let worker = home.start(Arc::new(|_, held| {
        Box::pin(async move {
            if held.attempt == 1 && held.may_still_act() {
                tokio::time::sleep(NEVER).await;
            }
            Verdict::Done
        })
    }));
    eventually("it runs", || async { home.ran().len() == 1 }).await;
    home.crash().await;
    eventually("it ran again", || async { home.ran().len() == 2 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 1), ("a".into(), 2)]);
}

#[rstest]
#[tokio::test]
async fn a_job_that_is_given_up_tells_users_in_the_same_transaction_and_can_be_replayed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a"), home.job("b")]).await;
    let worker = home.start(says(|_| Verdict::retry("down for good")));
    eventually("both failed", || async {
        home.ran().len() == 2 && home.count("claimed").await == 0
    })
    .await;
    home.advance(chrono::TimeDelta::hours(73));
    eventually("both are dead", || async { home.count("dead").await == 2 }).await;
    let mut told = home.told();
    told.sort();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], ("a".to_owned(), "down for good".to_owned()));
    let filter = DeadFilter {
        organization: Some(home.organization),
        kind: Some("scripted".into()),
        reason: Some("for good".into()),
        since: Some(home.now()),
        ..DeadFilter::default()
    };
    let missed = DeadFilter {
        reason: Some("100%_".into()),
        ..DeadFilter::default()
    };
    let now = home.now();
    let replayed = home
        .db
        .write(move |conn| {
            assert_eq!(storage::jobs::count_dead(conn, &missed)?, 0);
            assert_eq!(storage::jobs::count_dead(conn, &filter)?, 2);
            storage::jobs::replay(conn, &filter, 1, now)
        })
        .await
        .unwrap();
    assert_eq!(replayed.len(), 1);
    home.db.wake().notify();
    eventually("one is left", || async { home.count("dead").await == 1 }).await;
    eventually("it was tried as for the first time", || async {
        home.ran().len() == 5 && home.ran()[4].1 == 1
    })
    .await;
    worker.stop().await;
}
