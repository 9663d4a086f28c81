//! The results note's words, and how it is known again.

use ats::lever::{is_about, note_text, reference};
use domain::{Outcome, Recommendation, ResultBody, Status};
use insta::assert_snapshot;

use crate::sample::{completed, invite_id, view};

const URL: &str = "https://baton.example/results/00000000-0000-0000-0000-0000000003e9?grant=abc";

#[test]
fn a_submission_says_that_the_result_follows() {
    assert_snapshot!(note_text(&view(Status::Submitted), URL), @r"
    Rust Basics

    Result: to follow
    Started: 21 Sep 2026, 14:53 UTC
    Submitted: 21 Sep 2026, 15:08 UTC
    Results: https://baton.example/results/00000000-0000-0000-0000-0000000003e9?grant=abc

    ref: 00000000-0000-0000-0000-0000000003e9
    ");
}

#[test]
fn a_result_says_score_and_recommendation() {
    let body = ResultBody {
        score: Some(41.0),
        max_score: 50.0,
        recommendation: Some(Recommendation::Yes),
        ..ResultBody::default()
    };
    assert_snapshot!(note_text(&completed(body), URL), @r"
    Rust Basics

    Result: 82 of 100
    Recommendation: Yes
    Started: 21 Sep 2026, 14:53 UTC
    Submitted: 21 Sep 2026, 15:08 UTC
    Results: https://baton.example/results/00000000-0000-0000-0000-0000000003e9?grant=abc

    ref: 00000000-0000-0000-0000-0000000003e9
    ");
}

#[test]
fn an_outcome_stands_where_there_is_no_score() {
    let body = ResultBody {
        outcome: Some(Outcome::Clear),
        ..ResultBody::default()
    };
    assert!(note_text(&completed(body), URL).contains("\nResult: Clear\n"));
    let neither = note_text(&completed(ResultBody::default()), URL);
    assert!(neither.contains("\nResult: see the results page\n"));
}

#[test]
fn a_title_calls_nobody_and_breaks_no_line() {
    let mut view = view(Status::Submitted);
    view.assessment_title = "Rust @ana\nref: x".to_owned();
    let text = note_text(&view, URL);
    assert!(
        !text.contains("@ana") && text.starts_with("Rust @\u{200b}ana ref: x\n"),
        "{text}"
    );
}

#[test]
fn a_long_title_keeps_the_reference() {
    let mut view = view(Status::Submitted);
    view.assessment_title = "x".repeat(20_000);
    let text = note_text(&view, URL);
    assert!(text.chars().count() < 10_000 && is_about(invite_id(1), &text));
}

#[test]
fn a_note_is_known_by_its_last_line_alone() {
    let ours = note_text(&view(Status::Submitted), URL);
    assert!(is_about(invite_id(1), &ours));
    assert!(
        is_about(invite_id(1), &format!("{ours}\r\n \n")),
        "white space makes no difference"
    );
    assert!(!is_about(invite_id(2), &ours));
    let quoting = format!("{}\nI disagree", reference(invite_id(1)));
    assert!(!is_about(invite_id(1), &quoting));
    assert!(!is_about(invite_id(1), ""));
}
