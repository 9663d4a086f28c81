//! What candidates are asked in these tests.

use serde_json::{Value, json};

/// Five sums that score themselves, each with its right and a wrong answer.
pub(super) const SUMS: [(&str, &str, &str); 5] = [
    ("One and one?", "Two", "Eleven"),
    ("Two and two?", "Four", "Twenty-two"),
    ("Three and three?", "Six", "Thirty-three"),
    ("Four and four?", "Eight", "Forty-four"),
    ("Five and five?", "Ten", "Fifty-five"),
];

/// An assessment of the five sums.
pub(super) fn sums(title: &str) -> Value {
    let question = |(prompt, right, wrong): (&str, &str, &str)| {
        json!({
            "kind": "single_choice",
            "prompt": prompt,
            "choices": [{ "text": right, "correct": true }, { "text": wrong }],
        })
    };
    json!({
        "title": title,
        "description_html": "<p>Five sums, no tricks.</p>",
        "questions": SUMS.map(question),
    })
}

/// One question of each kind: 10 points in all, of which people give 6.
pub(super) fn all_kinds(title: &str) -> Value {
    json!({
        "title": title,
        "description_html": "<p>What you would do on an ordinary day.</p>",
        "competencies": [{ "key": "craft", "name": "Craft" }],
        "questions": [
            {
                "kind": "single_choice",
                "prompt": "Which of these is a fruit?",
                "points": 2,
                "choices": [{ "text": "Apple", "correct": true }, { "text": "Anvil" }],
            },
            {
                "kind": "multiple_choice",
                "prompt": "Which of these are rivers?",
                "points": 2,
                "choices": [
                    { "text": "Danube", "correct": true },
                    { "text": "Vistula", "correct": true },
                    { "text": "Matterhorn" },
                ],
            },
            { "kind": "short_text", "prompt": "Your favourite shell?", "points": 1 },
            { "kind": "long_text", "prompt": "How do you review a change?", "points": 3, "competency": "craft" },
            { "kind": "code", "prompt": "Write a loop.", "points": 2, "competency": "craft" },
        ],
    })
}
