//! Which tags name which assessments (the rulings on titles and tags).

use ats::lever::{Level, Named, named};
use domain::loosely;
use proptest::prelude::*;
use rstest::rstest;

use crate::sample::{published, texts};

/// What is named, as `title < tag`, and `? tag` for what is ambiguous.
fn read(tags: &[&str], titles: &[&str], ours: &[&str]) -> Vec<String> {
    let Named { matches, ambiguous } = named(&texts(tags), &published(titles), &texts(ours));
    let matches = matches
        .into_iter()
        .map(|it| format!("{} < {}", it.title, it.tag));
    let ambiguous = ambiguous
        .into_iter()
        .map(|it| format!("? {} = {}", it.tag, it.titles.join(" | ")));
    matches.chain(ambiguous).collect()
}

#[rstest]
#[case::the_whole_tag_is_the_key(&["Rust Basics"], &["Rust Basics", "Rust"], &[], &["Rust Basics < Rust Basics"])]
#[case::a_part_of_a_tag_is_none(&["Rust Basics today"], &["Rust Basics"], &[], &[])]
#[case::tags_of_the_posting_are_in_the_same_list(&["Platform", "Lisbon", "Rust Basics", "Full-time"], &["Rust Basics"], &[], &["Rust Basics < Rust Basics"])]
#[case::letter_case_makes_no_difference(&["rust BASICS"], &["Rust Basics"], &[], &["Rust Basics < rust BASICS"])]
#[case::nor_white_space(&[" Rust \u{a0} Basics "], &["Rust Basics"], &[], &["Rust Basics <  Rust \u{a0} Basics "])]
#[case::nor_how_accents_are_composed(&["Cafe\u{301}"], &["Café"], &[], &["Café < Cafe\u{301}"])]
#[case::the_exact_title_wins_over_a_loose_one(&["rust"], &["Rust", "rust"], &[], &["rust < rust"])]
#[case::a_loose_tag_that_fits_two_is_ambiguous(&["RUST"], &["Rust", "rust"], &[], &["? RUST = Rust | rust"])]
#[case::two_assessments_of_one_title_are_ambiguous(&["Rust"], &["Rust", "Rust"], &[], &["? Rust = Rust | Rust"])]
#[case::two_tags_that_differ_in_case_are_one_assessment_by_the_exact_one(&["rust basics", "Rust Basics"], &["Rust Basics"], &[], &["Rust Basics < Rust Basics"])]
#[case::and_else_by_the_first_letter_whatever_lever_s_order(&["rust basics", "RUST basics"], &["Rust Basics"], &[], &["Rust Basics < RUST basics"])]
#[case::a_title_may_hold_a_dash(&["Rust - Advanced"], &["Rust - Advanced", "Rust"], &[], &["Rust - Advanced < Rust - Advanced"])]
#[case::a_status_tag_is_no_title(&["Rust - Invited"], &["Rust"], &[], &[])]
#[case::a_title_that_looks_like_a_status_is_a_title(&["Onboarding - Started"], &["Onboarding", "Onboarding - Started"], &[], &["Onboarding - Started < Onboarding - Started"])]
#[case::unless_our_own_invite_is_in_that_state(&["Onboarding - Started"], &["Onboarding", "Onboarding - Started"], &["Onboarding - Started"], &[])]
#[case::a_status_tag_is_not_taken_loosely_for_another_title(&["Rust - Invited"], &["Rust", "rust - invited"], &[], &[])]
#[case::a_tag_that_merely_looks_like_a_status_is_nothing(&["Rust – Invited", "Rust - invited"], &["Rust"], &[], &[])]
#[case::what_is_not_published_here_never_matches(&["Go"], &["Rust"], &[], &[])]
#[case::after_a_rename_the_old_title_names_nothing(&["Old Title", "Old Title - Invited"], &["New Title"], &["Old Title - Invited"], &[])]
#[case::several_titles_come_in_the_order_of_titles(&["Rust", "Ada", "Go"], &["Go", "Rust", "Ada"], &[], &["Ada < Ada", "Go < Go", "Rust < Rust"])]
#[case::an_empty_tag_names_nothing(&["", "  "], &["Rust"], &[], &[])]
fn tags_name(
    #[case] tags: &[&str],
    #[case] titles: &[&str],
    #[case] ours: &[&str],
    #[case] expected: &[&str],
) {
    assert_eq!(read(tags, titles, ours), expected);
}

const WORDS: &str = "[Rr]ust|[Gg]o|Ada| - |Invited|Started|Submitted| ";

fn title() -> impl Strategy<Value = String> {
    prop::collection::vec(WORDS, 1..5).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn the_order_of_tags_makes_no_difference(titles in prop::collection::vec(title(), 0..5), tags in prop::collection::vec(title(), 0..6)) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut turned = tags.clone();
        turned.reverse();
        let known = published(&titles);
        prop_assert_eq!(named(&tags, &known, &[]), named(&turned, &known, &[]));
    }

    #[test]
    fn what_is_named_stands_there_and_means_the_title(titles in prop::collection::vec(title(), 0..5), tags in prop::collection::vec(title(), 0..6)) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let read = named(&tags, &published(&titles), &[]);
        for found in &read.matches {
            prop_assert!(tags.contains(&found.tag));
            prop_assert_eq!(loosely(&found.tag), loosely(&found.title));
        }
        let mut assessments: Vec<_> = read.matches.iter().map(|it| it.assessment).collect();
        assessments.sort_unstable();
        assessments.dedup();
        prop_assert_eq!(assessments.len(), read.matches.len(), "each assessment once");
    }

    #[test]
    fn a_unique_title_is_found_and_its_status_tags_are_not(title in "[A-Za-z][A-Za-z -]{0,20}[A-Za-z]") {
        let known = published(&[&title]);
        prop_assert_eq!(named(std::slice::from_ref(&title), &known, &[]).matches.len(), 1);
        let status: Vec<String> = Level::ALL.into_iter().map(|level| level.tag(&title)).collect();
        prop_assert_eq!(named(&status, &known, &[]), Named::default());
    }

    #[test]
    fn what_is_ours_names_nothing(titles in prop::collection::vec(title(), 0..5), tags in prop::collection::vec(title(), 0..6)) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        prop_assert_eq!(named(&tags, &published(&titles), &tags), Named::default());
    }
}
