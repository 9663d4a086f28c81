//! No organization's load is another's delay.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use domain::{Entropy, Ids, OrganizationId};
use jobs::{Verdict, WorkerConfig};
use rstest::rstest;
use storage::jobs::{NewJob, Room};
use storage::workers::WorkerId;

use crate::home::{Engine, Home, Running, eventually, token};

fn jobs_of(home: &Home, organization: OrganizationId, names: &str, many: usize) -> Vec<NewJob> {
    (0..many)
        .map(|number| NewJob {
            organization,
            ..home.job(&format!("{names} {number}"))
        })
        .collect()
}

#[rstest]
#[tokio::test]
async fn a_worker_has_four_of_one_organization_in_work_at_most(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let running: Arc<Mutex<HashMap<OrganizationId, usize>>> = Arc::default();
    let most = Arc::new(Mutex::new(0));
    let (counted, highest) = (Arc::clone(&running), Arc::clone(&most));
    for number in 0..3 {
        let organization = OrganizationId(Entropy.draw(home.now()));
        home.queue(jobs_of(&home, organization, &number.to_string(), 60))
            .await;
    }
    let worker = home.start(Arc::new(move |_, held| {
        let (running, most) = (Arc::clone(&counted), Arc::clone(&highest));
        Box::pin(async move {
            let now = {
                let mut running = running.lock().unwrap();
                let mine = running.entry(held.organization).or_default();
                *mine += 1;
                *mine
            };
            {
                let mut most = most.lock().unwrap();
                *most = now.max(*most);
            }
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            *running.lock().unwrap().get_mut(&held.organization).unwrap() -= 1;
            Verdict::Done
        })
    }));
    home.until_empty().await;
    worker.stop().await;
    assert_eq!(home.ran().len(), 180);
    assert_eq!(*most.lock().unwrap(), 4);
}

#[rstest]
#[tokio::test]
async fn who_comes_late_with_one_job_does_not_wait_for_those_with_thousands(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    for number in 0..6 {
        let organization = OrganizationId(Entropy.draw(home.now()));
        home.queue(jobs_of(&home, organization, &format!("big {number}"), 500))
            .await;
    }
    home.clock.advance(TimeDelta::seconds(1));
    let small = OrganizationId(Entropy.draw(home.now()));
    home.queue(jobs_of(&home, small, "small", 1)).await;
    let worker = home.start(Arc::new(|_, _| Box::pin(async { Verdict::Done })));
    let is_small = |(name, _): &(String, u32)| name.starts_with("small");
    eventually("the small one ran", || async {
        home.ran().iter().any(is_small)
    })
    .await;
    let place = home.ran().iter().position(is_small).unwrap();
    worker.stop().await;
    assert!(place < 100, "{place} came before it");
}

#[rstest]
#[tokio::test]
async fn what_failed_before_leaves_half_of_the_hands_to_what_is_new(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let held_up = Arc::clone(&gate);
    let config = WorkerConfig {
        concurrency: 8,
        per_organization: 100,
        poll: Duration::from_millis(20),
        ..WorkerConfig::default()
    };
    let ours = home.organization;
    home.queue(jobs_of(&home, ours, "old", 50)).await;
    let worker = Running::start(home.worker(
        Arc::new(move |name, held| {
            let gate = Arc::clone(&held_up);
            Box::pin(async move {
                if name.starts_with("old") && held.attempt == 1 {
                    return Verdict::retry("down");
                }
                gate.acquire().await.unwrap().forget();
                Verdict::Done
            })
        }),
        config,
    ));
    eventually("all failed once", || async {
        home.ran().len() == 50 && home.count("claimed").await == 0
    })
    .await;
    home.advance(TimeDelta::minutes(1));
    eventually("retries have their half", || async {
        home.ran().len() == 54
    })
    .await;
    home.queue(jobs_of(&home, ours, "new", 50)).await;
    eventually("the other half is for the new", || async {
        home.ran().len() == 58
    })
    .await;
    let second: Vec<_> = home.ran().split_off(50);
    let new = second.iter().filter(|(name, _)| name.starts_with("new"));
    assert_eq!(new.count(), 4);
    gate.add_permits(1_000);
    home.until_empty().await;
    worker.stop().await;
}

#[rstest]
#[tokio::test]
async fn every_organization_has_its_turn_before_any_has_its_second(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(home) = Home::open(engine) else {
        return;
    };
    let organizations: Vec<_> = (0..40)
        .map(|_| OrganizationId(Entropy.draw(home.now())))
        .collect();
    for organization in &organizations {
        home.queue(jobs_of(&home, *organization, "job", 3)).await;
    }
    let mut room = Room::of(WorkerId(token()), 10);
    room.per_organization = 4;
    let mut served = Vec::new();
    for _ in 0..4 {
        let (asked, now, token) = (room.clone(), home.now(), token());
        let claimed = home
            .db
            .write(move |conn| storage::jobs::claim(conn, &asked, now, token))
            .await
            .unwrap();
        room.progress = claimed.progress;
        served.extend(claimed.jobs.into_iter().map(|job| job.organization));
    }
    served.sort();
    let mut all = organizations;
    all.sort();
    assert_eq!(served, all);
}
