//! Holds what was answered against what is there now, and what each side saw. Whatever does not fit has a cause among the
//! deeds of the drill, or is a finding.

mod answers;
mod mails;
mod order;
mod programs;
mod queue;
mod results;
mod sends;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::broken::{Broken, Result, broken};
use crate::chronicle::Blow;
use crate::drill::Drill;
use crate::ledger::Entry;
use crate::rig::{Copy, Heard};

/// From a far side's yes until Baton has noted it, on a busy machine and with a far side that answers slowly: who is hit
/// within it may not have noted it.
const NOTES_WITHIN: TimeDelta = TimeDelta::seconds(6);

/// Everything that is known at the end.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) copies: Vec<Copy>,
    pub(crate) heard: Vec<Heard>,
    pub(crate) blows: Vec<Blow>,
    /// Greenhouse's side, by the id of the test.
    pub(crate) tests: HashMap<u64, Value>,
    /// Baton's side: each customer's invites, by id.
    pub(crate) invites: Vec<HashMap<String, Value>>,
    /// Each invite's timeline, oldest first.
    pub(crate) timelines: HashMap<String, Vec<Value>>,
}

/// What the checks found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// What has no cause, and of which invites or programs it was found.
    pub(crate) unexplained: BTreeMap<String, Vec<String>>,
    /// What has one, by cause, and how often.
    pub(crate) explained: BTreeMap<String, usize>,
}

impl Findings {
    /// `what` was found, of nobody in particular.
    pub(crate) fn add(&mut self, what: impl Into<String>) {
        self.unexplained.entry(what.into()).or_default();
    }

    /// `what` was found of `subject`.
    pub(crate) fn add_of(&mut self, subject: impl Into<String>, what: impl Into<String>) {
        let subjects = self.unexplained.entry(what.into()).or_default();
        subjects.push(subject.into());
    }

    fn explain(&mut self, what: impl Into<String>) {
        *self.explained.entry(what.into()).or_default() += 1;
    }
}

/// Reads both sides.
pub(crate) async fn gather(drill: &Drill) -> Result<Evidence> {
    // First: what broke off a read of Greenhouse's is read once more, and Baton's receipt tells of it.
    let tests = results::read_again(drill).await?;
    let (rig, ledger) = (&drill.rig, &drill.ledger);
    let entries = ledger.entries();
    let mut invites = Vec::new();
    for customer in &rig.customers {
        let listed = rig.vendor.list(&customer.platform_key, "invites").await?;
        let id = |invite: &Value| invite["id"].as_str().unwrap_or_default().to_owned();
        invites.push(listed.into_iter().map(|it| (id(&it), it)).collect());
    }
    Ok(Evidence {
        timelines: timelines(drill, &entries).await?,
        tests,
        heard: ledger.heard(),
        copies: ledger.copies(),
        blows: drill.chronicle.blows(),
        entries,
        invites,
    })
}

/// Reads at a time.
const READS_AT_ONCE: usize = 8;

async fn timelines(
    drill: &Drill,
    entries: &BTreeMap<String, Entry>,
) -> Result<HashMap<String, Vec<Value>>> {
    let read = |entry: Entry| {
        let vendor = drill.rig.vendor.clone();
        let key = drill.rig.customers[entry.customer].platform_key.clone();
        async move {
            let path = format!("invites/{}/timeline", entry.interview);
            let mut timeline = vendor.list(&key, &path).await?;
            timeline.reverse();
            Ok::<_, Broken>((entry.interview, timeline))
        }
    };
    let mut reads = JoinSet::new();
    let mut timelines = HashMap::new();
    for entry in entries.values() {
        reads.spawn(read(entry.clone()));
        if reads.len() >= READS_AT_ONCE {
            timelines.extend(next(&mut reads).await?);
        }
    }
    while let Some(timeline) = next(&mut reads).await? {
        timelines.extend([timeline]);
    }
    Ok(timelines)
}

async fn next<T: 'static>(reads: &mut JoinSet<Result<T>>) -> Result<Option<T>> {
    match reads.join_next().await {
        Some(Ok(read)) => read.map(Some),
        Some(Err(error)) => broken(format!("a read did not end: {error}")),
        None => Ok(None),
    }
}

/// Every check.
pub(crate) fn check(drill: &Drill, evidence: &Evidence) -> Findings {
    let mut findings = Findings::default();
    for oddity in drill.chronicle.oddities() {
        findings.add(oddity);
    }
    of_both_sides(drill.plan.sends, evidence, &mut findings);
    queue::check(drill, &mut findings);
    programs::check(drill, &mut findings);
    findings
}

/// What can be seen from outside.
fn of_both_sides(sends: usize, evidence: &Evidence, findings: &mut Findings) {
    sends::check(sends, evidence, findings);
    mails::check(evidence, findings);
    results::check(evidence, findings);
    order::check(evidence, findings);
    answers::check(evidence, findings);
}
