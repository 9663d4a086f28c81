//! Figures as they stand in `docs/benchmarks.md`, each held against its bar.

/// What a figure has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bar {
    AtLeast(f64),
    AtMost(f64),
}

impl Bar {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(bar) => figure >= bar,
            Self::AtMost(bar) => figure <= bar,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtLeast(bar) => format!("at least {bar}"),
            Self::AtMost(bar) => format!("at most {bar}"),
        }
    }
}

/// The word for a figure beside its bar.
pub(crate) fn verdict(bar: Bar, figure: f64) -> &'static str {
    if bar.holds(figure) {
        "pass"
    } else {
        "**miss**"
    }
}

/// A table in Markdown, printed row by row.
pub(crate) fn head(columns: &[&str]) {
    row(&columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    say(&format!("|{}", "---|".repeat(columns.len())));
}

pub(crate) fn row(cells: &[String]) {
    say(&format!("| {} |", cells.join(" | ")));
}

/// The last two cells of a row: the bar, and whether the figure holds it.
pub(crate) fn judged(bar: Bar, figure: f64) -> [String; 2] {
    [bar.words(), verdict(bar, figure).to_owned()]
}

#[expect(clippy::print_stdout, reason = "the report is what the bench is for")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// What is going on, for whoever watches; not part of the report.
#[expect(clippy::print_stderr, reason = "the report goes to standard output")]
pub(crate) fn note(line: &str) {
    eprintln!("== {line}");
}

/// The value in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 0.5)
}

/// The value that a share of the values (0.5 = half) does not exceed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a length far below 2^52"
)]
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted
        .get(place.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}

/// `1.23 (1.10–1.40)`: the middle of several ratios, and how far they lie apart.
pub(crate) fn spread(ratios: &[f64]) -> String {
    let (low, high) = (percentile(ratios, 0.0), percentile(ratios, 1.0));
    format!("**{:.2}** ({low:.2}–{high:.2})", median(ratios))
}
