//! What becomes of a job after each kind of answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use jobs::{Verdict, WorkerConfig};
use rstest::rstest;

use crate::home::{Engine, Home, NEVER, Running, eventually, says};

#[rstest]
#[tokio::test]
async fn a_job_that_is_done_is_gone(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let worker = home.start(says(|_| Verdict::Done));
    home.queue(vec![home.job("a")]).await;
    eventually("it ran", || async { home.ran().len() == 1 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 1)]);
    assert_eq!(home.count("dead").await, 0);
}

#[rstest]
#[tokio::test]
async fn a_failing_job_comes_back_by_the_table_until_three_days_are_over(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let worker = home.start(says(|held| {
        let last = if held.is_last_attempt() {
            ", for good"
        } else {
            ""
        };
        Verdict::retry(format!("down{last}"))
    }));
    let begun = home.now();
    let mut tries = 0;
    let steps = [2, 10, 30, 120, 600, 1_800, 3_600, 7_200];
    loop {
        tries += 1;
        eventually("it was tried", || async { home.ran().len() == tries }).await;
        eventually("it was settled", || async {
            home.count("claimed").await == 0
        })
        .await;
        let Some(due) = home.next_due().await else {
            break;
        };
        let whole = TimeDelta::seconds(*steps.get(tries - 1).unwrap_or(&14_400));
        let wait = due - home.now();
        assert!(
            wait >= whole / 2 && wait <= whole,
            "{wait} after try {tries}"
        );
        home.advance(wait);
    }
    worker.stop().await;
    assert!(home.now() - begun >= TimeDelta::hours(72));
    assert!(home.now() - begun < TimeDelta::hours(76));
    let attempts: Vec<_> = home.ran().iter().map(|(_, attempt)| *attempt).collect();
    let expected: Vec<u32> = (1..=u32::try_from(tries).unwrap()).collect();
    assert_eq!(attempts, expected);
    let dead = home.dead().await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].reason.as_deref(), Some("down, for good"));
}

#[rstest]
#[tokio::test]
async fn a_reason_is_kept_whatever_the_far_side_wrote_into_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let worker = home.start(says(|_| {
        Verdict::retry(format!("500: \u{0}\u{1b}[31m{}", "ä".repeat(100_000)))
    }));
    home.until_waiting_after(1).await;
    home.advance(TimeDelta::days(4));
    eventually("it is dead", || async { home.count("dead").await == 1 }).await;
    worker.stop().await;
    let reason = home.dead().await.remove(0).reason.unwrap();
    assert!(reason.starts_with("500: [31mää"));
    assert_eq!(reason.chars().count(), 1_000);
}

#[rstest]
#[tokio::test]
async fn a_wait_spends_neither_an_attempt_nor_its_time(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    home.queue(vec![home.job("a")]).await;
    let day = Duration::from_secs(86_400);
    let worker = home.start(says(move |held| {
        assert_eq!((held.attempt, held.elapsed), (1, Duration::ZERO));
        Verdict::wait("no key is active", day)
    }));
    for tries in 1..=5 {
        home.until_waiting_after(tries).await;
        assert_eq!(home.next_due().await, Some(home.now() + day));
        home.advance(TimeDelta::days(1));
    }
    worker.stop().await;
    assert_eq!(home.count("dead").await, 0);
    assert!(home.ran().iter().all(|(_, attempt)| *attempt == 1));
}

#[rstest]
#[tokio::test]
async fn a_job_that_is_discarded_is_gone_and_not_among_the_dead(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let worker = home.start(says(|_| Verdict::discard("the invite was erased")));
    home.queue(vec![home.job("a")]).await;
    eventually("it ran", || async { home.ran().len() == 1 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.count("dead").await, 0);
}

#[rstest]
#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_stops_nobody_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let worker = home.start(Arc::new(|name, held| {
        Box::pin(async move {
            assert!(name != "bad" || held.attempt > 1, "on purpose");
            Verdict::Done
        })
    }));
    home.queue(vec![home.job("bad"), home.job("good")]).await;
    home.until_waiting_after(2).await;
    home.advance(TimeDelta::seconds(2));
    eventually("the bad one ran again", || async { home.ran().len() == 3 }).await;
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran()[2], ("bad".into(), 2));
}

#[rstest]
#[tokio::test]
async fn an_attempt_that_takes_too_long_is_cut_off_and_comes_back(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let config = WorkerConfig {
        attempt_timeout: Duration::from_millis(20),
        ..WorkerConfig::default()
    };
    let slow = Arc::new(
        |_, held: jobs::Held| -> futures_util::future::BoxFuture<'static, Verdict> {
            Box::pin(async move {
                if held.attempt == 1 {
                    tokio::time::sleep(NEVER).await;
                }
                Verdict::Done
            })
        },
    );
    let worker = Running::start(home.worker(slow, config));
    home.queue(vec![home.job("a")]).await;
    home.until_waiting_after(1).await;
    home.advance(TimeDelta::seconds(2));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("a".into(), 1), ("a".into(), 2)]);
}

#[rstest]
#[tokio::test]
async fn jobs_that_nobody_understands_are_given_up_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let mut unknown = home.job("unknown");
    unknown.kind = "of_another_release";
    let mut garbage = home.job("garbage");
    garbage.payload = r#"{"name": 5, "email": "ada@example.com"}"#.into();
    let mut torn = home.job("torn");
    torn.payload = r#"{"na"#.into();
    home.queue(vec![unknown, garbage, torn, home.job("good")])
        .await;
    let worker = home.start(says(|_| Verdict::Done));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran(), [("good".into(), 1)]);
    let mut reasons: Vec<_> = home
        .dead()
        .await
        .into_iter()
        .map(|job| job.reason.unwrap())
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "no handler knows this kind of job",
            "the payload cannot be read (at column 10)",
            "the payload cannot be read (at column 4)",
        ]
    );
}
