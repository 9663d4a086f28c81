//! The notes in a candidate's feed: their words, and how they are known again.

use std::fmt::Display;

use chrono::{Datelike as _, NaiveDate};
use domain::{Interview, InviteView, ReferralId};

use crate::words;

/// What an interviewer reported, in the words that recruiters know from the vendor (seed 001); ends with the line by which it is
/// found again.
pub fn referral_note(platform: &str, interview: &Interview, referral: ReferralId) -> String {
    let (who, day) = (&interview.interviewer_name, day(interview.interviewed_on));
    let mut parts = vec![format!(
        "Interviewed on {platform} by {who} on {day} (all numeric scores out of 4, where 4 is best):"
    )];
    let scores = interview.scores.iter();
    parts.extend(scores.map(|it| format!("{}: {}", it.name, number(it.score))));
    if !interview.comments.is_empty() {
        parts.push(format!("Freeform feedback: \"{}\"", interview.comments));
    }
    parts.push(reference(referral));
    parts.join("\n\n")
}

/// What came of an invite, as its result in `view` has it; ends with the line by which it is found again.
pub fn result_note(view: &InviteView, result_url: &str) -> String {
    let mut lines = vec![view.assessment_title.clone(), String::new()];
    if let Some(revision) = view.final_result() {
        lines.push(format!("Result: {}", words::outcome(&revision.body)));
        let advice = revision.body.recommendation;
        lines.extend(advice.map(|advice| format!("Recommendation: {}", advice.words())));
    }
    lines.push(format!("Results: {result_url}"));
    format!("{}\n\n{}", lines.join("\n"), result_reference(view))
}

/// The closing line of [`result_note`].
pub fn result_reference(view: &InviteView) -> String {
    reference(format!("{} r{}", view.invite.id, view.revision()))
}

/// The closing line: in no other note.
pub fn reference(of: impl Display) -> String {
    format!("ref: {of}")
}

/// Is this the note that ends with `reference`? White space and tags that Greenhouse adds make no difference.
pub fn is_note(text: &str, reference: &str) -> bool {
    let text = text
        .replace("<br>", "\n")
        .replace("<br/>", "\n")
        .replace("</p>", "\n");
    let last = text.lines().map(plain).rfind(|line| !line.is_empty());
    last.is_some_and(|line| line == reference)
}

fn plain(line: &str) -> &str {
    line.trim().trim_start_matches("<p>").trim()
}

/// M/D/YY, without leading zeros.
fn day(day: NaiveDate) -> String {
    let year = day.year().rem_euclid(100);
    format!("{}/{}/{year:02}", day.month(), day.day())
}

/// At most two decimals, and none where it is whole.
fn number(score: f64) -> String {
    let text = format!("{score:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use domain::InterviewScore;
    use proptest::prelude::*;

    use super::*;

    fn interview(scores: &[(&str, f64)]) -> Interview {
        let scores = scores.iter().map(|(name, score)| InterviewScore {
            name: (*name).to_owned(),
            score: *score,
        });
        Interview {
            interviewer_name: "Interviewer Name".into(),
            interviewed_on: NaiveDate::from_ymd_opt(2017, 9, 28).expect("a day"),
            scores: scores.collect(),
            comments: "Really good overall!".into(),
        }
    }

    fn id() -> ReferralId {
        ReferralId(uuid::Uuid::from_u128(
            0x0192_0000_0000_7000_8000_0000_0000_0001,
        ))
    }

    #[test]
    fn the_note_has_the_form_that_the_vendor_promises() {
        let told = interview(&[
            ("Technical skills", 4.0),
            ("Communication skills", 3.0),
            ("Problem solving ability", 3.5),
        ]);
        insta::assert_snapshot!(referral_note("Interviews", &told, id()));
    }

    #[test]
    fn without_words_of_the_interviewer_none_are_quoted() {
        let told = Interview {
            comments: String::new(),
            ..interview(&[])
        };
        insta::assert_snapshot!(referral_note("Interviews", &told, id()));
    }

    #[test]
    fn days_and_scores_are_written_short() {
        for (year, month, of_month, text) in [
            (2017, 9, 28, "9/28/17"),
            (2026, 11, 5, "11/5/26"),
            (2009, 1, 1, "1/1/09"),
            (2000, 12, 31, "12/31/00"),
        ] {
            let date = NaiveDate::from_ymd_opt(year, month, of_month).expect("a day");
            assert_eq!(day(date), text);
        }
        for (score, text) in [(4.0, "4"), (3.5, "3.5"), (2.25, "2.25"), (10.0, "10")] {
            assert_eq!(number(score), text);
        }
    }

    #[test]
    fn a_note_is_known_by_its_last_line_alone() {
        let last = reference("7 r1");
        for text in [
            "a\n\nref: 7 r1",
            "ref: 7 r1 \n ",
            "<p>a</p><p>ref: 7 r1</p>",
            "a<br>ref: 7 r1",
        ] {
            assert!(is_note(text, &last), "{text}");
        }
        for text in ["ref: 7 r1\na", "ref: 7 r12", "see ref: 7 r1", "", "ref: 7"] {
            assert!(!is_note(text, &last), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_was_said_the_last_line_is_the_reference(comments in "\\PC{0,200}", name in "\\PC{1,20}", score in 1.0..4.0) {
            let told = Interview { comments, ..interview(&[(&name, score)]) };
            let note = referral_note("Interviews", &told, id());
            let last = reference(id());
            prop_assert_eq!(note.lines().last(), Some(last.as_str()));
        }
    }
}
