//! How numbers and moments are written for people, where an ATS shows texts as they are.

use chrono::{DateTime, Utc};
use domain::ResultBody;

/// "25 Nov 2026, 19:54 UTC": a moment with its zone.
pub(crate) fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// "82 of 100", the outcome in a word, or both.
pub(crate) fn outcome(body: &ResultBody) -> String {
    let score = body.percent().map(|score| format!("{score} of 100"));
    let word = body.outcome.map(|outcome| outcome.words().to_owned());
    match (score, word) {
        (Some(score), Some(word)) => format!("{score}, {word}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "see the results page".to_owned(),
    }
}
