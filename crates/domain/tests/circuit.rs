//! A far side that fails is left alone, and found again when it answers.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Circuit, Way};
use proptest::prelude::*;

fn begun() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn failed(times: u32) -> Circuit {
    (0..times).fold(Circuit::CLOSED, |circuit, _| circuit.failed(begun()))
}

/// The way after each trial that fails, each made as soon as it may be.
fn waits(many: usize) -> Vec<i64> {
    let (mut circuit, mut now, mut waits) = (failed(10), begun(), Vec::new());
    for _ in 0..many {
        let Way::Shut(until) = circuit.way(now) else {
            panic!("it is open");
        };
        waits.push((until - now).num_seconds());
        now = until;
        assert_eq!(circuit.way(now), Way::Trial);
        circuit = circuit.on_trial(now).failed(now);
    }
    waits
}

#[test]
fn ten_failures_in_a_row_open_it_and_nine_do_not() {
    assert_eq!(failed(9).way(begun()), Way::Free);
    let until = begun() + TimeDelta::seconds(30);
    assert_eq!(failed(10).way(begun()), Way::Shut(until));
}

#[test]
fn the_wait_doubles_from_half_a_minute_to_ten() {
    assert_eq!(waits(7), [30, 60, 120, 240, 480, 600, 600]);
}

#[test]
fn calls_that_were_under_way_when_it_opened_do_not_lengthen_the_wait() {
    let open = failed(10);
    let late = open.failed(begun() + TimeDelta::seconds(15));
    assert_eq!(late.open, open.open);
}

#[test]
fn while_one_tries_nobody_else_does_and_a_trial_without_a_word_is_forgotten() {
    let now = begun() + TimeDelta::seconds(30);
    let trying = failed(10).on_trial(now);
    let minute = now + TimeDelta::seconds(60);
    assert_eq!(trying.way(now), Way::Shut(minute));
    assert_eq!(trying.way(minute), Way::Trial);
}

/// What happens, after how many seconds.
#[derive(Debug, Clone, Copy)]
enum Step {
    Ask(i64),
    Fail(i64),
    Succeed(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let after = prop_oneof![Just(0_i64), 0..5_i64, 0..700_i64];
    let step = prop_oneof![
        4 => after.clone().prop_map(Step::Ask),
        8 => after.clone().prop_map(Step::Fail),
        1 => after.prop_map(Step::Succeed),
    ];
    prop::collection::vec(step, 1..120)
}

proptest! {
    #[test]
    fn whatever_happens_trials_are_half_a_minute_apart_and_every_wait_ends(steps in steps()) {
        let (mut circuit, mut now, mut in_a_row) = (Circuit::CLOSED, begun(), 0);
        let mut last_trial: Option<DateTime<Utc>> = None;
        for step in steps {
            let (Step::Ask(after) | Step::Fail(after) | Step::Succeed(after)) = step;
            now += TimeDelta::seconds(after);
            match (step, circuit.way(now)) {
                (Step::Ask(_), Way::Trial) => {
                    let rested = last_trial.is_none_or(|last| now - last >= TimeDelta::seconds(30));
                    prop_assert!(rested, "a trial at {now}, the last at {last_trial:?}");
                    last_trial = Some(now);
                    circuit = circuit.on_trial(now);
                }
                (Step::Ask(_), _) => {}
                (Step::Fail(_), _) => {
                    circuit = circuit.failed(now);
                    in_a_row += 1;
                }
                (Step::Succeed(_), _) => {
                    circuit = Circuit::CLOSED;
                    (in_a_row, last_trial) = (0, None);
                }
            }
            prop_assert_eq!(circuit.failures, in_a_row);
            prop_assert_eq!(circuit.open.is_some(), in_a_row >= 10);
            if let Way::Shut(until) = circuit.way(now) {
                prop_assert!(until - now <= Circuit::LONGEST_WAIT);
                prop_assert!(circuit.way(until) == Way::Trial);
            }
        }
    }
}
