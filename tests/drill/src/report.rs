//! What a drill says in the end.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::arguments::Plan;
use crate::broken::Broken;
use crate::check::{self, Evidence, Findings};
use crate::chronicle::Deed;
use crate::drill::Drill;

/// The most findings that are told one by one.
const MOST_TOLD: usize = 40;

/// One drill's figures and findings.
#[derive(Debug)]
pub(crate) struct Report {
    plan: Plan,
    rows: Vec<(String, String)>,
    findings: Findings,
    /// Where logs and database are, if they were kept.
    pub(crate) kept: Option<PathBuf>,
}

impl Report {
    /// Of a drill that came to its end.
    pub(crate) fn of(drill: &Drill, evidence: &Evidence, took: Duration) -> Self {
        Self {
            plan: drill.plan.clone(),
            rows: rows(drill, evidence, took),
            findings: check::check(drill, evidence),
            kept: None,
        }
    }

    /// Of one that did not.
    pub(crate) fn broken_off(drill: &Drill, why: &Broken, took: Duration) -> Self {
        let [acknowledged, _, handed_in] = drill.ledger.count();
        let mut findings = Findings::default();
        for oddity in drill.chronicle.oddities() {
            findings.add(oddity);
        }
        findings.add(format!("broken off: {why}"));
        Self {
            plan: drill.plan.clone(),
            rows: vec![
                row("sends answered", acknowledged),
                row("handed in", handed_in),
                row("time", format!("{} s", took.as_secs())),
            ],
            findings,
            kept: None,
        }
    }

    /// Was everything as it should be?
    pub(crate) fn is_good(&self) -> bool {
        self.findings.unexplained.is_empty()
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a figure at hand is given away"
)]
fn row(name: impl Into<String>, value: impl ToString) -> (String, String) {
    (name.into(), value.to_string())
}

fn rows(drill: &Drill, evidence: &Evidence, took: Duration) -> Vec<(String, String)> {
    let (rig, chronicle) = (&drill.rig, &drill.chronicle);
    let [acknowledged, going_on, handed_in] = drill.ledger.count();
    let posts = evidence.heard.iter().filter(|it| it.call == "send_test");
    let patches = || evidence.heard.iter().filter(|it| it.call == "patch");
    let faults = patches().filter(|it| {
        it.note
            .as_deref()
            .is_some_and(|note| note.starts_with("Fault"))
    });
    let accepted = patches().filter(|it| it.status == Some(200));
    let mut rows = vec![
        row("send_test calls", posts.count()),
        row("sends answered", acknowledged),
        row("handed in", format!("{handed_in} of {going_on}")),
        row("mails", evidence.copies.len()),
        row("faults at the mail relay", rig.post.faults()),
        row("PATCHes", patches().count()),
        row("PATCHes accepted", accepted.count()),
        row("faults at Greenhouse", faults.count()),
    ];
    rows.extend(blows(drill));
    if chronicle.read_again() > 0 {
        rows.push(row(
            "reads that broke off, and were made again",
            chronicle.read_again(),
        ));
    }
    if chronicle.brought_forward() > 0 {
        rows.push(row(
            "retries brought forward at the end",
            chronicle.brought_forward(),
        ));
    }
    rows.push(row("time", format!("{} s", took.as_secs())));
    rows
}

fn blows(drill: &Drill) -> Vec<(String, String)> {
    let chronicle = &drill.chronicle;
    let blows = chronicle.blows();
    let count = |wanted: fn(&Deed) -> bool| blows.iter().filter(|blow| wanted(&blow.deed)).count();
    let deeds = [
        ("kills", count(|deed| matches!(deed, Deed::Killed(_)))),
        ("freezes", count(|deed| matches!(deed, Deed::Frozen(_)))),
        (
            "restarts of PostgreSQL",
            count(|deed| matches!(deed, Deed::Halted)),
        ),
        (
            "COMMITs swallowed",
            count(|deed| matches!(deed, Deed::Swallowed)),
        ),
        ("programs started again", chronicle.starts()),
        ("times /readyz answered 503 meanwhile", chronicle.refusals()),
    ];
    let happened = deeds.into_iter().filter(|(_, count)| *count > 0);
    let mut rows: Vec<_> = happened.map(|(name, count)| row(name, count)).collect();
    if let Some(slowest) = chronicle.slowest_ready() {
        let slowest = format!("{} ms at most", slowest.as_millis());
        rows.push(row("until every api was ready again", slowest));
    }
    rows
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan {
            scenario,
            engine,
            seed,
            ..
        } = &self.plan;
        writeln!(f, "\n{} on {}, seed {seed}", scenario.name(), engine.name())?;
        for (name, value) in &self.rows {
            writeln!(f, "  {name:<42} {value:>9}")?;
        }
        for (what, count) in &self.findings.explained {
            writeln!(f, "  with a cause, {count} times: {what}")?;
        }
        let unexplained = &self.findings.unexplained;
        if unexplained.is_empty() {
            return writeln!(f, "  Nothing was lost, and nothing is without a cause.");
        }
        writeln!(f, "  NOT AS IT SHOULD BE:")?;
        for (what, of) in unexplained.iter().take(MOST_TOLD) {
            writeln!(f, "  - {what}")?;
            if let Some(first) = of.first() {
                writeln!(f, "      {} times, first of {first}", of.len())?;
            }
        }
        match &self.kept {
            Some(folder) => writeln!(f, "  Logs and database: {}", folder.display()),
            None => Ok(()),
        }
    }
}
