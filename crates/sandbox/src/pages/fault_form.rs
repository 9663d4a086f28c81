//! The form that sets faults, the same for every system.

use super::Choice;
use super::form::Form;
use crate::faults::{Chance, Fault, Faults, Play};

const KINDS: [(&str, &str); 13] = [
    ("off", "No fault"),
    ("429", "Answer 429 with Retry-After"),
    ("429-bare", "Answer 429 without Retry-After"),
    ("500", "Answer 500"),
    ("503", "Answer 503"),
    ("401", "Answer 401: credential refused"),
    ("403", "Answer 403: not allowed"),
    ("slow", "Answer late"),
    ("hang", "Hang, then break the connection"),
    ("reset", "Reset the connection"),
    ("truncated", "Cut the JSON in half"),
    ("not_json", "Answer 502 with HTML"),
    ("redirect", "Answer 301 to another place"),
];

/// What can be chosen.
pub(super) fn kinds() -> Vec<Choice> {
    Choice::among(&KINDS, "off")
}

/// What the form sets.
pub(super) fn read(form: &Form) -> Faults {
    let Some(play) = play(form) else {
        return Faults::default();
    };
    let fault = Fault {
        play,
        times: form.number("times"),
        calls: Vec::new(),
        opportunity_id: None,
        takes_effect: form.ticked("takes_effect"),
    };
    match form.number("percent") {
        Some(percent) if percent < 100 => Faults {
            next: None,
            chance: Some(Chance {
                percent,
                faults: vec![Fault {
                    times: None,
                    ..fault
                }],
                seed: 0,
                calls: Vec::new(),
            }),
        },
        _ => Faults {
            next: Some(fault),
            chance: None,
        },
    }
}

fn play(form: &Form) -> Option<Play> {
    let seconds: u64 = form.number("seconds").unwrap_or(2);
    let milliseconds = seconds.saturating_mul(1_000);
    Some(match form.text("kind") {
        "slow" => Play::Slow { milliseconds },
        "hang" => Play::Hang { milliseconds },
        "reset" => Play::Reset,
        "truncated" => Play::Truncated,
        "not_json" => Play::NotJson,
        "redirect" => Play::Redirect { location: None },
        "429" => Play::Status {
            status: 429,
            retry_after: Some(seconds.to_string()),
        },
        other => Play::Status {
            status: other.split('-').next()?.parse().ok()?,
            retry_after: None,
        },
    })
}
