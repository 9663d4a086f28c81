//! The contract's table of transitions, and what must hold for every sequence of commands.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Attempt, Command, Event, Invite, Origin, Refusal, ResultBody, Status, decide};
use proptest::prelude::*;
use uuid::Uuid;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a moment in range")
}

fn invite() -> Invite {
    Invite {
        id: Uuid::from_u128(1).into(),
        organization: Uuid::from_u128(2).into(),
        assessment: Uuid::from_u128(3).into(),
        assessment_version: 1,
        candidate: Uuid::from_u128(4).into(),
        origin: Origin::Api,
        status: Status::Invited,
        attempt: Attempt {
            number: 1,
            started_at: None,
            ends_at: None,
        },
        resends: 0,
        result: None,
        created_at: start(),
        submitted_at: None,
        completed_at: None,
        expires_at: start() + TimeDelta::days(14),
    }
}

fn result(score: f64) -> ResultBody {
    ResultBody {
        score: Some(score),
        ..ResultBody::default()
    }
}

fn provisional(score: f64) -> ResultBody {
    ResultBody {
        is_final: false,
        ..result(score)
    }
}

fn begin() -> Command {
    Command::Start { time_limit: None }
}

fn again() -> Command {
    Command::Reset {
        valid_for: TimeDelta::days(14),
    }
}

fn extend() -> Command {
    Command::Extend {
        expires_at: start() + TimeDelta::days(60),
    }
}

fn refuse() -> Command {
    Command::Refuse {
        reason: "no runner".into(),
    }
}

fn hand_in() -> Command {
    Command::Submit { result: None }
}

/// An invite that has come to `status` by the shortest way.
fn at(status: Status) -> Invite {
    let way: Vec<Command> = match status {
        Status::Invited => vec![],
        Status::Started => vec![begin()],
        Status::Submitted => vec![begin(), hand_in()],
        Status::Completed => vec![begin(), hand_in(), Command::Report(result(80.0))],
        Status::Cancelled => vec![Command::Cancel],
        Status::Expired => {
            let late = start() + TimeDelta::days(15);
            return decide(&invite(), Command::Tick { result: None }, late)
                .expect("time is over")
                .invite;
        }
    };
    way.into_iter().fold(invite(), |state, command| {
        decide(&state, command, start())
            .expect("an allowed step")
            .invite
    })
}

/// `Ok(status)` after, `Err(true)` a repeat, `Err(false)` a contradiction.
fn outcome(from: Status, command: Command) -> Result<Status, bool> {
    decide(&at(from), command, start())
        .map(|transition| transition.invite.status)
        .map_err(|refusal| refusal == Refusal::Repeat)
}

#[test]
fn the_table_of_the_contract_holds() {
    use Status::{Cancelled, Completed, Invited, Started, Submitted};
    let no = Err(false);
    let same = Err(true);
    type Row = (fn() -> Command, [Result<Status, bool>; 6]);
    // from:          invited         started         submitted        completed        expired        cancelled
    let table: [Row; 8] = [
        (begin, [Ok(Started), same, no, no, no, no]),
        (hand_in, [no, Ok(Submitted), same, same, no, no]),
        (
            || Command::Report(result(50.0)),
            [no, Ok(Completed), Ok(Completed), Ok(Completed), no, no],
        ),
        (
            || Command::Cancel,
            [Ok(Cancelled), Ok(Cancelled), no, no, no, same],
        ),
        (
            again,
            [no, Ok(Invited), Ok(Invited), no, Ok(Invited), Ok(Invited)],
        ),
        (
            || Command::Resend,
            [Ok(Invited), Ok(Started), no, no, no, no],
        ),
        (extend, [Ok(Invited), Ok(Started), no, no, Ok(Invited), no]),
        (refuse, [Ok(Cancelled), no, no, no, no, no]),
    ];
    for (command, row) in table {
        for (from, expected) in Status::ALL.into_iter().zip(row) {
            assert_eq!(
                outcome(from, command()),
                expected,
                "{:?} from {from:?}",
                command()
            );
        }
    }
}

#[test]
fn a_provisional_result_shows_a_score_and_changes_no_status() {
    let seen = decide(
        &at(Status::Submitted),
        Command::Report(provisional(40.0)),
        start(),
    )
    .expect("allowed");
    assert_eq!(
        (seen.invite.status, seen.invite.score()),
        (Status::Submitted, Some(40.0))
    );
    let done = decide(&seen.invite, Command::Report(result(41.0)), start()).expect("allowed");
    assert_eq!(done.invite.status, Status::Completed);
    assert_eq!(done.revision.expect("a revision").revision, 2);
    assert_eq!(
        decide(&done.invite, Command::Report(result(41.0)), start()),
        Err(Refusal::Repeat)
    );
}

#[test]
fn a_sitting_keeps_its_time_limit_beyond_the_invites_end_and_is_submitted_when_it_runs_out() {
    let late = start() + TimeDelta::days(14) - TimeDelta::minutes(1);
    let limit = Some(TimeDelta::minutes(90));
    let sitting = decide(&invite(), Command::Start { time_limit: limit }, late)
        .expect("allowed")
        .invite;
    let within = late + TimeDelta::minutes(60);
    assert_eq!(sitting.status_at(within), Status::Started);
    let over = late + TimeDelta::minutes(90);
    let ended = decide(&sitting, Command::Tick { result: None }, over).expect("time is over");
    assert_eq!(ended.invite.status, Status::Submitted);
    assert_eq!(ended.events, [Event::Submitted { time_ran_out: true }]);
}

#[test]
fn nothing_starts_after_the_end_even_before_the_clock_came_by() {
    let late = start() + TimeDelta::days(14);
    assert!(matches!(
        decide(&invite(), begin(), late),
        Err(Refusal::Contradiction {
            status: Status::Expired,
            ..
        })
    ));
}

#[test]
fn an_extension_brings_an_expired_invite_back_to_where_it_was() {
    let begun = at(Status::Started);
    let late = start() + TimeDelta::days(15);
    let gone = decide(&begun, Command::Tick { result: None }, late)
        .expect("time is over")
        .invite;
    assert_eq!(gone.status, Status::Expired);
    let back = decide(&gone, extend(), late).expect("allowed").invite;
    assert_eq!((back.status, back.attempt.number), (Status::Started, 1));
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        prop::option::of(1i64..200).prop_map(|m| Command::Start {
            time_limit: m.map(TimeDelta::minutes)
        }),
        prop::option::of(0u8..=100).prop_map(|s| Command::Submit {
            result: s.map(|s| result(f64::from(s)))
        }),
        (0u8..=100).prop_map(|s| Command::Report(result(f64::from(s)))),
        (0u8..=100).prop_map(|s| Command::Report(provisional(f64::from(s)))),
        Just(Command::Cancel),
        Just(Command::Replace),
        Just(again()),
        Just(Command::Resend),
        (0i64..100).prop_map(|d| Command::Extend {
            expires_at: start() + TimeDelta::days(d)
        }),
        Just(refuse()),
        Just(Command::Tick { result: None }),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_commands_breaks_an_invite(steps in prop::collection::vec((any_command(), 0i64..20_000), 0..40)) {
        let (mut state, mut now) = (invite(), start());
        for (command, minutes) in steps {
            now += TimeDelta::minutes(minutes);
            let Ok(next) = decide(&state, command.clone(), now) else { continue };
            let after = &next.invite;
            if state.status == Status::Completed {
                prop_assert_eq!(after.status, Status::Completed, "un-finished by {:?}", command);
                prop_assert_eq!(after.completed_at, state.completed_at);
            }
            prop_assert!(after.attempt.number >= state.attempt.number);
            let (old, new) = (revision(&state), revision(after));
            prop_assert_eq!(new, old + i32::from(next.revision.is_some()), "revisions count up by one");
            prop_assert_eq!(after.status == Status::Completed, after.completed_at.is_some());
            prop_assert!(after.due_at().is_none_or(|_| matches!(after.status, Status::Invited | Status::Started)));
            prop_assert!(!next.events.is_empty(), "a change leaves a trace");
            state = next.invite;
        }
    }

    #[test]
    fn a_repeat_changes_nothing_and_repeating_it_stays_a_repeat(steps in prop::collection::vec(any_command(), 0..20), last in any_command()) {
        let state = steps.into_iter().fold(invite(), |state, command| {
            decide(&state, command, start()).map_or(state, |next| next.invite)
        });
        if let Err(first) = decide(&state, last.clone(), start()) {
            prop_assert_eq!(decide(&state, last, start()), Err(first));
        }
    }
}

fn revision(invite: &Invite) -> i32 {
    invite.result.as_ref().map_or(0, |result| result.revision)
}
