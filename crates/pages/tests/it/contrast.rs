//! The colours of the style sheet can be read, in both themes.

use std::collections::HashMap;

const SHEET: &str = include_str!("../../assets/baton.css");

/// Foreground, background, and the least contrast: 4.5 for text, 3 for controls.
const PAIRS: [(&str, &str, f64); 17] = [
    ("ink", "paper", 4.5),
    ("ink", "paper-2", 4.5),
    ("ink-2", "paper", 4.5),
    ("ink-2", "paper-2", 4.5),
    ("accent", "paper", 4.5),
    ("accent", "paper-2", 4.5),
    ("on-accent", "accent", 4.5),
    ("good", "paper", 4.5),
    ("warn", "paper", 4.5),
    ("bad", "paper", 4.5),
    ("edge", "paper", 3.0),
    ("edge", "paper-2", 3.0),
    // A badge: the colour on its own tint.
    ("good", "good", 4.5),
    ("warn", "warn", 4.5),
    ("bad", "bad", 4.5),
    ("accent", "accent", 4.5),
    ("ink-2", "ink-2", 4.5),
];

#[test]
fn every_colour_can_be_read_on_what_it_stands_on() {
    for (theme, tokens) in [
        ("light", tokens(":root {")),
        ("dark", tokens(":root[data-theme=\"dark\"] {")),
    ] {
        let tint = tokens["tint"]
            .trim_end_matches('%')
            .parse::<f64>()
            .expect("a share")
            / 100.0;
        for (front, back, least) in PAIRS {
            let front_colour = colour(&tokens[front]);
            let back_colour = if front == back {
                mix(front_colour, colour(&tokens["paper"]), tint)
            } else {
                colour(&tokens[back])
            };
            let found = contrast(front_colour, back_colour);
            assert!(
                found >= least,
                "{theme}: {front} on {back} has {found:.2}, needs {least}"
            );
        }
    }
}

#[test]
fn the_switch_and_the_system_give_the_same_dark_colours() {
    let by_system = tokens(":root:not([data-theme=\"light\"]) {");
    assert_eq!(by_system, tokens(":root[data-theme=\"dark\"] {"));
}

fn tokens(opening: &str) -> HashMap<String, String> {
    let start = SHEET.find(opening).expect("the theme stands in the sheet") + opening.len();
    let block = SHEET[start..].split('}').next().expect("a block");
    let lines = block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
    lines
        .map(|(name, value)| (name.to_owned(), value.trim_end_matches(';').to_owned()))
        .collect()
}

fn colour(hex: &str) -> [f64; 3] {
    let number = u32::from_str_radix(hex.trim_start_matches('#'), 16).expect("a hex colour");
    [number >> 16, number >> 8 & 255, number & 255].map(f64::from)
}

fn mix(front: [f64; 3], back: [f64; 3], share: f64) -> [f64; 3] {
    std::array::from_fn(|at| front[at] * share + back[at] * (1.0 - share))
}

/// WCAG 2: relative luminance, and the ratio of two.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
