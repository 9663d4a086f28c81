//! What has to change until an opportunity's tags show where an invite is (the rulings on the swap).

use std::collections::BTreeSet;

use ats::lever::{Level, Plan, Wanted, calls_for_note, calls_for_tags, plan, tags_number};
use domain::{ResultBody, Status, Target, Writeback};
use proptest::prelude::*;
use rstest::rstest;

use crate::sample::{completed, minute, texts, view};

/// What is wanted of "Rust" at this level, found as `Rust`.
fn wanted(level: Level) -> Wanted<'static> {
    Wanted {
        title: "Rust",
        found: "Rust",
        sticky: false,
        level,
        attempt: 1,
        last: None,
    }
}

fn planned(present: &[&str], wanted: &Wanted<'_>, titles: &[&str]) -> (Vec<String>, Vec<String>) {
    let Plan { add, remove } = plan(&texts(present), wanted, &texts(titles));
    (add, remove)
}

#[rstest]
#[case::invited_takes_the_title_s_place(&["Lisbon", "Rust"], Level::Invited, &["Rust - Invited"], &["Rust"])]
#[case::a_crash_between_the_two_leaves_only_the_removal(&["Rust", "Rust - Invited"], Level::Invited, &[], &["Rust"])]
#[case::what_is_done_is_not_done_again(&["Rust - Invited"], Level::Invited, &[], &[])]
#[case::started_takes_invited_s_place(&["Rust - Invited"], Level::Started, &["Rust - Started"], &["Rust - Invited"])]
#[case::submitted_removes_both_earlier_ones(&["Rust - Invited", "Rust - Started"], Level::Submitted, &["Rust - Submitted"], &["Rust - Invited", "Rust - Started"])]
#[case::a_step_that_was_skipped_leaves_nothing_behind(&["Rust"], Level::Submitted, &["Rust - Submitted"], &["Rust"])]
#[case::a_recruiter_who_deleted_our_tag_gets_the_next_one(&["Lisbon"], Level::Started, &["Rust - Started"], &[])]
#[case::a_later_tag_is_not_touched_by_a_late_start(&["Rust - Submitted"], Level::Started, &["Rust - Started"], &[])]
#[case::what_merely_looks_alike_stays(&["rust", "Rust - invited", "Rust 2", "Rust 2 - Invited"], Level::Started, &["Rust - Started"], &[])]
fn tags_are_swapped(
    #[case] present: &[&str],
    #[case] level: Level,
    #[case] add: &[&str],
    #[case] remove: &[&str],
) {
    assert_eq!(
        planned(present, &wanted(level), &[]),
        (texts(add), texts(remove))
    );
}

#[test]
fn the_very_text_that_was_found_is_removed() {
    let wanted = Wanted {
        found: " rust ",
        ..wanted(Level::Invited)
    };
    let (add, remove) = planned(&[" rust ", "Rust"], &wanted, &[]);
    assert_eq!(
        (add, remove),
        (texts(&["Rust - Invited"]), texts(&[" rust "]))
    );
}

#[test]
fn an_inherited_title_is_left_in_peace() {
    let wanted = Wanted {
        sticky: true,
        ..wanted(Level::Started)
    };
    let (add, remove) = planned(&["Rust", "Rust - Invited"], &wanted, &[]);
    assert_eq!(
        (add, remove),
        (texts(&["Rust - Started"]), texts(&["Rust - Invited"]))
    );
}

#[test]
fn a_title_that_the_recruiter_put_back_after_the_swap_stays() {
    let wanted = Wanted {
        last: Some("Rust - Invited"),
        ..wanted(Level::Started)
    };
    let (add, remove) = planned(&["Rust", "Rust - Invited"], &wanted, &[]);
    assert_eq!(
        (add, remove),
        (texts(&["Rust - Started"]), texts(&["Rust - Invited"]))
    );
}

#[test]
fn after_a_rename_the_old_title_s_tags_are_found() {
    let wanted = Wanted {
        title: "Old",
        found: "Old",
        ..wanted(Level::Started)
    };
    let (add, remove) = planned(&["New", "Old - Invited"], &wanted, &["New"]);
    assert_eq!(
        (add, remove),
        (texts(&["Old - Started"]), texts(&["Old - Invited"]))
    );
}

#[test]
fn a_reset_goes_back_and_takes_the_later_tags_along() {
    let wanted = Wanted {
        attempt: 2,
        ..wanted(Level::Invited)
    };
    let (add, remove) = planned(&["Rust - Submitted"], &wanted, &[]);
    assert_eq!(
        (add, remove),
        (texts(&["Rust - Invited"]), texts(&["Rust - Submitted"]))
    );
}

#[test]
fn another_assessment_s_title_is_not_ours_to_remove_unless_we_put_it_there() {
    let present = ["Rust - Invited"];
    let theirs = wanted(Level::Started);
    assert_eq!(
        planned(&present, &theirs, &["Rust - Invited"]).1,
        texts(&[])
    );
    let ours = Wanted {
        last: Some("Rust - Invited"),
        ..theirs
    };
    assert_eq!(
        planned(&present, &ours, &["Rust - Invited"]).1,
        texts(&present)
    );
}

#[rstest]
#[case(Status::Invited, Level::Invited)]
#[case(Status::Started, Level::Started)]
#[case(Status::Submitted, Level::Submitted)]
#[case(Status::Completed, Level::Submitted)]
#[case::an_invite_that_ended_keeps_the_tag_it_came_to(Status::Cancelled, Level::Started)]
#[case(Status::Expired, Level::Started)]
fn each_status_has_its_level(#[case] status: Status, #[case] level: Level) {
    assert_eq!(Level::of(&view(status).invite), level);
}

#[test]
fn only_a_change_of_our_own_state_calls_for_tags() {
    let now = minute(50);
    let started = view(Status::Started);
    assert!(calls_for_tags(&view(Status::Invited), None));
    let done = Writeback::pending(Target::LeverTags, tags_number(&started), now);
    assert!(!calls_for_tags(&started, Some(&done)));
    assert!(
        !calls_for_tags(&view(Status::Cancelled), Some(&done)),
        "it was started"
    );
    assert!(calls_for_tags(&view(Status::Submitted), Some(&done)));
    let submitted = Writeback::pending(
        Target::LeverTags,
        tags_number(&view(Status::Submitted)),
        now,
    );
    assert!(!calls_for_tags(
        &completed(ResultBody::default()),
        Some(&submitted)
    ));
    let mut again = view(Status::Invited);
    again.invite.attempt.number = 2;
    assert!(calls_for_tags(&again, Some(&done)), "a reset");
}

#[test]
fn the_note_is_called_for_at_submission_and_at_each_final_revision() {
    let now = minute(50);
    let note = |revision| Writeback::pending(Target::LeverNote, revision, now);
    assert!(!calls_for_note(&view(Status::Started), None));
    assert!(calls_for_note(&view(Status::Submitted), None));
    let provisional = ResultBody {
        is_final: false,
        ..ResultBody::default()
    };
    let mut graded_in_part = completed(provisional);
    graded_in_part.invite.status = Status::Submitted;
    assert!(!calls_for_note(&graded_in_part, Some(&note(0))));
    let graded = completed(ResultBody::default());
    assert!(calls_for_note(&graded, Some(&note(0))));
    assert!(!calls_for_note(&graded, Some(&note(1))));
}

const ALPHABET: &[&str] = &[
    "Rust",
    "rust",
    "Rust - Invited",
    "Rust - Started",
    "Rust - Submitted",
    "Go",
    "Go - Invited",
    "Lisbon",
];

fn tag() -> impl Strategy<Value = String> {
    prop::sample::select(ALPHABET).prop_map(str::to_owned)
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(&Level::ALL[..])
}

/// The tags after the plan was carried out.
fn after(present: &[String], plan: &Plan) -> Vec<String> {
    let mut tags = present.to_vec();
    tags.extend(plan.add.iter().cloned());
    tags.retain(|tag| !plan.remove.contains(tag));
    tags
}

proptest! {
    #[test]
    fn a_plan_is_done_after_it_is_done(present in prop::collection::btree_set(tag(), 0..8), level in level(), attempt in 1..3_i32, sticky: bool) {
        let present: Vec<String> = present.into_iter().collect();
        let wanted = Wanted { sticky, attempt, ..wanted(level) };
        let done = after(&present, &plan(&present, &wanted, &[]));
        prop_assert!(plan(&done, &wanted, &[]).is_empty());
        prop_assert!(done.contains(&level.tag("Rust")));
    }

    #[test]
    fn nothing_of_others_is_touched(present in prop::collection::btree_set(tag(), 0..8), level in level(), attempt in 1..3_i32, sticky: bool) {
        let ours: BTreeSet<String> = Level::ALL.iter().map(|level| level.tag("Rust")).chain(["Rust".to_owned()]).collect();
        let present: Vec<String> = present.into_iter().collect();
        let wanted = Wanted { sticky, attempt, ..wanted(level) };
        let plan = plan(&present, &wanted, &[]);
        for tag in plan.add.iter().chain(&plan.remove) {
            prop_assert!(ours.contains(tag), "{} is not ours", tag);
        }
        prop_assert!(plan.add.iter().all(|tag| !plan.remove.contains(tag)));
        prop_assert!(plan.remove.iter().all(|tag| present.contains(tag)), "no call without effect");
        prop_assert!(plan.add.iter().all(|tag| !present.contains(tag)), "no call without effect");
    }

    #[test]
    fn going_through_life_step_by_step_or_at_once_ends_with_the_one_tag(steps in prop::collection::btree_set(level(), 1..4)) {
        let mut tags = texts(&["Lisbon", "Rust"]);
        let mut last = None;
        for level in steps {
            tags = after(&tags, &plan(&tags, &wanted(level), &[]));
            last = Some(level.tag("Rust"));
        }
        let mut expected = texts(&["Lisbon"]);
        expected.extend(last);
        prop_assert_eq!(tags, expected);
    }
}
