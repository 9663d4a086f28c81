//! What holds of referrals whatever is answered, how often and in which order.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Answered, Passing, Receipt, Referral, ReferralState, WritebackState};
use proptest::prelude::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a moment") + TimeDelta::seconds(seconds)
}

/// What may happen to a referral.
#[derive(Debug, Clone)]
enum Move {
    Answer(bool),
    Begin,
    Tell(WritebackState),
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        any::<bool>().prop_map(Move::Answer),
        Just(Move::Begin),
        prop::sample::select(vec![
            WritebackState::Retrying,
            WritebackState::Blocked,
            WritebackState::Failed,
            WritebackState::Sent,
        ])
        .prop_map(Move::Tell),
    ]
}

/// The referral after a move, as whoever carries one out makes it: only what is due is begun and told of.
fn after(referral: &Referral, step: &Move, now: DateTime<Utc>) -> Referral {
    let mut next = referral.clone();
    match step {
        Move::Answer(interested) => match referral.answer(*interested, now) {
            Ok(Answered::Changed { referral, .. }) => next = referral,
            Ok(Answered::Repeat) | Err(_) => {}
        },
        Move::Begin if referral.is_due() => next.begun = true,
        Move::Tell(state)
            if referral.is_due() && (next.begun || *state != WritebackState::Sent) =>
        {
            let receipt = Receipt::Retrying {
                detail: "why".into(),
            };
            next.passing = Some(Passing {
                state: *state,
                ..Passing::of(receipt, now)
            });
        }
        Move::Begin | Move::Tell(_) => {}
    }
    next
}

#[test]
fn every_yes_and_no_of_interviewer_and_candidate() {
    for (advance, interested, state) in [
        (true, None, ReferralState::AwaitingCandidate),
        (true, Some(true), ReferralState::Sending),
        (true, Some(false), ReferralState::Declined),
        (false, None, ReferralState::NotAdvanced),
        (false, Some(true), ReferralState::NotAdvanced),
        (false, Some(false), ReferralState::NotAdvanced),
    ] {
        let mut referral = Referral::filed(advance);
        if let Some(interested) = interested {
            let answered = referral.answer(interested, at(1)).expect("in time");
            let Answered::Changed {
                referral: changed,
                pass_on,
            } = answered
            else {
                panic!("a first answer changes something");
            };
            assert_eq!(pass_on, advance && interested);
            referral = changed;
        }
        assert_eq!(referral.state(), state, "{advance} {interested:?}");
        assert_eq!(referral.is_due(), state == ReferralState::Sending);
    }
}

#[test]
fn how_far_it_has_come_is_what_people_see_once_both_said_yes() {
    for (told, state) in [
        (WritebackState::Pending, ReferralState::Sending),
        (WritebackState::Retrying, ReferralState::Sending),
        (WritebackState::Blocked, ReferralState::Blocked),
        (WritebackState::Failed, ReferralState::Blocked),
        (WritebackState::Sent, ReferralState::InGreenhouse),
        (WritebackState::Seen, ReferralState::InGreenhouse),
    ] {
        let referral = Referral {
            interested: Some(true),
            passing: Some(Passing {
                state: told,
                ..Passing::pending(at(0))
            }),
            ..Referral::filed(true)
        };
        assert_eq!(referral.state(), state);
    }
}

proptest! {
    #[test]
    fn nobody_is_passed_on_without_two_yeses(advance: bool, moves in prop::collection::vec(any_move(), 0..20)) {
        let mut referral = Referral::filed(advance);
        for (step, second) in moves.iter().zip(0..) {
            referral = after(&referral, step, at(second));
            let both = referral.advance && referral.interested == Some(true);
            prop_assert!(both || !referral.begun);
            prop_assert!(both || !matches!(referral.state(), ReferralState::Sending | ReferralState::InGreenhouse | ReferralState::Blocked));
            prop_assert!(both || !referral.is_due());
        }
    }

    #[test]
    fn what_was_begun_is_never_taken_back(moves in prop::collection::vec(any_move(), 0..20)) {
        let mut referral = Referral::filed(true);
        for (step, second) in moves.iter().zip(0..) {
            let before = referral.clone();
            referral = after(&referral, step, at(second));
            if before.begun {
                prop_assert_eq!(referral.interested, Some(true));
                prop_assert!(referral.begun);
                prop_assert!(referral.answer(false, at(99)).is_err());
            }
            if before.state() == ReferralState::InGreenhouse {
                prop_assert_eq!(&referral, &before);
            }
        }
    }

    #[test]
    fn the_same_answer_once_more_changes_nothing(advance: bool, moves in prop::collection::vec(any_move(), 0..20)) {
        let mut referral = Referral::filed(advance);
        for (step, second) in moves.iter().zip(0..) {
            referral = after(&referral, step, at(second));
        }
        if let Some(answer) = referral.interested {
            prop_assert_eq!(referral.answer(answer, at(99)), Ok(Answered::Repeat));
        }
    }

    #[test]
    fn until_it_is_begun_the_last_answer_counts(advance: bool, answers in prop::collection::vec(any::<bool>(), 1..9)) {
        let mut referral = Referral::filed(advance);
        for (answer, second) in answers.iter().zip(0..) {
            referral = after(&referral, &Move::Answer(*answer), at(second));
        }
        let last = *answers.last().expect("at least one");
        prop_assert_eq!(referral.interested, Some(last));
        prop_assert_eq!(referral.is_due(), advance && last);
    }
}
