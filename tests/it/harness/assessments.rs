//! Assessments to send, as `/v1` takes them.

use serde_json::{Value, json};

/// One in the vendor's own runner: what becomes of it is reported.
pub(crate) fn external(title: &str) -> Value {
    json!({
        "title": title,
        "kind": "external",
        "external": { "launch_url": "https://runner.example/start" },
    })
}

/// One that scores itself.
pub(crate) fn choices(title: &str) -> Value {
    json!({
        "title": title,
        "questions": [{
            "kind": "single_choice",
            "prompt": "Two and two?",
            "choices": [{ "text": "Four", "correct": true }, { "text": "Five" }],
        }],
    })
}

/// One that people grade: a choice for 2 points, a text for 8.
pub(crate) fn written(title: &str) -> Value {
    json!({
        "title": title,
        "competencies": [{ "key": "clarity", "name": "Clarity" }],
        "questions": [
            {
                "kind": "single_choice",
                "prompt": "Two and two?",
                "points": 2,
                "choices": [{ "text": "Four", "correct": true }, { "text": "Five" }],
            },
            { "kind": "long_text", "prompt": "Why?", "points": 8, "competency": "clarity" },
        ],
    })
}
