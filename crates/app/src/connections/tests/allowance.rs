use std::sync::Arc;
use std::time::Duration;

use ats_http::{Throttle, Wait};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, FixedClock};
use proptest::prelude::*;
use test_support::Database;

use super::super::allowance::{Allowance, PACE};
use super::House;

/// An allowance of the house's organization as another process sees it, by a clock of its own.
fn process(house: &House, clock: &Arc<FixedClock>) -> Allowance {
    let clock = Arc::<FixedClock>::clone(clock);
    Allowance::new(house.database.open(), clock, house.organization)
}

/// When calls of two processes are planned that never have enough of them, over `seconds`.
async fn backlog(house: &House, seconds: i64) -> Vec<DateTime<Utc>> {
    let clock = Arc::new(FixedClock::at(house.one.now()));
    let both = [process(house, &clock), process(house, &clock)];
    let end = clock.now() + TimeDelta::seconds(seconds);
    let mut planned = Vec::new();
    while clock.now() < end {
        for process in &both {
            while let Ok(slot) = process.take().await {
                planned.push(slot);
            }
        }
        clock.advance(TimeDelta::milliseconds(700));
    }
    planned.retain(|slot| *slot < end);
    planned.sort();
    planned
}

/// The most calls in any span of this length.
fn most_within(planned: &[DateTime<Utc>], span: TimeDelta) -> usize {
    let within = |start: usize| {
        let after = planned[start..].iter();
        after
            .take_while(|slot| **slot - planned[start] < span)
            .count()
    };
    (0..planned.len()).map(within).max().unwrap_or(0)
}

test_support::each_database! {
    async fn two_processes_stay_within_what_lever_allows_and_use_it(database: Database) {
        let house = House::connected(database).await;
        let planned = backlog(&house, 60).await;
        assert!(most_within(&planned, TimeDelta::seconds(1)) <= 20);
        for seconds in [1, 2, 5, 10, 30] {
            let most = most_within(&planned, TimeDelta::seconds(seconds));
            let allowed = usize::try_from(20 + 10 * seconds).expect("a number");
            assert!(most <= allowed, "{most} in {seconds} s");
        }
        assert!(planned.len() >= 540, "at least 90 % is used: {} of 600", planned.len());
    }

    async fn whoever_would_wait_long_is_told_how_long(database: Database) {
        let house = House::connected(database).await;
        let clock = Arc::new(FixedClock::at(house.one.now()));
        let process = process(&house, &clock);
        let mut taken = 0;
        let Wait(wait) = loop {
            match process.take().await {
                Ok(_) => taken += 1,
                Err(wait) => break wait,
            }
        };
        assert!((50..=60).contains(&taken), "7 at once and 5 s of the rest: {taken}");
        assert!(wait > Duration::from_secs(5) && wait < Duration::from_secs(6), "{wait:?}");
    }

    async fn a_call_that_a_machine_held_up_is_planned_anew(database: Database) {
        let house = House::connected(database).await;
        let clock = Arc::new(FixedClock::at(house.one.now()));
        let process = process(&house, &clock);
        let at_once = async || {
            let mut many = 0;
            while process.take().await.is_ok_and(|slot| slot <= clock.now()) {
                many += 1;
            }
            many
        };
        assert_eq!(at_once().await, PACE.burst);
        // The next one would be made in a tenth of a second; the machine comes back after three.
        let stands_still = async { clock.advance(TimeDelta::seconds(3)) };
        let (permitted, ()) = tokio::join!(process.permit(), stands_still);
        assert_eq!(permitted, Ok(()));
        assert_eq!(at_once().await, PACE.burst - 1);
    }

    async fn a_pause_that_lever_asks_for_holds_for_every_process(database: Database) {
        let house = House::connected(database).await;
        let clock = Arc::new(FixedClock::at(house.one.now()));
        let (one, other) = (process(&house, &clock), process(&house, &clock));
        one.told_to_wait(Duration::from_secs(3)).await;
        let slot = other.take().await.expect("within what it waits for");
        assert!(slot >= clock.now() + TimeDelta::seconds(3));
        let next = one.take().await.expect("within what it waits for");
        assert!(next - slot >= PACE.interval, "and then not at once: {slot} {next}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn whatever_the_moments_no_span_holds_more_than_lever_allows(steps in prop::collection::vec((0i64..900, 1usize..6), 1..40)) {
        test_support::run(async {
            let house = House::connected(Database::sqlite()).await;
            let clock = Arc::new(FixedClock::at(house.one.now()));
            let process = process(&house, &clock);
            let mut planned = Vec::new();
            for (pause, calls) in steps {
                clock.advance(TimeDelta::milliseconds(pause));
                for _ in 0..calls {
                    planned.extend(process.take().await.ok());
                }
            }
            planned.sort();
            for seconds in [1, 3, 10] {
                let most = most_within(&planned, TimeDelta::seconds(seconds));
                assert!(most <= usize::try_from(10 * seconds + 10).expect("a number"), "{most} in {seconds} s");
            }
        });
    }
}
